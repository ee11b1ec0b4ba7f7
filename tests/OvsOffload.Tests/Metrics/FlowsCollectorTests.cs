using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Metrics;

namespace OvsOffload.Tests.Metrics;

public sealed class FlowsCollectorTests
{
    private const string Name = "system@ovs-system";

    private static readonly FlowTally Tally = new()
    {
        Flows = new FlowCounts(5, 1, 2, 3, 0),
        Ports = new Dictionary<string, FlowCounts>
        {
            ["eth4_0"] = new(5, 0, 2, 0, 0),
            ["veth1"] = new(0, 1, 0, 1, 0),
            ["veth2"] = new(0, 0, 0, 2, 0),
        },
        Layers = new Dictionary<string, long>(),
        Reasons =
        [
            new ReasonCount(FlowReason.NicRefused, ReasonSource.Kernel, 2),
            new ReasonCount(FlowReason.HashAction, ReasonSource.Inferred, 3),
            new ReasonCount(FlowReason.PartialActions, ReasonSource.Inferred, 1),
        ],
        Malformed = 4,
        Other = 0,
        BeyondLimit = 0,
        Truncated = false,
    };

    private static readonly DatapathFacts Datapath = new(
        Name,
        FlowLimit: 200_000,
        HandedOver: 7,
        Tally,
        new DumpFact(DateTimeOffset.FromUnixTimeSeconds(1000), TimeSpan.FromSeconds(0.25)),
        ImmutableDictionary<DumpSkip, long>.Empty.Add(DumpSkip.Duty, 9));

    [Fact]
    public void Counts_come_from_one_dump_and_sum_to_the_same()
    {
        string[] lines = FlowsCollector.Samples(Facts(null, Datapath)).Lines();
        Assert.Contains("offloaded_flows{datapath=system@ovs-system} 5", lines);
        Assert.Contains("flows{datapath=system@ovs-system,state=offloaded} 5", lines);
        Assert.Contains("flows{datapath=system@ovs-system,state=partial} 1", lines);
        Assert.Contains("flows{datapath=system@ovs-system,state=tc_not_in_hw} 2", lines);
        Assert.Contains("flows{datapath=system@ovs-system,state=software} 3", lines);
        Assert.Contains("flows{datapath=system@ovs-system,state=unknown} 0", lines);
        Assert.Contains("malformed_flow_lines{datapath=system@ovs-system} 4", lines);
        Assert.Contains("handed_over_flows{datapath=system@ovs-system} 7", lines);
        Assert.Contains("flow_limit{datapath=system@ovs-system} 200000", lines);
    }

    [Fact]
    public void Ports_of_no_interest_are_counted_together()
    {
        string[] ports =
        [
            .. FlowsCollector.Samples(Facts(null, Datapath)).Lines()
                .Where(line => line.StartsWith("port_flows", StringComparison.Ordinal)),
        ];
        Assert.Equal(15, ports.Length);
        Assert.Contains("port_flows{datapath=system@ovs-system,device=eth4_0,state=tc_not_in_hw} 2", ports);
        Assert.Contains("port_flows{datapath=system@ovs-system,device=other,state=software} 3", ports);
    }

    [Fact]
    public void A_device_has_its_series_also_without_flows() => Assert.Contains(
        "port_flows{datapath=system@ovs-system,device=eth4,state=offloaded} 0",
        FlowsCollector.Samples(Facts(null, Datapath)).Lines());

    [Fact]
    public void Reasons_are_all_shown_and_sum_to_what_is_not_offloaded()
    {
        Sample[] samples =
        [
            .. FlowsCollector.Samples(Facts(null, Datapath))
                .Where(sample => sample.Family.Name.EndsWith("not_offloaded_flows")),
        ];

        // The switch itself says three of them.
        Assert.Equal(FlowReasons.All.Length * 2 + 3, samples.Length);
        Assert.Equal(6, samples.Sum(sample => sample.Value));
        Assert.Contains(
            "not_offloaded_flows{datapath=system@ovs-system,reason=hash_action,source=inferred} 3", samples.Lines());
        Assert.Contains(
            "not_offloaded_flows{datapath=system@ovs-system,reason=nic_refused,source=kernel} 2", samples.Lines());
    }

    [Fact]
    public void The_series_do_not_depend_on_the_traffic()
    {
        DatapathFacts idle = Datapath with
        {
            Tally = Tally with { Flows = default, Ports = new Dictionary<string, FlowCounts>(), Reasons = [] },
        };
        Assert.Equal(
            FlowsCollector.Samples(Facts(null, Datapath)).Select(Series),
            FlowsCollector.Samples(Facts(null, idle)).Select(Series));

        static string Series(Sample sample) => $"{sample.Family}{{{string.Join(",", sample.Labels)}}}";
    }

    [Fact]
    public void A_failed_reading_keeps_what_is_past_and_shows_no_count()
    {
        CollectorException failure = Assert.Throws<CollectorException>(
            () => FlowsCollector.Samples(Facts("no answer", Datapath)).Lines());
        Assert.Equal("no answer", failure.Message);
        Assert.Equal(
            [
                "flow_dump_last_success_timestamp_seconds{datapath=system@ovs-system} 1000",
                "flow_dump_duration_seconds{datapath=system@ovs-system} 0.25",
                "flow_dump_skipped_total{datapath=system@ovs-system,reason=too_many_flows} 0",
                "flow_dump_skipped_total{datapath=system@ovs-system,reason=duty} 9",
            ],
            failure.StillTrue.Lines());
    }

    [Fact]
    public void Without_a_datapath_there_is_nothing_to_show_and_nothing_wrong() =>
        Assert.Empty(FlowsCollector.Samples(Facts(null)));

    [Fact]
    public void Before_the_first_dump_there_are_no_counts() => Assert.DoesNotContain(
        FlowsCollector.Samples(Facts(null, Datapath with { Tally = null, LastDump = null })).Lines(),
        line => line.StartsWith("flows", StringComparison.Ordinal)
            || line.StartsWith("offloaded", StringComparison.Ordinal)
            || line.Contains("last_success", StringComparison.Ordinal));

    [Fact]
    public void A_daemon_that_does_not_tell_what_it_handed_over_leaves_that_out() => Assert.DoesNotContain(
        FlowsCollector.Samples(Facts(null, Datapath with { HandedOver = null })).Lines(),
        line => line.StartsWith("handed_over", StringComparison.Ordinal));

    private static FlowFacts Facts(string? failure, params ImmutableArray<DatapathFacts> datapaths) =>
        new(failure, datapaths, new HashSet<string> { "eth4_0", "eth4" });
}
