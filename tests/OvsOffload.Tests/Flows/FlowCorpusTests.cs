using System.Text;
using OvsOffload.Flows;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.Flows;

public sealed class FlowCorpusTests
{
    private const int MaxFlows = 1000;

    [Fact]
    public void Every_shape_is_read_in_its_state()
    {
        foreach ((string? line, FlowState state) in FlowCorpus.Flows)
        {
            Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Encoding.UTF8.GetBytes(line), out FlowLine flow));
            Assert.Equal(state, flow.State);
        }

        Assert.All(FlowCorpus.Others, line => Assert.Equal(FlowLineKind.Other, Kind(line)));
        Assert.All(FlowCorpus.Damaged, line => Assert.Equal(FlowLineKind.Malformed, Kind(line)));
    }

    [Fact]
    public void A_line_has_all_its_bytes_in_its_parts()
    {
        foreach ((string? line, FlowState _) in FlowCorpus.Flows)
        {
            FlowLine.Read(Encoding.UTF8.GetBytes(line), out FlowLine flow);
            Assert.Contains(Encoding.UTF8.GetString(flow.Key) + ", packets:", line, StringComparison.Ordinal);
            Assert.Contains(", actions:" + Encoding.UTF8.GetString(flow.Actions), line, StringComparison.Ordinal);
            Assert.Equal(Encoding.UTF8.GetString(flow.Key), Joined(flow.Key));
            Assert.Equal(Encoding.UTF8.GetString(flow.Actions), Joined(flow.Actions));
        }
    }

    [Fact]
    public void A_dump_in_pieces_of_any_size_gives_the_same_counts()
    {
        byte[] text = FlowCorpus.Dump();
        byte[] reply = FlowCorpus.Reply();
        string whole = Same(FlowCorpus.Flows.Length);
        for (int size = 1; size <= 64; size++)
        {
            Assert.Equal(whole, Describe(TallyOfText(text, size)));
            Assert.Equal(whole, Describe(TallyOfReply(reply, size)));
        }
    }

    [Fact]
    public void A_dump_cut_at_every_byte_has_the_flows_before_the_cut_and_says_that_it_was_cut()
    {
        byte[] text = FlowCorpus.Dump();
        for (int cut = 0; cut < text.Length; cut++)
        {
            string ended = Encoding.UTF8.GetString(text.AsSpan(0, text.AsSpan(0, cut).LastIndexOf((byte)'\n') + 1));
            int flows = ended.Split('\n').Count(line => FlowCorpus.Flows.Any(flow => flow.Line == line));
            Span<byte> rest = text.AsSpan(
                ended.Length == 0 ? 0 : Encoding.UTF8.GetByteCount(ended), cut - Encoding.UTF8.GetByteCount(ended));
            FlowTally tally = TallyOfText(text[..cut], 4096);
            bool couldBeWhole = FlowLine.Read(rest, out FlowLine last) == FlowLineKind.Flow
                && FlowLine.IsBalanced(last.Actions);
            Assert.Equal(flows + (couldBeWhole ? 1 : 0), tally.Flows.Total);
            Assert.Equal(
                !couldBeWhole && !rest.IsEmpty
                && (flows > 0 || Kind(Encoding.UTF8.GetString(rest)) != FlowLineKind.Other),
                tally.Truncated);
        }
    }

    [Fact]
    public void Each_record_cut_at_every_byte_is_a_flow_only_with_actions()
    {
        foreach ((string? line, FlowState _) in FlowCorpus.Flows)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(line);
            int actions = bytes.AsSpan().IndexOf(", actions:"u8) + ", actions:".Length;
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.Equal(
                    length > actions, FlowLine.Read(bytes.AsSpan(0, length), out _) == FlowLineKind.Flow);
            }
        }
    }

    [Fact]
    public void A_line_above_the_bound_is_malformed_and_the_next_one_is_read()
    {
        byte[] text = Encoding.UTF8.GetBytes(
            FlowCorpus.Flows[0].Line + new string('x', 100_000) + "\n" + FlowCorpus.Flows[1].Line + "\n");
        FlowTally tally = TallyOfText(text, 1000);
        Assert.Equal((1, 1), (tally.Malformed, tally.Flows.Total));
        Assert.False(tally.Truncated);
    }

    [Fact]
    public void A_file_that_holds_a_reply_is_read_as_one()
    {
        foreach (byte[]? reply in new[]
        {
            FlowCorpus.Reply(),
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(FlowCorpus.Reply())
                .Replace("\"id\":1,\"result\"", "\"reply-format\":\"plain\",\"reply\"")),
        })
        {
            var builder = new FlowTallyBuilder(MaxFlows);
            FlowDump.Read(new MemoryStream(reply), builder, CancellationToken.None);
            Assert.Equal(Same(FlowCorpus.Flows.Length), Describe(builder.Build()));

            var cut = new FlowTallyBuilder(MaxFlows);
            FlowDump.Read(new MemoryStream(reply[..^20]), cut, CancellationToken.None);
            Assert.True(cut.Build().Truncated);
        }
    }

    [Fact]
    public void A_dump_without_its_last_newline_is_whole()
    {
        var builder = new FlowTallyBuilder(MaxFlows);
        FlowDump.Read(
            new MemoryStream(
                Encoding.UTF8.GetBytes(string.Join('\n', FlowCorpus.Flows.Take(3).Select(flow => flow.Line)))),
            builder,
            CancellationToken.None);
        Assert.Equal(3, builder.Build().Flows.Total);
        Assert.False(builder.Build().Truncated);
    }

    private static string Same(int flows) =>
        $"{flows} flows, {FlowCorpus.Damaged.Length} malformed, {FlowCorpus.Others.Length} others, truncated False";

    private static string Describe(FlowTally tally) =>
        $"{tally.Flows.Total} flows, {tally.Malformed} malformed, {tally.Other} others, truncated {tally.Truncated}";

    private static FlowTally TallyOfText(byte[] text, int size)
    {
        var builder = new FlowTallyBuilder(MaxFlows);
        FlowDump.Read(new SlowStream(text, size), builder, CancellationToken.None);
        return builder.Build();
    }

    private static FlowTally TallyOfReply(byte[] reply, int size)
    {
        var builder = new FlowTallyBuilder(MaxFlows);
        var scanner = new UnixctlReplyScanner(builder.Add, 256 * 1024, 64 * 1024);
        for (int at = 0; at < reply.Length; at += size)
        {
            Span<byte> piece = reply.AsSpan(at, Math.Min(size, reply.Length - at));
            piece.CopyTo(scanner.Room.Span);
            scanner.Received(piece.Length);
        }

        Assert.True(scanner.Done);
        return builder.Build();
    }

    private static FlowLineKind Kind(string line) => FlowLine.Read(Encoding.UTF8.GetBytes(line), out _);

    private static string Joined(ReadOnlySpan<byte> text)
    {
        var parts = new List<string>();
        var items = new FlowItems(text);
        while (items.Next())
        {
            parts.Add(Encoding.UTF8.GetString(items.Whole));
        }

        return string.Join(',', parts);
    }
}
