using System.Text;
using OvsOffload.Flows;

namespace OvsOffload.Tests.Flows;

/// <summary>Dumps as they come out of mails, tickets, documents and builds of vendors.</summary>
public sealed class PastedLineTests
{
    private const string Id = "ufid:5a6b7c8d-0102-4304-8506-0708090a0b0c";

    private const string Key =
        "recirc_id(0),in_port(vf3),eth(src=02:00:00:00:00:03,dst=02:00:00:00:00:04),eth_type(0x0800)";

    private const string Line = Id + ", " + Key
        + ", packets:12, bytes:840, used:0.5s, offloaded:yes, dp:tc, actions:up0";

    [Theory]
    [InlineData("    ", "")]
    [InlineData("\t", "")]
    [InlineData("> ", "")]
    [InlineData("> > ", " ")]
    [InlineData("17:", "")]
    [InlineData("17-", "")]
    [InlineData("dump.txt:17:", "")]
    [InlineData("   17\t", "")]
    [InlineData("- ", "")]
    [InlineData("* `", "`")]
    [InlineData("3. ", "")]
    [InlineData("```", "```")]
    [InlineData("\u001b[0;32m", "\u001b[0m")]
    [InlineData("\uFEFF", "")]
    [InlineData("\u00a0\u00a0", "")]
    [InlineData("2026-04-05T06:07:08.123Z ", "")]
    [InlineData("[06:07:08] ", "")]
    [InlineData("Apr 05 06:07:08 hv7 ", "")]
    public void What_people_put_around_a_flow_is_no_part_of_it(string before, string after)
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Bytes(before + Line + after), out FlowLine flow));
        Assert.Equal(
            (FlowState.Offloaded, "vf3", 12UL, 840UL), (flow.State, Text(flow.InPort), flow.Packets, flow.Bytes));
        Assert.Equal((Key, "up0"), (Text(flow.Key), Text(flow.Actions)));
        Assert.NotNull(flow.Ufid);
    }

    [Theory]
    [InlineData("  ")]
    [InlineData("> ")]
    [InlineData("9:")]
    [InlineData("2026-04-05 06:07:08 ")]
    public void The_same_without_a_ufid(string before)
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(
            Bytes($"{before}{Key}, packets:1, bytes:60, used:never, dp:ovs, actions:drop"), out FlowLine flow));
        Assert.Equal((FlowState.Software, "drop"), (flow.State, Text(flow.Actions)));
    }

    [Fact]
    public void Colours_within_a_line_are_no_part_of_it()
    {
        string coloured = Line.Replace("offloaded:yes", "\u001b[1;31moffloaded:yes\u001b[m", StringComparison.Ordinal);
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Bytes(coloured), out FlowLine flow));
        Assert.Equal(FlowState.Offloaded, flow.State);
    }

    [Theory]
    [InlineData(
        "packets:9, bytes:900, offload_packets:8, offload_bytes:800, used:3.1s,offloaded:yes,dp:tc, actions:up0")]
    [InlineData("packets:9,bytes:900,used:3.1s,dp:tc,offloaded:yes,actions:up0")]
    public void Builds_of_vendors_are_read(string words)
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Bytes($"{Id}, {Key}, {words}"), out FlowLine flow));
        Assert.Equal((FlowState.Offloaded, "tc", 9UL, "up0"),
            (flow.State, Text(flow.Layer), flow.Packets, Text(flow.Actions)));
    }

    [Theory]
    [InlineData(Key + ", actions:up0", FlowState.Unknown)]
    [InlineData(Key + " actions:up0", FlowState.Unknown)]
    [InlineData(Key + ", used:1.0s, actions:up0", FlowState.Unknown)]
    [InlineData(Id + ", " + Key + ", dp:tc, actions:up0", FlowState.TcNotInHardware)]
    [InlineData(Id + ", " + Key + ", offloaded:yes, dp:tc, actions:up0", FlowState.Offloaded)]
    public void A_line_without_counters_is_a_flow(string line, object state)
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Bytes(line), out FlowLine flow));
        Assert.Equal((state, 0UL, "up0"), (flow.State, flow.Packets, Text(flow.Actions)));
    }

    [Theory]
    [InlineData("  " + Id + ", " + Key + ", packets:12, bytes:840, used:0.5s")]
    [InlineData("> " + Key + ", packets:twelve, bytes:840, used:0.5s, actions:1")]
    [InlineData("> " + Key + ", packets:1, bytes:840, used:often, actions:1")]
    [InlineData("> " + Key + ", packets:1, mood:good, bytes:840, used:1s, actions:1")]
    [InlineData("7:" + Key + ", packets:1, bytes:840, used:1s, offloaded:perhaps, actions:1")]
    [InlineData("   " + Key)]
    public void What_cannot_be_read_is_counted_as_malformed(string line) =>
        Assert.Equal(FlowLineKind.Malformed, FlowLine.Read(Bytes(line), out _));

    [Theory]
    [InlineData("> On Tuesday somebody wrote:")]
    [InlineData("- a list (of things)")]
    [InlineData("```console")]
    [InlineData("$ ovs-appctl dpctl/dump-flows -m type=offloaded")]
    [InlineData("    ")]
    [InlineData("2026-04-05T06:07:08Z|00009|dpif_netlink(handler1)|DBG|system@ovs-system: put[create] " + Id + " " + Key
        + ", packets:1, bytes:2, used:0.1s, actions:3")]
    [InlineData("2026-04-05T06:07:08Z|00009|dpif_offload(handler1)|WARN|system@ovs-system: failed to put[create] "
        + "(Invalid argument) " + Id + " " + Key + ", actions:3")]
    public void Other_text_is_passed_over(string line) =>
        Assert.Equal(FlowLineKind.Other, FlowLine.Read(Bytes(line), out _));

    [Fact]
    public void A_pasted_dump_is_counted_with_its_first_unreadable_line_and_the_same_by_state_only()
    {
        string dump = string.Join('\n',
            "> $ ovs-appctl dpctl/dump-flows -m", "> " + Line, "> "
                + Line.Replace("0b0c", "0b0d").Replace("offloaded:yes, ", ""),
            "> " + Id + ", broken", "");
        FlowTally full = Tally(dump, new FlowTallyBuilder(10) { Facts = FlowReasonFacts.None });
        FlowTally states = Tally(dump, new FlowTallyBuilder(10) { StatesOnly = true });
        Assert.Equal(new FlowCounts(1, 0, 1, 0, 0), full.Flows);
        Assert.Equal((1, "> " + Id + ", broken"), (full.Malformed, full.FirstMalformed));
        Assert.Equal((full.Flows, full.Malformed, full.Other), (states.Flows, states.Malformed, states.Other));
    }

    private static FlowTally Tally(string dump, FlowTallyBuilder builder)
    {
        FlowDump.Read(new MemoryStream(Bytes(dump)), builder, CancellationToken.None);
        return builder.Build();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
