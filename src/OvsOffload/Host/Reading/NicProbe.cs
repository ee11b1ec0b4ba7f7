using System.Collections.Immutable;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// Reads at the moment of a scrape what changes of NICs and is cheap to read: counts of VFs, the mode, representors and
/// their counters. What does not change (model, driver, firmware) is taken from the last reading of the whole host.
/// Its sockets are its own, because a change of mode keeps the one that it goes over busy for seconds.
/// </summary>
/// <param name="paths">The host's trees.</param>
/// <param name="generic">Generic netlink; disposed with it.</param>
/// <param name="route">A channel of rtnetlink; disposed with it where it is a socket.</param>
internal sealed class NicProbe(HostPaths paths, GenericSession generic, INetlinkChannel route) : IDisposable
{
    private readonly PciFunctions _functions = new(paths);

    /// <summary>Over channels of its own.</summary>
    public NicProbe(HostPaths paths, INetlinkOpener netlink)
        : this(paths, new GenericSession(netlink), netlink.Open(NetlinkProtocol.Route))
    {
    }

    /// <summary>
    /// The PFs of a host, and those that the configuration names by an address where there is none; failed where they
    /// could not be listed when the host was read.
    /// </summary>
    public async Task<Reading<ImmutableArray<NicFacts>>> NicsAsync(Observation host, CancellationToken cancellation)
    {
        Reading<ImmutableArray<PhysicalFunction>> listed = Listed(host.State);
        if (!listed.TryGet(out ImmutableArray<PhysicalFunction> functions) || functions.IsEmpty)
        {
            return listed.Map<ImmutableArray<NicFacts>>(_ => [.. NeverFound(host)]);
        }

        Reading<bool> present = await SafeRead.TryAsync(() => generic.Devlink.IsPresentAsync(cancellation));
        DevlinkFacts devlink = await DevlinkSource.ReadAsync(generic.Devlink, present, cancellation);
        Reading<IReadOnlyList<Link>> links = await LinksAsync(cancellation);
        ImmutableArray<NicFacts>.Builder nics = ImmutableArray.CreateBuilder<NicFacts>();
        foreach (PhysicalFunction pf in functions)
        {
            // It may have gone since the host was read, and what is left of it would look like a NIC without e-switch.
            if (!_functions.IsThere(pf.Address).ValueOr(true))
            {
                nics.Add(NicFacts.Gone(pf.Address, host.IntentOf(pf)));
                continue;
            }

            var handle = DevlinkHandle.Pci(pf.Address.ToString());
            bool known = devlink.Has(handle);
            VfCounts vfs = _functions.ReadVfCounts(pf.Address);
            nics.Add(new NicFacts
            {
                Address = pf.Address,
                Device = FunctionPorts.Uplink(pf.Address, devlink.Ports.ValueOr([]), links.ValueOr([]))?.Name,
                Model = pf.Model.Name,
                Driver = _functions.ReadDriver(pf.Address).Match<string?>(name => name, _ => null, _ => pf.Driver),
                Firmware = pf.Firmware,
                NumaNode = pf.NumaNode,
                Vfs = vfs.Now,
                VfLimit = vfs.Limit,
                Eswitch = known
                    ? await SafeRead.TryAsync(() => generic.Devlink.EswitchAsync(handle, cancellation))
                    : devlink.Devices.Then(_ => Reading.Absent<DevlinkEswitch>("the driver does not support devlink")),
                Functions = Functions(pf.Address, devlink.Ports, links),
                Health = devlink.Health.Map<IReadOnlyList<DevlinkHealthReporter>>(
                    all => [.. all.Where(reporter => reporter.Handle == handle)]),
                Intent = host.IntentOf(pf),
            });
        }

        nics.AddRange(NeverFound(host));
        return Reading.Known(nics.ToImmutable());
    }

    /// <summary>The representors of a host with their counters, all read in one dump.</summary>
    /// <param name="host">The host.</param>
    /// <param name="bridges">The bridge of each port of Open vSwitch.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Failed where the PFs, the representors of one, or the counters could not be read.</returns>
    public async Task<Reading<ImmutableArray<RepresentorFacts>>> RepresentorsAsync(
        HostState host, IReadOnlyDictionary<string, string> bridges, CancellationToken cancellation)
    {
        Reading<ImmutableArray<PhysicalFunction>> listed = Listed(host);
        if (!listed.TryGet(out ImmutableArray<PhysicalFunction> functions) || functions.IsEmpty)
        {
            return listed.Map(_ => ImmutableArray<RepresentorFacts>.Empty);
        }

        Reading<IReadOnlyList<DevlinkPort>> ports = await SafeRead.TryAsync(() => PortsAsync(cancellation));
        Reading<IReadOnlyList<Link>> links = await LinksAsync(cancellation);
        var found = new List<(PciAddress Pf, FunctionPort Port, Link Device)>();
        foreach (PhysicalFunction pf in functions)
        {
            Reading<IReadOnlyList<FunctionPort>> own = Functions(pf.Address, ports, links);
            if (own.IsFailed)
            {
                return Reading.Failed<ImmutableArray<RepresentorFacts>>($"representors of {pf}: {own.Why}");
            }

            found.AddRange(own.ValueOr([]).Where(port => port.Device is not null)
                .Select(port => (pf.Address, port, port.Device!)));
        }

        if (found.Count == 0)
        {
            return Reading.Known(ImmutableArray<RepresentorFacts>.Empty);
        }

        return (await SafeRead.TryAsync(() => new LinkStatistics(route).ReadAsync(cancellation)))
            .Map<ImmutableArray<RepresentorFacts>>(counters =>
            [
                .. found.Select(one => new RepresentorFacts(
                    one.Pf,
                    one.Port,
                    bridges.GetValueOrDefault(one.Device.Name),
                    counters.TryGetValue(one.Device.Index, out LinkCounters count) ? count : null)),
            ]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        generic.Dispose();
        (route as IDisposable)?.Dispose();
    }

    /// <summary>
    /// PFs of the configuration that were not there when the host was read. One that it names otherwise than by its
    /// address has none.
    /// </summary>
    private static IEnumerable<NicFacts> NeverFound(Observation host) => host.Intent.Nics
        .Where(nic => nic is { Managed: Management.Full, Pf.Kind: PfReferenceKind.PciAddress }
            && host.State.Find(nic.Pf) is null)
        .Select(nic => NicFacts.Gone(PciAddress.Parse(nic.Pf.Value), nic))
        .DistinctBy(nic => nic.Address);

    private static Reading<ImmutableArray<PhysicalFunction>> Listed(HostState host) => host.PhysicalFunctions.Match(
        Reading.Known,
        _ => Reading.Known(ImmutableArray<PhysicalFunction>.Empty),
        why => Reading.Failed<ImmutableArray<PhysicalFunction>>($"physical functions: {why}"));

    private Task<Reading<IReadOnlyList<Link>>> LinksAsync(CancellationToken cancellation) =>
        SafeRead.TryAsync(() => new Links(route).AllAsync(cancellation));

    private async Task<IReadOnlyList<DevlinkPort>> PortsAsync(CancellationToken cancellation) =>
        await generic.Devlink.IsPresentAsync(cancellation) ? await generic.Devlink.PortsAsync(cancellation) : [];

    /// <summary>Without devlink the links alone tell.</summary>
    private static Reading<IReadOnlyList<FunctionPort>> Functions(
        PciAddress pf, Reading<IReadOnlyList<DevlinkPort>> ports, Reading<IReadOnlyList<Link>> links) => ports.IsFailed
        ? Reading.Failed<IReadOnlyList<FunctionPort>>(ports.Why)
        : links.Map(all => FunctionPorts.Functions(pf, ports.ValueOr([]), all));
}
