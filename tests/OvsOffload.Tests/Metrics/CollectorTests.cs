using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Metrics;

public sealed class CollectorTests
{
    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");

    private static readonly Link Device = new()
    {
        Index = 7,
        Name = "eth4_0",
        Address = HardwareAddress.Parse("02:00:00:00:00:07"),
    };

    [Fact]
    public void A_representor_shows_all_traffic_and_the_part_through_the_CPU()
    {
        var total = new LinkTraffic(10, 20, 1000, 2000, 0, 0, 0, 0);
        var slowPath = new LinkTraffic(1, 2, 100, 200, 0, 0, 0, 0);
        string[] lines = RepresentorsCollector.Samples(
            [new RepresentorFacts(Pf, Port(controller: null), "br1", new LinkCounters(total, slowPath))]).Lines();
        const string Labels = "pf=0000:3b:00.0,function=vf0,controller=,device=eth4_0";
        Assert.Equal(
            [
                $"representor_info{{{Labels},bridge=br1,address=02:00:00:00:00:07}} 1",
                $"representor_receive_bytes_total{{{Labels}}} 1000",
                $"representor_receive_packets_total{{{Labels}}} 10",
                $"representor_transmit_bytes_total{{{Labels}}} 2000",
                $"representor_transmit_packets_total{{{Labels}}} 20",
                $"representor_slow_path_receive_bytes_total{{{Labels}}} 100",
                $"representor_slow_path_receive_packets_total{{{Labels}}} 1",
                $"representor_slow_path_transmit_bytes_total{{{Labels}}} 200",
                $"representor_slow_path_transmit_packets_total{{{Labels}}} 2",
            ],
            lines);
    }

    [Fact]
    public void A_driver_that_does_not_tell_the_slow_path_has_no_zero_there()
    {
        string[] lines = RepresentorsCollector.Samples(
            [new RepresentorFacts(Pf, Port(controller: 1), null, new LinkCounters(default, null))]).Lines();
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Contains("controller=1,", line));
        Assert.DoesNotContain(lines, line => line.Contains("slow_path", StringComparison.Ordinal));
    }

    [Fact]
    public void A_representor_that_went_away_has_no_samples() =>
        Assert.Empty(RepresentorsCollector.Samples([new RepresentorFacts(Pf, Port(controller: null), null, null)]));

    [Fact]
    public void Open_vSwitch_that_is_up_shows_what_is_configured_and_what_is_in_force() => Assert.Equal(
        [
            "ovsdb_up{} 1",
            "vswitchd_up{} 1",
            "openvswitch_info{version=3.5.0,db_version=8.8.0} 1",
            "hw_offload_configured{} 1",
            "hw_offload_effective{} 0",
            "restart_required{} 0",
        ],
        OpenVSwitchCollector.Samples(
            new SwitchFacts(new DatabaseFacts("3.5.0", "8.8.0", HwOffload: true), true, false, false)).Lines());

    [Fact]
    public void Daemons_that_are_down_show_only_that() => Assert.Equal(
        ["ovsdb_up{} 0", "vswitchd_up{} 0"],
        OpenVSwitchCollector.Samples(new SwitchFacts(null, false, true, true)).Lines());

    [Fact]
    public void Filters_are_shown_by_state() => Assert.Equal(
        ["tc_filters{state=in_hw} 3", "tc_filters{state=not_in_hw} 0"],
        TrafficControlCollector.Samples(new TrafficControlFacts(new FlowerCounts(3, 0, 0), null)).Lines());

    [Fact]
    public void Filters_of_a_kernel_that_does_not_tell_are_counted_as_neither() => Assert.Contains(
        "tc_filters{state=unknown} 2",
        TrafficControlCollector.Samples(new TrafficControlFacts(new FlowerCounts(0, 0, 2), 0)).Lines());

    [Fact]
    public void The_difference_of_both_counts_is_shown_where_both_are_whole()
    {
        Assert.Contains(
            "tc_filters_difference{} -2", Compared(new FlowerCounts(5, 1, 0), Dumped(offloaded: 6, partial: 1)));
        FlowFacts undumped = Dumped(offloaded: 6, partial: 1);
        undumped = undumped with { Datapaths = [undumped.Datapaths[0] with { Tally = null }] };
        FlowFacts[] incomplete =
        [
            undumped,
            Dumped(offloaded: 6, partial: 1, unknown: 1),
            Dumped(offloaded: 6, partial: 1) with { Failure = "ovs-vswitchd is down" },
        ];
        Assert.All(incomplete, flows => Assert.DoesNotContain(
            Compared(new FlowerCounts(5, 1, 0), flows),
            line => line.StartsWith("tc_filters_difference", StringComparison.Ordinal)));
    }

    [Fact]
    public void Offloaded_connections_are_those_of_all_NICs_and_a_failed_count_is_no_smaller_sum()
    {
        Assert.Equal(
            ["conntrack_offloaded_entries{} 7"],
            ConntrackCollector.Samples(
            [
                new ConntrackFacts(Pf, Reading.Known(3L)), new ConntrackFacts(Pf, Reading.Known(4L)),
                new ConntrackFacts(Pf, Reading.Absent<long>("no such file")),
            ]).Lines());
        Assert.Empty(ConntrackCollector.Samples([new ConntrackFacts(Pf, Reading.Absent<long>("no such file"))]));
        Assert.Contains("EACCES", Assert.Throws<CollectorException>(() => ConntrackCollector.Samples(
            [new ConntrackFacts(Pf, Reading.Known(3L)), new ConntrackFacts(Pf, Reading.Failed<long>("EACCES"))])
            .Lines()).Message);
    }

    [Fact]
    public void A_plan_that_is_refused_has_no_steps_and_its_objections_are_shown()
    {
        Objection[] objections =
        [
            new(ObjectionKind.Refused, "vf0", "a guest has it", Position: null),
            new(ObjectionKind.Refused, "vf1", "a guest has it", Position: null),
            new(ObjectionKind.Unreadable, "Open vSwitch", "no answer", Position: null),
        ];
        Assert.Equal(
            [
                "pending_steps{} 0", "plan_objections{kind=configuration} 0", "plan_objections{kind=refused} 2",
                "plan_objections{kind=unreadable} 1", "plan_objections{kind=unsupported} 0",
                    "config_reload_success{} 1", "listen_failures_total{} 3",
            ],
            ReconcileCollector.Samples(new ReconcileFacts(new Plan([], [.. objections], []), null, true)
            {
                ListenFailures = 3,
            }).Lines());
    }

    [Fact]
    public void The_last_apply_is_shown_once_there_was_one()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_763_655_821_250);
        Assert.Equal(
            [
                "last_apply_success{} 0", "last_apply_timestamp_seconds{} 1763655821.25", "config_reload_success{} 0",
                "listen_failures_total{} 0",
            ],
            ReconcileCollector.Samples(new ReconcileFacts(null, new ApplyFact(at, false), false)).Lines());
    }

    [Theory]
    [InlineData("0.1.0+abc1234", "build_info{version=0.1.0,revision=abc1234} 1")]
    [InlineData("0.1.0", "build_info{version=0.1.0,revision=} 1")]
    public void The_build_is_told_by_version_and_revision(string informational, string line) =>
        Assert.Equal([line], BuildCollector.Samples(BuildFacts.Parse(informational)).Lines());

    private static string[] Compared(FlowerCounts filters, FlowFacts flows) =>
        TrafficControlCollector.Samples(TrafficControlFacts.Of(filters, flows)).Lines();

    private static FlowFacts Dumped(int offloaded, int partial, int unknown = 0) => new(
        null,
        [
            new DatapathFacts(
                "system@ovs-system", null, null, Tally(new FlowCounts(offloaded, partial, 0, 0, unknown)), null,
                ImmutableDictionary<DumpSkip, long>.Empty),
        ],
        new HashSet<string>());

    private static FlowTally Tally(FlowCounts flows) => new()
    {
        Flows = flows,
        Ports = new Dictionary<string, FlowCounts>(),
        Layers = new Dictionary<string, long>(),
        Malformed = 0,
        Other = 0,
        BeyondLimit = 0,
        Truncated = false,
    };

    private static FunctionPort Port(int? controller) => new("vf0", 0, controller, 0, 1, Device);
}
