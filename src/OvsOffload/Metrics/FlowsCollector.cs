using System.Collections.Immutable;
using OvsOffload.Flows;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>flows</c>: how many flows are in hardware, from dumps that are made in the background. Counts of a
/// dump that
/// failed, or was not made, are not shown; how old the shown ones are always is.
/// </summary>
internal static class FlowsCollector
{
    private const string OtherDevices = "other";

    private static readonly ImmutableArray<(FlowState State, string Word)> States =
    [
        (FlowState.Offloaded, "offloaded"),
        (FlowState.Partial, "partial"),
        (FlowState.TcNotInHardware, "tc_not_in_hw"),
        (FlowState.Software, "software"),
        (FlowState.Unknown, "unknown"),
    ];

    private static readonly MetricFamily Offloaded = MetricFamily.Gauge(
        "offloaded_flows", "Flows in hardware, as dpctl/dump-flows type=offloaded lists them", "datapath");

    private static readonly MetricFamily ByState =
        MetricFamily.Gauge("flows", "Flows of the last dump by state", "datapath", "state");

    private static readonly MetricFamily PortFlows = MetricFamily.Gauge(
        "port_flows", "Flows of the last dump by ingress port and state; ports that are no uplink, bond or representor "
            + "as device=other", "datapath", "device", "state");

    private static readonly MetricFamily Malformed =
        MetricFamily.Gauge("malformed_flow_lines", "Lines of the last dump that could not be read", "datapath");

    private static readonly MetricFamily LastSuccess = MetricFamily.Gauge(
        "flow_dump_last_success_timestamp_seconds", "When the last dump that succeeded ended", "datapath");

    private static readonly MetricFamily Duration =
        MetricFamily.Gauge("flow_dump_duration_seconds", "How long the last dump that succeeded took", "datapath");

    private static readonly MetricFamily Skipped = MetricFamily.Counter(
        "flow_dump_skipped_total", "Dumps that were due and not made, by reason", "datapath", "reason");

    private static readonly MetricFamily HandedOver = MetricFamily.Gauge(
        "handed_over_flows", "Flows that ovs-vswitchd gave to tc or DPDK, in hardware or not (upcall/show)",
        "datapath");

    private static readonly MetricFamily Limit = MetricFamily.Gauge(
        "flow_limit", "The count of flows that ovs-vswitchd keeps to at present (upcall/show)", "datapath");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = new(
        "flows",
        [Offloaded, ByState, PortFlows, Malformed, LastSuccess, Duration, Skipped, HandedOver, Limit]);

    /// <summary>The samples. No datapath means none, which is no failure.</summary>
    /// <exception cref="CollectorException">The last reading failed; it holds what stays true.</exception>
    public static IEnumerable<Sample> Samples(FlowFacts facts)
    {
        Sample[] history = [.. facts.Datapaths.SelectMany(History)];
        return facts.Failure is null
            ? history.Concat(facts.Datapaths.SelectMany(datapath => Counts(datapath, facts.Devices)))
            : throw new CollectorException(facts.Failure) { StillTrue = [.. history] };
    }

    /// <summary>What stays true also when ovs-vswitchd is gone.</summary>
    private static IEnumerable<Sample> History(DatapathFacts datapath)
    {
        if (datapath.LastDump is { } last)
        {
            yield return LastSuccess.Of(last.EndedAt.ToUnixTimeMilliseconds() / 1000.0, datapath.Name);
            yield return Duration.Of(last.Took.TotalSeconds, datapath.Name);
        }

        foreach (DumpSkip reason in Enum.GetValues<DumpSkip>())
        {
            yield return Skipped.Of(datapath.Skipped.GetValueOrDefault(reason), datapath.Name, Word(reason));
        }
    }

    private static IEnumerable<Sample> Counts(DatapathFacts datapath, IReadOnlySet<string> devices)
    {
        if (datapath.FlowLimit is { } limit)
        {
            yield return Limit.Of(limit, datapath.Name);
        }

        if (datapath.HandedOver is { } handedOver)
        {
            yield return HandedOver.Of(handedOver, datapath.Name);
        }

        if (datapath.Tally is not { } tally)
        {
            yield break;
        }

        yield return Offloaded.Of(tally.Flows.Offloaded, datapath.Name);
        yield return Malformed.Of(tally.Malformed, datapath.Name);
        foreach ((FlowState state, string word) in States)
        {
            yield return ByState.Of(tally.Flows.Of(state), datapath.Name, word);
        }

        foreach ((string device, FlowCounts counts) in ByDevice(tally, devices))
        {
            foreach ((FlowState state, string word) in States)
            {
                yield return PortFlows.Of(counts.Of(state), datapath.Name, device, word);
            }
        }
    }

    /// <summary>Ports by name, all that are of no interest as one.</summary>
    private static IEnumerable<(string Device, FlowCounts Counts)> ByDevice(
        FlowTally tally, IReadOnlySet<string> devices) => tally.Ports
        .GroupBy(port => devices.Contains(port.Key) ? port.Key : OtherDevices, port => port.Value)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => (group.Key, group.Aggregate((left, right) => left + right)));

    private static string Word(DumpSkip reason) => reason switch
    {
        DumpSkip.TooManyFlows => "too_many_flows",
        DumpSkip.Duty => "duty",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "it has no word"),
    };
}

/// <summary>What is known of the flows of all datapaths.</summary>
/// <param name="Failure">Why the last reading failed; null when it is in order.</param>
/// <param name="Datapaths">The datapaths; empty where no bridge exists.</param>
/// <param name="Devices">Devices whose flows are told apart: uplinks, bonds and representors.</param>
internal sealed record FlowFacts(
    string? Failure, ImmutableArray<DatapathFacts> Datapaths, IReadOnlySet<string> Devices);

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
    ImmutableDictionary<DumpSkip, long> Skipped);

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
