using System.Collections.Immutable;
using OvsOffload.Flows;

namespace OvsOffload.Host;

/// <summary>The flows of one datapath at one moment, counted.</summary>
/// <param name="Datapath">Its name: <c>system@ovs-system</c>.</param>
/// <param name="Flows">Distinct flows by state.</param>
/// <param name="Ports">The same by ingress port.</param>
/// <param name="Truncated">Whether the numbers do not cover the whole dump.</param>
internal sealed record DatapathFlows(
    string Datapath, FlowCounts Flows, IReadOnlyDictionary<string, FlowCounts> Ports, bool Truncated)
{
    /// <summary>Why flows are not offloaded; default where that was not asked for.</summary>
    public ImmutableArray<ReasonCount> Reasons { get; init; }

    /// <inheritdoc cref="FlowTally.Expected"/>
    public FlowCounts Expected { get; init; }

    /// <summary>Those that send packets through conntrack; null where they were not counted.</summary>
    public ConntrackFlows? Conntrack { get; init; }

    /// <summary>Those of a dump whose flows were asked for their reasons.</summary>
    public static DatapathFlows Of(string datapath, FlowTally tally) =>
        new(datapath, tally.Flows, tally.Ports, tally.Truncated)
        {
            Reasons = tally.Reasons,
            Expected = tally.Expected,
            Conntrack = tally.Conntrack,
        };
}
