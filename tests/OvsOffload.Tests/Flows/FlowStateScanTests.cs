using System.Text;
using CsCheck;
using OvsOffload.Flows;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Flows;

public sealed class FlowStateScanTests
{
    private const string Key =
        "recirc_id(0),in_port(vf0),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),eth_type(0x0800)";

    private const string Usual = "ufid:0F1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0, " + Key
        + ", packets:12, bytes:3456, used:0.120s, flags:SFP., offloaded:yes, dp:tc, actions:vf1";

    // A line is left to FlowLine where no text comes after it.
    private static readonly byte[] After = [.. "\n"u8, .. Enumerable.Repeat((byte)'x', 300)];

    [Fact]
    public void Lines_with_a_ufid_and_short_numbers_are_read()
    {
        foreach ((string? line, FlowState state) in FlowCorpus.Flows.Where(
            flow => flow.Line.StartsWith("ufid:", StringComparison.Ordinal)))
        {
            Assert.Equal(Encoding.UTF8.GetByteCount(line) + 1, Read(line, out FlowState scanned, out _));
            Assert.Equal(state, scanned);
        }
    }

    [Theory]
    [InlineData("used:0.120s", "used:never")]
    [InlineData("used:0.120s", "used:7s")]
    [InlineData("used:0.120s", "used:123456789.123s")]
    [InlineData("packets:12", "packets:123456789012345")]
    [InlineData(", flags:SFP.", "")]
    [InlineData("SFP.", ".")]
    [InlineData("offloaded:yes", "offloaded:partial")]
    [InlineData("offloaded:yes, ", "")]
    [InlineData("offloaded:yes, dp:tc, ", "")]
    [InlineData("offloaded:yes, dp:tc, ", "dp:ovs, ")]
    [InlineData(", dp:tc", "")]
    [InlineData("in_port(vf0)", "in_port(a, packets:1)")]
    [InlineData("in_port(vf0)", "in_port(a packets, )")]
    [InlineData("actions:vf1", "actions:drop, dp-extra-info:x")]
    [InlineData("actions:vf1", "actions:vf1\r")]
    public void Usual_lines_are_read_as_FlowLine_reads_them(string part, string instead)
    {
        // Where a name holds a part of the statistics, FlowLine goes on; the scan leaves that line to it.
        AssertSame(Encoding.UTF8.GetBytes(Usual.Replace(part, instead)), mustBeRead: !instead.Contains(", packets:"));
    }

    [Theory]
    [InlineData("used:0.120s", "used:0.s")]
    [InlineData("used:0.120s", "used:.1s")]
    [InlineData("used:0.120s", "used:1.2.3s")]
    [InlineData("used:0.120s", "used:nevers")]
    [InlineData("used:0.120s", "used:1234567.12345678901s")]
    [InlineData("packets:12", "packets:")]
    [InlineData("packets:12", "packets:1234567890123456")]
    [InlineData("packets:12", "packets:1x")]
    [InlineData("offloaded:yes", "offloaded:no")]
    [InlineData("offloaded:yes", "offloaded:yess")]
    [InlineData("dp:tc", "dp:")]
    [InlineData("dp:tc, ", "dp:tc, offloaded:yes, ")]
    [InlineData("SFP.", "0123456789abcdef")]
    [InlineData(", actions:vf1", "")]
    [InlineData("actions:vf1", "actions:")]
    [InlineData("actions:vf1", "actions:\r")]
    [InlineData("actions:vf1", "actions:, dp-extra-info:x")]
    [InlineData("0F1e", "gF1e")]
    [InlineData("e1f0", "e1f-")]
    [InlineData("ufid:", "")]
    [InlineData("recirc_id(0),", "Recirc(0),")]
    [InlineData("recirc_id(0),", "(0),")]
    public void Other_lines_are_left_to_FlowLine(string part, string instead) =>
        Assert.Equal(0, Read(Usual.Replace(part, instead), out _, out _));

    [Fact]
    public void A_line_that_does_not_end_is_left_to_FlowLine()
    {
        byte[] text = Encoding.UTF8.GetBytes(Usual + new string('x', 1000));
        for (int length = 0; length < text.Length; length++)
        {
            Assert.Equal(0, FlowStateScan.TryRead(text.AsSpan(0, length), out _, out _));
        }
    }

    [Fact]
    public void Every_damaged_line_is_read_as_FlowLine_reads_it_or_left_to_it()
    {
        IEnumerable<byte[]> lines = FlowCorpus.Flows.Select(flow => flow.Line).Append(Usual)
            .Select(Encoding.UTF8.GetBytes);
        const int Rounds = 200_000;
        long read = 0;

        // Half of the changes hit the statistics, which are a small part of the line.
        Gen.OneOf<byte[]>([.. lines.Select(line => Damage.Of(
            line, most: 3, marks: "(),:. \n\r-0sx", near: line.AsSpan().IndexOf(", packets:"u8)))])
            .Check(Rounds, line => Interlocked.Add(ref read, AssertSame(line) ? 1 : 0));

        // Else the test would hold whatever the scan does.
        Assert.InRange(read, Damage.Rounds(Rounds) / 10, Damage.Rounds(Rounds));
    }

    [Fact]
    public void A_dump_counted_by_state_only_has_the_same_counts_as_by_port()
    {
        string[] states = ["offloaded:yes, dp:tc, ", "", "dp:tc, ", "dp:ovs, ", "offloaded:yes, dp:dummy, "];
        var lines = Gen.Frequency<string>(
            (1, Gen.OneOf<string>([.. FlowCorpus.Others])),
            (1, Gen.OneOf<string>([.. FlowCorpus.Damaged])),
            (1, Gen.OneOf(Usual, Usual + new string('y', 70_000))),
            (3, Gen.OneOf<string>([.. FlowCorpus.Flows.Select(flow => flow.Line)])),
            (6, Gen.Select(Gen.Int[0, 4095], Gen.OneOf(states)).Select((number, state) =>
                Usual.Replace("4b5a", $"{number:x4}").Replace(states[0], state))));
        Gen.Select(lines.Array[0, 300], Gen.OneOf(10, 100, 100_000)).Sample((dumped, maxFlows) =>
        {
            string dump = string.Concat(dumped.Select(line => line + "\n"));
            FlowTally byState = Tally(dump, new FlowTallyBuilder(maxFlows) { StatesOnly = true });
            FlowTally byPort = Tally(dump, new FlowTallyBuilder(maxFlows));
            Assert.Equal(byPort.Flows, byState.Flows);
            Assert.Equal(Counted(byPort), Counted(byState));
            Assert.Equal(
                (byPort.Malformed, byPort.Other, byPort.BeyondLimit, byPort.Truncated),
                (byState.Malformed, byState.Other, byState.BeyondLimit, byState.Truncated));
        }, iter: Damage.Rounds(100));

        static IEnumerable<KeyValuePair<string, long>> Counted(FlowTally tally) =>
            tally.Layers.Where(layer => layer.Value > 0).OrderBy(layer => layer.Key, StringComparer.Ordinal);
    }

    private static FlowTally Tally(string dump, FlowTallyBuilder builder)
    {
        FlowDump.Read(new MemoryStream(Encoding.UTF8.GetBytes(dump)), builder, CancellationToken.None);
        return builder.Build();
    }

    private static int Read(string line, out FlowState state, out string layer)
    {
        int length = FlowStateScan.TryRead(
            [.. Encoding.UTF8.GetBytes(line), .. After], out state, out ReadOnlySpan<byte> name);
        layer = Encoding.UTF8.GetString(name);
        return length;
    }

    /// <returns>Whether the scan read the line itself.</returns>
    private static bool AssertSame(byte[] text, bool mustBeRead = false)
    {
        int length = FlowStateScan.TryRead([.. text, .. After], out FlowState state, out ReadOnlySpan<byte> layer);
        Assert.True(length > 0 || !mustBeRead, Encoding.UTF8.GetString(text));
        if (length == 0)
        {
            return false;
        }

        // A mutation may have put a newline into the line.
        int end = text.AsSpan().IndexOf((byte)'\n');
        Span<byte> line = end < 0 ? text : text.AsSpan(0, end);
        Assert.Equal(line.Length + 1, length);
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(line, out FlowLine flow));
        Assert.Equal(flow.State, state);
        Assert.True(flow.Layer.SequenceEqual(layer));
        return true;
    }
}
