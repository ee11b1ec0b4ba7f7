using System.Text;
using OvsOffload.Flows;

namespace OvsOffload.Tests.Flows;

public sealed class FlowPickerTests
{
    [Fact]
    public void Flows_with_most_packets_are_kept_most_first_and_each_once()
    {
        FlowPicker picker = Pick(
            FlowQuery.All with { Top = 2 }, Line(1, 5), Line(2, 50), Line(3, 7), Line(2, 50), Line(4, 6));
        Assert.Equal([50UL, 7UL], picker.Largest.Select(flow => flow.Packets));
    }

    [Fact]
    public void Without_a_limit_they_come_one_by_one_each_once()
    {
        var found = new List<FlowRecord>();
        Pick(FlowQuery.All, found, Line(1, 5), Line(2, 50), Line(1, 5), "flow-dump from the main thread:");
        Assert.Equal([5UL, 50UL], found.Select(flow => flow.Packets));
        Assert.Equal("00000000-0000-0000-0000-000000000001", Ufid.Format(found[0].Ufid!.Value));
        Assert.Equal("recirc_id(0),in_port(vf1) actions:vf9", found[0].Text);
        Assert.StartsWith("ufid:", found[0].Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vf1", 1)]
    [InlineData("vf9", 3)]
    [InlineData("vf", 0)]
    public void A_port_is_that_of_a_flow_from_it_or_to_it(string port, int count) =>
        Assert.Equal(count, Pick(FlowQuery.All with { Top = 9, Ports = [port] }, Lines).Largest.Count);

    [Fact]
    public void Flows_are_selected_by_state() => Assert.Equal(
        FlowState.TcNotInHardware,
        Assert.Single(Pick(FlowQuery.All with { Top = 9, States = [FlowState.TcNotInHardware] }, Lines).Largest).State);

    [Fact]
    public void Flows_are_selected_by_reason()
    {
        FlowRecord flow = Assert.Single(
            Pick(FlowQuery.All with { Top = 9, Reasons = [FlowReason.NicRefused] }, Lines).Largest);
        Assert.Equal("nic_refused", flow.Reason?.Word);
        Assert.Equal(ReasonSource.Kernel, flow.Source);
    }

    [Fact]
    public void Reasons_are_determined_only_for_flows_that_are_not_offloaded() =>
        Assert.Equal(2, Pick(FlowQuery.All with { Top = 9, NotOffloaded = true }, Lines).Largest.Count);

    [Fact]
    public void The_limit_of_a_dump_gives_the_state()
    {
        var picker = new FlowPicker(FlowQuery.All with { Top = 9 }, FlowReasonFacts.None, 100, _ => { })
        {
            DumpedAs = FlowState.Offloaded,
        };
        picker.Add("in_port(1), packets:1, bytes:1, used:1s, actions:2"u8);
        Assert.Equal(FlowState.Offloaded, Assert.Single(picker.Largest).State);
    }

    private static readonly string[] Lines =
        [Line(1, 5, "offloaded:yes, dp:tc, ", "vf1"), Line(2, 6, "dp:tc, ", "vf2"), Line(3, 7, "dp:ovs, ", "vf3")];

    private static string Line(int ufid, int packets, string state = "offloaded:yes, dp:tc, ", string port = "vf1") =>
        $"ufid:00000000-0000-0000-0000-{ufid:x12}, recirc_id(0),skb_mark(0/0),in_port({port}), packets:{packets}, "
            + $"bytes:60, "
        + $"used:0.5s, {state}actions:vf9";

    private static FlowPicker Pick(FlowQuery query, params string[] lines) => Pick(query, [], lines);

    private static FlowPicker Pick(FlowQuery query, List<FlowRecord> found, params string[] lines)
    {
        var picker = new FlowPicker(query, FlowReasonFacts.None, 100, found.Add);
        picker.Begin("system@ovs-system");
        foreach (string line in lines)
        {
            picker.Add(Encoding.UTF8.GetBytes(line));
        }

        return picker;
    }
}
