using System.Collections.Immutable;
using OvsOffload.Flows;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>flows</c>: how many flows are in hardware, from dumps that are made in the background. Counts of a dump
/// that failed, or was not made, are not shown; how old the shown ones are always is.
/// </summary>
internal static class FlowsCollector
{
    private const string OtherDevices = "other";

    private static readonly ImmutableArray<(FlowState State, string Word)> States =
    [
        .. new[]
        {
            FlowState.Offloaded, FlowState.Partial, FlowState.TcNotInHardware, FlowState.Software, FlowState.Unknown,
        }
            .Select(state => (state, FlowsDocument.Name(state))),
    ];

    private static readonly ImmutableArray<ReasonSource> Sources =
        [ReasonSource.Kernel, ReasonSource.Switch, ReasonSource.Inferred];

    private static readonly MetricFamily Offloaded = MetricFamily.Gauge(
        "offloaded_flows", "Flows in hardware, as listed by dpctl/dump-flows type=offloaded", "datapath");

    private static readonly MetricFamily ByState =
        MetricFamily.Gauge("flows", "Flows of the last dump by state", "datapath", "state");

    private static readonly MetricFamily PortFlows = MetricFamily.Gauge(
        "port_flows", "Flows of the last dump by ingress port and state; ports other than uplinks, bonds and "
            + "representors as device=other", "datapath", "device", "state");

    private static readonly MetricFamily NotOffloaded = MetricFamily.Gauge(
        "not_offloaded_flows", "Flows of the last dump that are neither offloaded nor of unknown state, by reason; "
            + "source is kernel, switch or inferred", "datapath", "reason", "source");

    private static readonly MetricFamily Malformed =
        MetricFamily.Gauge("malformed_flow_lines", "Malformed lines of the last dump", "datapath");

    private static readonly MetricFamily LastSuccess = MetricFamily.Gauge(
        "flow_dump_last_success_timestamp_seconds", "Time of the last successful flow dump", "datapath");

    private static readonly MetricFamily Duration =
        MetricFamily.Gauge("flow_dump_duration_seconds", "Duration of the last successful flow dump", "datapath");

    private static readonly MetricFamily Skipped = MetricFamily.Counter(
        "flow_dump_skipped_total", "Skipped flow dumps, by reason", "datapath", "reason");

    private static readonly MetricFamily HandedOver = MetricFamily.Gauge(
        "handed_over_flows", "Flows that ovs-vswitchd passed to tc or DPDK, in hardware or not (upcall/show)",
        "datapath");

    private static readonly MetricFamily Limit = MetricFamily.Gauge(
        "flow_limit", "Current flow limit of ovs-vswitchd (upcall/show)", "datapath");

    private static readonly MetricFamily Revalidator = MetricFamily.Gauge(
        "revalidator_dump_duration_seconds",
        "Duration of the last revalidator dump of ovs-vswitchd (upcall/show)", "datapath");

    private static readonly MetricFamily Lookups = MetricFamily.Counter(
        "datapath_lookups_total",
        "Packets that reached the datapath in software: hit matched a flow, missed went to ovs-vswitchd, lost were "
            + "dropped before they reached it", "datapath", "result");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "flows",
        [
            Offloaded, ByState, PortFlows, NotOffloaded, Malformed, LastSuccess, Duration, Skipped, HandedOver, Limit,
            Revalidator, Lookups,
        ],
        ReadAsync,
        Samples);

    private static async Task<FlowFacts> ReadAsync(ScrapeSources sources, CancellationToken cancellation)
    {
        FlowFacts facts = await sources.Flows(FlowDevices.Of(sources.LastHost()?.State), cancellation);

        // A host without any Open vSwitch has no flows, which is no failure.
        return facts.Failure is not null && facts.Datapaths.IsEmpty && !sources.IsSwitchThere()
            ? facts with { Failure = null }
            : facts;
    }

    /// <summary>The samples. No datapath means none, which is no failure.</summary>
    /// <exception cref="CollectorException">The last reading failed; it holds what stays true.</exception>
    public static IEnumerable<Sample> Samples(FlowFacts facts)
    {
        Sample[] history = [.. facts.Datapaths.SelectMany(History)];
        return facts.Failure is null
            ? history.Concat(facts.Datapaths.SelectMany(datapath => Counts(datapath, facts.Devices)))
            : throw new CollectorException(facts.Failure) { StillTrue = [.. history], IsPending = facts.IsPending };
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

        if (datapath.RevalidatorDump is { } dump)
        {
            yield return Revalidator.Of(dump.TotalSeconds, datapath.Name);
        }

        if (datapath.Lookups is { } lookups)
        {
            yield return Lookups.Of(lookups.Hit, datapath.Name, "hit");
            yield return Lookups.Of(lookups.Missed, datapath.Name, "missed");
            yield return Lookups.Of(lookups.Lost, datapath.Name, "lost");
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

        // Every reason, so that no series comes and goes with the traffic.
        foreach (FlowReasonInfo reason in FlowReasons.All)
        {
            foreach (ReasonSource source in Sources.Where(one => FlowReasons.CanComeFrom(reason.Reason, one)))
            {
                yield return NotOffloaded.Of(
                    Count(tally, reason.Reason, source), datapath.Name, reason.Word, FlowReasons.Name(source));
            }
        }

        foreach ((string device, FlowCounts counts) in ByDevice(tally, devices))
        {
            foreach ((FlowState state, string word) in States)
            {
                yield return PortFlows.Of(counts.Of(state), datapath.Name, device, word);
            }
        }
    }

    private static long Count(FlowTally tally, FlowReason reason, ReasonSource source)
    {
        long flows = 0;
        foreach (ReasonCount count in tally.Reasons)
        {
            flows += count.Reason == reason && count.Source == source ? count.Flows : 0;
        }

        return flows;
    }

    /// <summary>Every device of interest, with flows or without, and all other ports as one.</summary>
    private static IEnumerable<(string Device, FlowCounts Counts)> ByDevice(
        FlowTally tally, IReadOnlySet<string> devices)
    {
        foreach (string device in devices.Order(StringComparer.Ordinal))
        {
            yield return (device, tally.Ports.GetValueOrDefault(device));
        }

        yield return (OtherDevices, tally.Ports.Where(port => !devices.Contains(port.Key))
            .Aggregate(default(FlowCounts), (sum, port) => sum + port.Value));
    }

    private static string Word(DumpSkip reason) => reason switch
    {
        DumpSkip.TooManyFlows => "too_many_flows",
        DumpSkip.Duty => "duty",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "it has no word"),
    };
}
