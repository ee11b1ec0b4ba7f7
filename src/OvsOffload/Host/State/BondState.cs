using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>A bond of the kernel, with its members and what is known of it in hardware.</summary>
internal sealed record BondState
{
    public required NetDevice Device { get; init; }

    /// <summary>Its settings, as the kernel tells them.</summary>
    public required BondOptions Options { get; init; }

    /// <summary>The active aggregator; null in modes other than 802.3ad.</summary>
    public BondAggregator? Aggregator { get; init; }

    /// <summary>The members, in order of their interface index.</summary>
    public required ImmutableArray<BondMember> Members { get; init; }

    /// <summary>What is proven of its VF-LAG.</summary>
    public required VfLag VfLag { get; init; }

    /// <summary>
    /// What mlx5 shows of the card's LAG; of the first member. Absent: not an mlx5 card, or it offers none.
    /// </summary>
    public required Reading<Mlx5Lag> Lag { get; init; }

    /// <summary>
    /// The filters of the block that Open vSwitch lets the bond share with its members. Absent: there is no such block.
    /// </summary>
    public required Reading<BondRules> Rules { get; init; }

    public string Name => Device.Name;

    /// <summary>The mode; null where the kernel does not tell.</summary>
    public BondMode? Mode => Options.Mode;

    /// <summary>The members that carry traffic: all that are not backup and have their carrier.</summary>
    public IEnumerable<BondMember> Active => Members.Where(member => member.CarriesTraffic);
}

/// <summary>A member of a bond.</summary>
internal sealed record BondMember
{
    public required NetDevice Device { get; init; }

    /// <summary>Its place in the bond, as the kernel tells.</summary>
    public required BondSlave Slave { get; init; }

    /// <summary>The PF whose uplink it is; null for every other device.</summary>
    public PciAddress? Pf { get; init; }

    /// <summary>LACP's churn machines. Absent: not in mode 802.3ad.</summary>
    public required Reading<BondChurn> Churn { get; init; }

    /// <summary>In Mbit/s (<c>/sys/class/net/DEVICE/speed</c>). Absent: the driver does not know it.</summary>
    public required Reading<int> Speed { get; init; }

    /// <summary><c>full</c> or <c>half</c>. Absent: the driver does not know it.</summary>
    public required Reading<string> Duplex { get; init; }

    /// <summary>Whether packets leave by it.</summary>
    public bool CarriesTraffic => Slave is { State: BondSlaveState.Active, Link: BondSlaveLink.Up };
}

/// <summary>The filters of a bond's shared block, by how many e-switches took each.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Members">How many members of the bond share the block: in active-backup the standby joins it with its
/// first link event.</param>
/// <param name="ByCount">Filters that at least one e-switch took, by the number of e-switches.</param>
/// <param name="NotInHardware">Filters that none took.</param>
internal sealed record BondRules(
    uint Block, int Members, ImmutableSortedDictionary<uint, int> ByCount, int NotInHardware)
{
    /// <summary>Filters that some members' e-switches took and others did not.</summary>
    public int HalfOffloaded => ByCount.Where(pair => pair.Key < Members).Sum(pair => pair.Value);
}
