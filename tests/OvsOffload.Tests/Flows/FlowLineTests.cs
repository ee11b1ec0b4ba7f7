using System.Globalization;
using System.Text;
using OvsOffload.Flows;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Flows;

public sealed class FlowLineTests
{
    private const string Full =
        "ufid:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0, recirc_id(0),dp_hash(0/0),in_port(enp1s0f0_3),ct_state(0/0x21),"
        + "eth(src=02:00:00:00:00:03,dst=02:00:00:00:00:04),eth_type(0x0800),ipv4(src=0.0.0.0/0.0.0.0,frag=no), "
        + "packets:4000000000, bytes:5000000000000, used:0.130s, flags:SFP., offloaded:yes, dp:tc, "
        + "actions:set(eth(src=02:00:00:00:00:05)),push_vlan(vid=7,pcp=0),enp1s0f0, dp-extra-info:miniflow_bits(5,3)";

    [Fact]
    public void Every_part_of_a_line_is_found()
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Encoding.UTF8.GetBytes(Full), out FlowLine flow));
        Assert.Equal(UInt128.Parse("0f1e2d3c4b5a69788796a5b4c3d2e1f0", NumberStyles.HexNumber), flow.Ufid);
        Assert.StartsWith("recirc_id(0),", Text(flow.Key));
        Assert.EndsWith("ipv4(src=0.0.0.0/0.0.0.0,frag=no)", Text(flow.Key));
        Assert.Equal("enp1s0f0_3", Text(flow.InPort));
        Assert.Equal(4_000_000_000UL, flow.Packets);
        Assert.Equal(5_000_000_000_000UL, flow.Bytes);
        Assert.Equal("0.130s", Text(flow.Used));
        Assert.Equal("SFP.", Text(flow.TcpFlags));
        Assert.Equal("tc", Text(flow.Layer));
        Assert.Equal(FlowState.Offloaded, flow.State);
        Assert.Equal("set(eth(src=02:00:00:00:00:05)),push_vlan(vid=7,pcp=0),enp1s0f0", Text(flow.Actions));
    }

    [Theory]
    [InlineData("offloaded:yes, dp:tc, ", FlowState.Offloaded)]
    [InlineData("offloaded:yes, dp:dpdk, ", FlowState.Offloaded)]
    [InlineData("offloaded:partial, dp:ovs, ", FlowState.Partial)]
    [InlineData("dp:tc, ", FlowState.TcNotInHardware)]
    [InlineData("dp:ovs, ", FlowState.Software)]
    [InlineData("flags:., dp:ovs, ", FlowState.Software)]
    [InlineData("", FlowState.Unknown)]
    public void The_state_is_read_from_its_words(string words, object state)
    {
        string line = $"recirc_id(0),in_port(2),eth(), packets:0, bytes:0, used:never, {words}actions:drop";
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Encoding.UTF8.GetBytes(line), out FlowLine flow));
        Assert.Equal(state, flow.State);
        Assert.Null(flow.Ufid);
        Assert.Equal("2", Text(flow.InPort));
        Assert.Equal("drop", Text(flow.Actions));
    }

    [Theory]
    [InlineData("eth0", "eth0")]
    [InlineData("od\"d,(n)", "od\"d,(n)")]
    [InlineData("vm-ä7", "vm-ä7")]
    [InlineData("a, packets:1", "a, packets:1")]
    [InlineData("a, offloaded:x", "a, offloaded:x")]
    [InlineData("x, actions:y", "x, actions:y")]
    [InlineData("half(", "half(")]
    [InlineData("half)", "half)")]
    public void A_port_may_have_any_name(string name, string read)
    {
        string line = $"tunnel(tun_id=0x5,geneve({{class=0x102,len=4}}{{len=4}}),flags(+key)),"
            + $"recirc_id(0),in_port({name}),eth(), "
            + $"packets:12, bytes:34, used:0.0s, dp:ovs, actions:{name}";
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Encoding.UTF8.GetBytes(line), out FlowLine flow));
        Assert.Equal(read, Text(flow.InPort));
        Assert.Equal(12UL, flow.Packets);
        Assert.Equal(name, Text(flow.Actions));
        Assert.Equal(FlowState.Software, flow.State);
    }

    [Fact]
    public void An_ingress_port_may_end_the_key() =>
        Assert.Equal("7", InPortOf("recirc_id(0),in_port(7), packets:0, bytes:0, used:never, actions:drop"));

    [Fact]
    public void A_key_may_have_no_ingress_port() =>
        Assert.Equal(
            "",
            InPortOf("<empty>,***4 leftover bytes*** (00c0ffee), packets:0, bytes:0, used:never, actions:drop"));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("flow-dump from the main thread:")]
    [InlineData("flow-dump from pmd on cpu core: 3")]
    [InlineData("2026-01-02T03:04:05Z|00001|dpif_netlink|INFO|The kernel module has no meters (yes).")]
    [InlineData("ovs-vswitchd: no datapaths exist")]
    [InlineData("# a comment")]
    public void Lines_that_are_not_flows_are_skipped(string line) =>
        Assert.Equal(FlowLineKind.Other, FlowLine.Read(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("ufid:")]
    [InlineData("ufid:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1fg, in_port(1), packets:0, bytes:0, used:never, actions:drop")]
    [InlineData("in_port(1), packets:x, bytes:0, used:never, actions:drop")]
    [InlineData("in_port(1), packets:99999999999999999999999, bytes:0, used:never, actions:drop")]
    [InlineData("in_port(1), packets:0, bytes:0, used:sometimes, actions:drop")]
    [InlineData("in_port(1), packets:0, bytes:0, used:, actions:drop")]
    [InlineData("in_port(1), packets:0, bytes:0, used:never, offloaded:maybe, actions:drop")]
    [InlineData("in_port(1), packets:0, bytes:0, used:never, actions:")]
    [InlineData("in_port(1), packets:0, bytes:0, used:never")]
    [InlineData("in_port(1)")]
    public void A_line_that_only_resembles_a_flow_is_malformed(string line) =>
        Assert.Equal(FlowLineKind.Malformed, FlowLine.Read(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void A_line_cut_before_its_actions_is_never_a_flow()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Full);
        int actions = Full.IndexOf(", actions:", StringComparison.Ordinal) + ", actions:".Length;
        for (int length = 0; length < bytes.Length; length++)
        {
            FlowLineKind kind = FlowLine.Read(bytes.AsSpan(0, length), out _);
            FlowLineKind wanted = length < "ufid:".Length ? FlowLineKind.Other
                : length <= actions ? FlowLineKind.Malformed : FlowLineKind.Flow;
            Assert.Equal(wanted, kind);
        }
    }

    [Fact]
    public void Damaged_lines_are_read_or_refused_and_nothing_else()
    {
        long[] kinds = new long[3];
        Damage.Of(Encoding.UTF8.GetBytes(Full), most: 7, marks: "(),:. ").Check(100_000, bytes =>
        {
            Interlocked.Increment(ref kinds[(int)FlowLine.Read(bytes, out FlowLine flow)]);
            Assert.True(flow.Key.Length + flow.Actions.Length <= bytes.Length);
        });

        Assert.True(kinds[(int)FlowLineKind.Flow] > 0 && kinds[(int)FlowLineKind.Malformed] > 0);
    }

    private static string InPortOf(string line)
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Encoding.UTF8.GetBytes(line), out FlowLine flow));
        return Text(flow.InPort);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
