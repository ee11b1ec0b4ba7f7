using System.Collections.Immutable;

namespace OvsOffload.Flows;

/// <summary>What a dump holds, counted.</summary>
/// <remarks>The userspace datapath shows a flow once for each of its threads; it counts once here, in the state that
/// got furthest.</remarks>
internal sealed record FlowTally
{
    /// <summary>Distinct flows by state.</summary>
    public required FlowCounts Flows { get; init; }

    /// <summary>
    /// The same by ingress port, as the dump names it; the empty name holds flows whose key names none. Sums to
    /// <see cref="Flows"/>.
    /// </summary>
    public required IReadOnlyDictionary<string, FlowCounts> Ports { get; init; }

    /// <summary>Distinct flows by layer: <c>ovs</c>, <c>tc</c>, .. ; those without one are not in it.</summary>
    public required IReadOnlyDictionary<string, long> Layers { get; init; }

    /// <summary>
    /// Why the flows that are neither offloaded nor of unknown state are not offloaded; empty where that was not asked
    /// for. Sums to those flows.
    /// </summary>
    public ImmutableArray<ReasonCount> Reasons { get; init; } = [];

    /// <summary>
    /// Of the flows those that cannot be offloaded anywhere, such as the host's own
    /// (<see cref="FlowReasonInfo.IsFault"/> is false); all zero where reasons were not asked for.
    /// </summary>
    public FlowCounts Expected { get; init; }

    /// <summary>What only the whole dump shows of reasons; null where they were not asked for.</summary>
    public WholeDump? Whole { get; init; }

    /// <summary>The first line that could not be read; null without.</summary>
    public string? FirstMalformed { get; init; }

    /// <summary>Flows that send packets through conntrack; null where that was not asked for.</summary>
    public ConntrackFlows? Conntrack { get; init; }

    /// <summary>Lines that are flows, those that no query counts and copies of other threads included.</summary>
    public long Lines { get; init; }

    /// <summary>Lines that look like flows and could not be read.</summary>
    public required long Malformed { get; init; }

    /// <summary>Lines that are no flows and were passed over: thread headers, lines of a log.</summary>
    public required long Other { get; init; }

    /// <summary>Flows above the limit of the tally, not counted anywhere else, each once for each line.</summary>
    public required long BeyondLimit { get; init; }

    /// <summary>True when the numbers do not cover the whole dump: it broke off, or has flows above the
    /// limit.</summary>
    public required bool Truncated { get; init; }
}

/// <summary>Flows and their packets. A sum above what a number holds stays there.</summary>
internal readonly record struct FlowSum(long Flows, ulong Packets)
{
    public static FlowSum operator +(FlowSum a, FlowSum b) => new(
        a.Flows + b.Flows, a.Packets + b.Packets < a.Packets ? ulong.MaxValue : a.Packets + b.Packets);

    public static FlowSum operator -(FlowSum a, FlowSum b) => new(
        a.Flows - b.Flows, a.Packets == ulong.MaxValue ? a.Packets : a.Packets - Math.Min(a.Packets, b.Packets));
}

/// <summary>How many flows are not offloaded for one reason.</summary>
internal readonly record struct ReasonCount(FlowReason Reason, ReasonSource Source, long Flows)
{
    /// <summary>The packets of those flows.</summary>
    public ulong Packets { get; init; }

    /// <summary>Flows that are in software only because those are: they lead to them.</summary>
    public long FollowOnFlows { get; init; }

    /// <summary>The packets of those that follow.</summary>
    public ulong FollowOnPackets { get; init; }

    /// <summary>The flows of two datapaths with one reason.</summary>
    public static ReasonCount operator +(ReasonCount a, ReasonCount b) => new(a.Reason, a.Source, a.Flows + b.Flows)
    {
        Packets = a.Packets + b.Packets,
        FollowOnFlows = a.FollowOnFlows + b.FollowOnFlows,
        FollowOnPackets = a.FollowOnPackets + b.FollowOnPackets,
    };
}

/// <summary>Flows with the action <c>ct</c>.</summary>
/// <param name="Flows">How many.</param>
/// <param name="Ports">Their ingress ports as the dump names them, in order; not all of very many.</param>
internal sealed record ConntrackFlows(long Flows, ImmutableArray<string> Ports)
{
    /// <summary>Ports that are named.</summary>
    public const int MaxPorts = 64;
}
