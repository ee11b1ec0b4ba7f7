using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;

namespace OvsOffload.Metrics;

/// <summary>What is known of the flows of all datapaths.</summary>
/// <param name="Failure">Why the last reading failed; null when it is in order.</param>
/// <param name="Datapaths">The datapaths; empty where no bridge exists.</param>
/// <param name="Devices">Devices whose flows are told apart: uplinks, bonds and representors.</param>
internal sealed record FlowFacts(
    string? Failure, ImmutableArray<DatapathFacts> Datapaths, IReadOnlySet<string> Devices)
{
    /// <summary>Whether there is no number only because the first reading is still to come.</summary>
    public bool IsPending { get; init; }
}

/// <summary>What is known of the flows of one datapath.</summary>
/// <param name="Name">The datapath as <c>dpctl/dump-dps</c> names it: <c>system@ovs-system</c>.</param>
/// <param name="FlowLimit">The limit of <c>upcall/show</c>; null when it names no such datapath.</param>
/// <param name="HandedOver">Flows given to tc or DPDK; null when ovs-vswitchd does not tell.</param>
/// <param name="Tally">Counts of the last dump; null before the first, and while dumps are not made.</param>
/// <param name="LastDump">The last dump that succeeded; null before the first.</param>
/// <param name="Skipped">Dumps not made, by reason.</param>
internal sealed record DatapathFacts(
    string Name,
    long? FlowLimit,
    long? HandedOver,
    FlowTally? Tally,
    DumpFact? LastDump,
    ImmutableDictionary<DumpSkip, long> Skipped)
{
    /// <summary>
    /// How long the revalidators' last pass over the flows took; null when ovs-vswitchd does not tell.
    /// </summary>
    public TimeSpan? RevalidatorDump { get; init; }

    /// <summary>What the datapath looked up in software; null when it could not be read.</summary>
    public DatapathLookups? Lookups { get; init; }
}

/// <summary>One dump that succeeded.</summary>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Took">How long it took.</param>
internal sealed record DumpFact(DateTimeOffset EndedAt, TimeSpan Took);

/// <summary>Why a dump that was due was not made.</summary>
internal enum DumpSkip
{
    /// <summary>There are more flows than <c>max-flows</c> allows to dump.</summary>
    TooManyFlows,

    /// <summary>The dumps before it took so long that this one would exceed <c>duty</c>.</summary>
    Duty,
}
