using System.Text;
using OvsOffload.Flows;

namespace OvsOffload.Tests.Flows;

public sealed class FlowTallyBuilderTests
{
    [Fact]
    public void Flows_are_counted_by_state_port_and_layer()
    {
        FlowTally tally = Tally(
            "flow-dump from pmd on cpu core: 1",
            Line("vf0", "offloaded:yes, dp:tc, ", 1),
            Line("vf0", "dp:tc, ", 2),
            Line("vf1", "dp:ovs, ", 3),
            Line("vf1", "offloaded:partial, dp:ovs, ", 4),
            "in_port(vf1), packets:",
            "");

        Assert.Equal(new FlowCounts(1, 1, 1, 1, 0), tally.Flows);
        Assert.Equal(new FlowCounts(1, 0, 1, 0, 0), tally.Ports["vf0"]);
        Assert.Equal(new FlowCounts(0, 1, 0, 1, 0), tally.Ports["vf1"]);
        Assert.Equal(2, tally.Layers["tc"]);
        Assert.Equal(2, tally.Layers["ovs"]);
        Assert.Equal(1, tally.Malformed);
        Assert.Equal(2, tally.Other);
        Assert.False(tally.Truncated);
    }

    [Fact]
    public void A_flow_that_each_thread_shows_counts_once_in_the_state_that_got_furthest()
    {
        FlowTally tally = Tally(
            Line("vf0", "dp:ovs, ", 1),
            Line("vf0", "offloaded:yes, dp:dummy, ", 1),
            Line("vf0", "dp:ovs, ", 1));
        Assert.Equal(new FlowCounts(1, 0, 0, 0, 0), tally.Flows);
        Assert.Equal(new FlowCounts(1, 0, 0, 0, 0), tally.Ports["vf0"]);
        Assert.Equal(1, tally.Layers["dummy"]);
        Assert.Equal(0, tally.Layers["ovs"]);
    }

    [Fact]
    public void Lines_without_a_ufid_are_counted_as_they_come()
    {
        string line = "recirc_id(0),in_port(3),eth(), packets:0, bytes:0, used:never, actions:drop";
        Assert.Equal(new FlowCounts(0, 0, 0, 0, 2), Tally(line, line).Flows);
    }

    [Fact]
    public void Lines_without_a_ufid_may_be_told_apart_by_their_keys()
    {
        var builder = new FlowTallyBuilder(maxFlows: 10) { ByKey = true, DumpedAs = FlowState.Offloaded };
        foreach (int port in (int[])[3, 4, 3, 5, 4])
        {
            builder.Add(
                Encoding.UTF8.GetBytes(
                $"recirc_id(0),in_port({port}),eth(), packets:{port}, bytes:0, used:never, actions:1"));
        }

        Assert.Equal(new FlowCounts(3, 0, 0, 0, 0), builder.Build().Flows);
    }

    [Fact]
    public void A_dump_without_flows_is_a_tally_of_nothing()
    {
        FlowTally tally = Tally();
        Assert.Equal(0, tally.Flows.Total);
        Assert.Empty(tally.Ports);
        Assert.False(tally.Truncated);
    }

    [Fact]
    public void Flows_above_the_limit_are_told_and_known_ones_still_counted()
    {
        var builder = new FlowTallyBuilder(maxFlows: 2);
        foreach (int ufid in (int[])[1, 2, 3, 2, 4, 1])
        {
            builder.Add(Encoding.UTF8.GetBytes(Line("vf0", "dp:ovs, ", ufid)));
        }

        FlowTally tally = builder.Build();
        Assert.Equal(2, tally.Flows.Software);
        Assert.Equal(2, tally.BeyondLimit);
        Assert.True(tally.Truncated);
    }

    [Fact]
    public void A_flow_whose_line_is_not_whole_is_malformed()
    {
        var builder = new FlowTallyBuilder(maxFlows: 10);
        builder.Add(Encoding.UTF8.GetBytes(Line("vf0", "dp:ovs, ", 1)), whole: false);
        builder.Abort();
        FlowTally tally = builder.Build();
        Assert.Equal(0, tally.Flows.Total);
        Assert.Equal(1, tally.Malformed);
        Assert.True(tally.Truncated);
    }

    [Fact]
    public void Many_flows_are_told_apart()
    {
        var builder = new FlowTallyBuilder(maxFlows: 100_000);
        for (int round = 0; round < 2; round++)
        {
            for (int ufid = 0; ufid < 20_000; ufid++)
            {
                builder.Add(Encoding.UTF8.GetBytes(Line($"vf{ufid % 100}", "dp:tc, ", ufid)));
            }
        }

        FlowTally tally = builder.Build();
        Assert.Equal(20_000, tally.Flows.TcNotInHardware);
        Assert.Equal(100, tally.Ports.Count);
        Assert.All(tally.Ports.Values, port => Assert.Equal(200, port.Total));
    }

    [Fact]
    public void More_ports_than_any_host_has_share_one_name()
    {
        var builder = new FlowTallyBuilder(maxFlows: 10);
        for (int port = 0; port < FlowTallyBuilder.MaxPorts + 10; port++)
        {
            builder.Add(Encoding.UTF8.GetBytes($"in_port({port}), packets:0, bytes:0, used:never, actions:drop"));
        }

        FlowTally tally = builder.Build();
        Assert.Equal(FlowTallyBuilder.MaxPorts + 1, tally.Ports.Count);
        Assert.Equal(10, tally.Ports[FlowTallyBuilder.OtherPorts].Total);
    }

    [Fact]
    public void Names_that_are_no_text_are_counted_together()
    {
        var builder = new FlowTallyBuilder(maxFlows: 10);
        foreach (byte odd in (byte[])[0xfe, 0xff])
        {
            builder.Add([.. "in_port("u8, odd, .. "), packets:0, bytes:0, used:never, actions:drop"u8]);
        }

        KeyValuePair<string, FlowCounts> port = Assert.Single(builder.Build().Ports);
        Assert.Equal(2, port.Value.Unknown);
    }

    [Fact]
    public void Flows_that_no_host_offloads_are_counted_beside_by_state()
    {
        var builder = new FlowTallyBuilder(maxFlows: 10)
        {
            Facts = new FlowReasonFacts
            {
                Ports = new ByteKeyed<FlowPort>(
                [
                    KeyValuePair.Create("br1", new FlowPort { Name = "br1", Kind = FlowPortKind.Internal }),
                    KeyValuePair.Create("tap3", new FlowPort { Name = "tap3", Kind = FlowPortKind.OutsideNic }),
                ]),
            },
        };
        string[] lines =
        [
            Line("br1", "dp:tc, ", 1), Line("tap3", "dp:ovs, ", 2), Line("vf0", "dp:tc, ", 3),
            Line("br1", "dp:ovs, ", 4), Line("br1", "offloaded:yes, dp:tc, ", 4),
        ];
        foreach (string line in lines)
        {
            builder.Add(Encoding.UTF8.GetBytes(line));
        }

        FlowTally tally = builder.Build();

        Assert.Equal(new FlowCounts(1, 0, 2, 1, 0), tally.Flows);
        Assert.Equal(new FlowCounts(0, 0, 1, 1, 0), tally.Expected);
    }

    private static string Line(string port, string state, int ufid) =>
        $"ufid:00000000-0000-0000-0000-{ufid:x12}, recirc_id(0),in_port({port}),eth(), packets:1, bytes:60, used:0.5s, "
        + $"{state}actions:vf9";

    private static FlowTally Tally(params string[] lines)
    {
        var builder = new FlowTallyBuilder(maxFlows: 1000);
        foreach (string line in lines)
        {
            builder.Add(Encoding.UTF8.GetBytes(line));
        }

        return builder.Build();
    }
}
