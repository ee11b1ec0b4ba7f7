namespace OvsOffload.Netlink;

/// <summary>
/// A set of filters that is dumped as one: those of a link in one direction, or a block that several links share. The
/// dump of any member of a block gives all of the block, so a block is dumped as itself, and once.
/// </summary>
internal readonly record struct FilterTarget
{
    private const uint IngressParent = 0xffff_fff2; // TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), linux/pkt_sched.h
    private const uint EgressParent = 0xffff_fff3; // TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

    private FilterTarget(int linkIndex, uint parent)
    {
        Header = TrafficControlHeader.Of(linkIndex, parent);
    }

    public TrafficControlHeader Header { get; }

    /// <summary>Null for a shared block.</summary>
    public int? LinkIndex => Header.LinkIndex == TrafficControlHeader.SharedBlock ? null : Header.LinkIndex;

    /// <summary>Null for a link's own filters.</summary>
    public uint? Block => Header.LinkIndex == TrafficControlHeader.SharedBlock ? Header.Parent : null;

    public static FilterTarget Ingress(int linkIndex) => new(linkIndex, IngressParent);

    public static FilterTarget Egress(int linkIndex) => new(linkIndex, EgressParent);

    public static FilterTarget Shared(uint block) => new(TrafficControlHeader.SharedBlock, block);

    /// <summary>What has to be dumped to see every filter of these qdiscs exactly once.</summary>
    public static IReadOnlyList<FilterTarget> Of(IEnumerable<IngressQdisc> qdiscs)
    {
        var targets = new List<FilterTarget>();
        foreach (IngressQdisc qdisc in qdiscs)
        {
            targets.Add(qdisc.IngressBlock is { } ingress ? Shared(ingress) : Ingress(qdisc.LinkIndex));
            if (qdisc.HasEgress)
            {
                targets.Add(qdisc.EgressBlock is { } egress ? Shared(egress) : Egress(qdisc.LinkIndex));
            }
        }

        return [.. targets.Distinct()];
    }

    public override string ToString() => (LinkIndex, Block) switch
    {
        (null, { } block) => $"block {block}",
        ({ } index, _) => $"link {index} {(Header.Parent == EgressParent ? "egress" : "ingress")}",
        _ => "",
    };
}
