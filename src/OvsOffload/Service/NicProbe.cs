using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Service;

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

    /// <summary>Over sockets of its own.</summary>
    public NicProbe(HostPaths paths)
        : this(paths, new GenericSession(), new NetlinkSocket(NetlinkProtocol.Route))
    {
    }

    /// <summary>The PFs of a host.</summary>
    /// <exception cref="CollectorException">They could not be listed when the host was read.</exception>
    public async Task<ImmutableArray<NicFacts>> NicsAsync(
        HostState host, ImmutableDictionary<PciAddress, NicIntent> wanted, CancellationToken cancellation)
    {
        ImmutableArray<PhysicalFunction> functions = Listed(host);
        if (functions.IsEmpty)
        {
            return [];
        }

        Reading<bool> present = await Reads.TryAsync(() => generic.Devlink.IsPresentAsync(cancellation));
        DevlinkFacts devlink = await DevlinkFacts.ReadAsync(generic.Devlink, present, cancellation);
        Reading<IReadOnlyList<Link>> links = await LinksAsync(cancellation);
        var nics = ImmutableArray.CreateBuilder<NicFacts>();
        foreach (PhysicalFunction pf in functions)
        {
            var handle = DevlinkHandle.Pci(pf.Address.ToString());
            bool known = devlink.Devices.ValueOrDefault()?.Contains(handle) ?? false;
            string directory = _functions.DirectoryOf(pf.Address);
            nics.Add(new NicFacts
            {
                Address = pf.Address,
                Device = FunctionPorts.Uplink(pf.Address, devlink.Ports.ValueOr([]), links.ValueOr([]))?.Name,
                Model = pf.Model.Name,
                Driver = pf.Driver,
                Firmware = pf.Firmware,
                NumaNode = pf.NumaNode,
                Vfs = paths.Files.Number<int>(Path.Combine(directory, "sriov_numvfs")),
                VfLimit = paths.Files.Number<int>(Path.Combine(directory, "sriov_totalvfs")),
                Eswitch = known
                    ? await Reads.TryAsync(() => generic.Devlink.EswitchAsync(handle, cancellation))
                    : devlink.Devices.Then(_ => Reading.Absent<DevlinkEswitch>("the driver does not support devlink")),
                Functions = Functions(pf.Address, devlink.Ports, links),
                Health = devlink.Health.Map<IReadOnlyList<DevlinkHealthReporter>>(
                    all => [.. all.Where(reporter => reporter.Handle == handle)]),
                Wanted = wanted.GetValueOrDefault(pf.Address),
            });
        }

        return nics.ToImmutable();
    }

    /// <summary>The representors of a host with their counters, all read in one dump.</summary>
    /// <param name="host">The host.</param>
    /// <param name="bridges">The bridge of each port of Open vSwitch.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="CollectorException">The PFs, or the representors of one, could not be listed.</exception>
    /// <exception cref="NetlinkException">The counters could not be read.</exception>
    public async Task<ImmutableArray<RepresentorFacts>> RepresentorsAsync(
        HostState host, IReadOnlyDictionary<string, string> bridges, CancellationToken cancellation)
    {
        ImmutableArray<PhysicalFunction> functions = Listed(host);
        if (functions.IsEmpty)
        {
            return [];
        }

        Reading<IReadOnlyList<DevlinkPort>> ports = await Reads.TryAsync(() => PortsAsync(cancellation));
        Reading<IReadOnlyList<Link>> links = await LinksAsync(cancellation);
        var found = functions
            .SelectMany(
                pf => Functions(pf.Address, ports, links).OrNothing($"representors of {pf}") ?? [],
                (pf, port) => (pf.Address, Port: port))
            .Where(one => one.Port.Device is not null)
            .ToArray();
        if (found.Length == 0)
        {
            return [];
        }

        IReadOnlyDictionary<int, LinkCounters> counters = await new LinkStatistics(route).ReadAsync(cancellation);
        return
        [
            .. found.Select(one => new RepresentorFacts(
                one.Address,
                one.Port,
                bridges.GetValueOrDefault(one.Port.Device!.Name),
                counters.TryGetValue(one.Port.Device.Index, out LinkCounters count) ? count : null)),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        generic.Dispose();
        (route as IDisposable)?.Dispose();
    }

    private static ImmutableArray<PhysicalFunction> Listed(HostState host) =>
        host.PhysicalFunctions.OrNone("physical functions") ?? [];

    private Task<Reading<IReadOnlyList<Link>>> LinksAsync(CancellationToken cancellation) =>
        Reads.TryAsync(() => new Links(route).AllAsync(cancellation));

    private async Task<IReadOnlyList<DevlinkPort>> PortsAsync(CancellationToken cancellation) =>
        await generic.Devlink.IsPresentAsync(cancellation) ? await generic.Devlink.PortsAsync(cancellation) : [];

    /// <summary>Without devlink the links alone tell.</summary>
    private static Reading<IReadOnlyList<FunctionPort>> Functions(
        PciAddress pf, Reading<IReadOnlyList<DevlinkPort>> ports, Reading<IReadOnlyList<Link>> links) => ports.IsFailed
        ? Reading.Failed<IReadOnlyList<FunctionPort>>(ports.Why)
        : links.Map(all => FunctionPorts.Functions(pf, ports.ValueOr([]), all));
}
