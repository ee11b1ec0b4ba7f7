using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// Reads the bonds of the own namespace: the kernel's view, the NIC's, and the rules on their shared blocks.
/// </summary>
internal sealed class BondSource(HostPaths paths, RouteSession route)
{
    /// <summary>
    /// So many filters of a block are looked at one by one, some 10 MB of netlink; a terse dump does not tell how many
    /// e-switches took each.
    /// </summary>
    private const int MaxRules = 20_000;

    private const string NotRead = "not read";

    /// <summary>Whether the rules on shared blocks are looked at, which costs a dump of them.</summary>
    public bool ReadsRules { get; init; } = true;

    /// <summary>Reads all of them; failed when the links could not be listed.</summary>
    public async Task<Reading<ImmutableArray<BondState>>> ReadAsync(
        Reading<IReadOnlyList<Link>> links,
        Reading<ImmutableArray<NetDevice>> devices,
        Reading<ImmutableArray<PhysicalFunction>> functions,
        KernelState kernel,
        CancellationToken cancellation)
    {
        if (!links.IsKnown || !devices.IsKnown)
        {
            return Reading.Failed<ImmutableArray<BondState>>(links.IsKnown ? devices.Why : links.Why);
        }

        Link[] bonds = [.. links.Value.Where(link => link.Bond is not null).OrderBy(link => link.Index)];
        if (bonds.Length == 0)
        {
            return Reading.Known(ImmutableArray<BondState>.Empty);
        }

        if (functions.IsFailed)
        {
            return Reading.Failed<ImmutableArray<BondState>>(
                $"cannot determine which ports are bond members: {functions.Why}");
        }

        ImmutableArray<PhysicalFunction> pfs = functions.ValueOr([]);

        Reading<IReadOnlyList<IngressQdisc>> qdiscs = ReadsRules
            ? await SafeRead.TryAsync(() => route.TrafficControl.IngressQdiscsAsync(cancellation))
            : Reading.Failed<IReadOnlyList<IngressQdisc>>(NotRead);
        var byIndex = devices.Value.ToDictionary(device => device.Index);
        ImmutableArray<BondState>.Builder read = ImmutableArray.CreateBuilder<BondState>();
        foreach (Link bond in bonds)
        {
            ImmutableArray<BondMember> members =
            [
                .. links.Value.Where(link => link.Master == bond.Index && link.BondSlave is not null)
                    .OrderBy(link => link.Index)
                    .Select(link => Member(bond, link, byIndex[link.Index], pfs)),
            ];
            ImmutableArray<(NetDevice, PhysicalFunction?)> ports =
                [.. members.Select(member => (member.Device, pfs.FirstOrDefault(pf => pf.Address == member.Pf)))];
            ImmutableArray<Reading<Mlx5Lag>> lags = [.. members.Select(Lag)];
            read.Add(new BondState
            {
                Device = byIndex[bond.Index],
                Options = bond.Bond!.Options,
                Aggregator = bond.Bond.Aggregator,
                Members = members,
                VfLag = VfLagProof.Of(ports, lags, kernel),
                Lag = lags.IsEmpty ? Reading.Absent<Mlx5Lag>("the bond has no members") : lags[0],
                Rules = await RulesAsync(bond, members, qdiscs, cancellation),
            });
        }

        return Reading.Known(read.ToImmutable());
    }

    private Reading<Mlx5Lag> Lag(BondMember member) => member.Pf is { } pf
        ? Mlx5Lag.Read(paths, pf)
        : Reading.Absent<Mlx5Lag>($"{member.Device.Name} is not the uplink of a PF");

    private BondMember Member(Link bond, Link link, NetDevice device, ImmutableArray<PhysicalFunction> functions)
    {
        Reading<ImmutableDictionary<string, BondChurn>> churn = bond.Bond!.Options.Mode == BondMode.Lacp
            ? BondingProc.Churn(paths, bond.Name)
            : Reading.Absent<ImmutableDictionary<string, BondChurn>>("not in mode 802.3ad");
        return new BondMember
        {
            Device = device,
            Slave = link.BondSlave!,
            Pf = functions.FirstOrDefault(pf => pf.Uplink?.Index == link.Index)?.Address,
            Churn = churn.Then(all => all.TryGetValue(link.Name, out BondChurn? found)
                ? Reading.Known(found)
                : Reading.Absent<BondChurn>($"/proc/net/bonding/{bond.Name} has none of {link.Name}")),
            Speed = LinkSettings.Speed(paths, link.Name),
            Duplex = LinkSettings.Duplex(paths, link.Name),
        };
    }

    private async Task<Reading<BondRules>> RulesAsync(
        Link bond, ImmutableArray<BondMember> members, Reading<IReadOnlyList<IngressQdisc>> qdiscs,
        CancellationToken cancellation)
    {
        if (!qdiscs.TryGet(out IReadOnlyList<IngressQdisc>? all))
        {
            return Reading.Failed<BondRules>(qdiscs.Why);
        }

        if (all.FirstOrDefault(qdisc => qdisc.LinkIndex == bond.Index)?.IngressBlock is not { } block)
        {
            return Reading.Absent<BondRules>($"{bond.Name} has no ingress qdisc with a shared block");
        }

        int sharing = members.Count(member =>
            all.Any(qdisc => qdisc.LinkIndex == member.Device.Index && qdisc.IngressBlock == block));
        var target = FilterTarget.Shared(block);
        Reading<FlowerCounts> counts =
            await SafeRead.TryAsync(() => route.TrafficControl.CountFlowerAsync(target, cancellation));
        if (!counts.TryGet(out FlowerCounts count) || count.Total > MaxRules)
        {
            return Reading.Failed<BondRules>(counts.IsKnown
                ? $"block {block} has {count.Total} filters, more than the limit of {MaxRules}"
                : counts.Why);
        }

        return (await SafeRead.TryAsync(() => route.TrafficControl.ReadFlowerAsync(
            target,
            () => new RuleTally(),
            (tally, filter) => tally.Add(filter),
            cancellation))).Map(tally => tally.Of(block, sharing));
    }

    private sealed class RuleTally
    {
        private readonly SortedDictionary<uint, int> _byCount = [];
        private int _notInHardware;

        public void Add(FlowerFilter filter)
        {
            if (!filter.Flags.HasFlag(FilterFlags.InHardware))
            {
                _notInHardware++;
            }
            else if (filter.InHardwareCount is { } count)
            {
                _byCount[count] = _byCount.GetValueOrDefault(count) + 1;
            }
        }

        public BondRules Of(uint block, int members) =>
            new(block, members, _byCount.ToImmutableSortedDictionary(), _notInHardware);
    }
}
