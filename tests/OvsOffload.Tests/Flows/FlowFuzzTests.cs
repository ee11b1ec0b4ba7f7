using CsCheck;
using OvsOffload.Flows;
using OvsOffload.OpenVSwitch;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Flows;

/// <summary>Throws damaged dumps at the readers: nothing may crash, hang or grow. A hundred times as many of them with
/// <c>CsCheck_Iter=10000</c>.</summary>
public sealed class FlowFuzzTests
{
    private const string Marks = "(),:{}/=\n\"\\ 0";

    /// <summary>The buffers, and strings of names that damage made up. Bytes.</summary>
    private const long MaxAllocated = 2_000_000;

    [Fact]
    public void Damaged_dumps_are_counted() =>
        Check(FlowCorpus.Dump(), (text, chunks) => Read(text, isReply: false, chunks));

    [Fact]
    public void Damaged_replies_are_counted_or_malformed() => Check(FlowCorpus.Reply(), (text, chunks) =>
    {
        try
        {
            Read(text, isReply: true, chunks);
        }
        catch (FormatException)
        {
            // A reply whose frame was hit is refused as a whole.
        }
    });

    private static void Check(byte[] text, Action<byte[], int[]> read) =>
        Gen.Select(
            Gen.OneOf<byte[]>(Damage.Of(text, most: 8, Marks), Damage.Of(text, most: 2_000, Marks, keepsLength: true)),
            Gen.Int[1, 5_000].Array[1, 30])
            .Sample(
                (damaged, chunks) =>
                {
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    read(damaged, chunks);
                    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
                },
                iter: Damage.Rounds(10_000));

    private static void Read(ReadOnlySpan<byte> text, bool isReply, int[] chunks)
    {
        var tally = new FlowTallyBuilder(1000) { Facts = FlowReasonFacts.None };
        var picker = new FlowPicker(FlowQuery.All with { Top = 5 }, FlowReasonFacts.None, 1000, _ => { })
        {
            Companion = tally,
        };
        if (isReply)
        {
            var scanner = new UnixctlReplyScanner(picker.Add, 8192, 4096);
            for (int i = 0; !text.IsEmpty && !scanner.Done; i++)
            {
                int count = Math.Min(Math.Min(text.Length, scanner.Room.Length), chunks[i % chunks.Length]);
                Assert.True(count > 0);
                text[..count].CopyTo(scanner.Room.Span);
                scanner.Received(count);
                text = text[count..];
            }
        }
        else
        {
            Split(text, picker, chunks);
        }

        FlowTally built = tally.Build();
        if (!isReply)
        {
            var states = new FlowTallyBuilder(1000) { StatesOnly = true };
            Split(text, states, chunks);
            FlowTally byState = states.Build();
            Assert.Equal(
                (built.Flows, built.Malformed, built.Other, built.Truncated),
                (byState.Flows, byState.Malformed, byState.Other, byState.Truncated));
        }

        Assert.Equal(
            built.Flows.Total - built.Flows.Offloaded - built.Flows.Unknown, built.Reasons.Sum(reason => reason.Flows));
    }

    private static void Split(ReadOnlySpan<byte> text, IFlowConsumer consumer, int[] chunks)
    {
        var splitter = new RecordSplitter(consumer.Add, 8192, 4096) { LinesConsumer = consumer.AddLines };
        for (int i = 0; !text.IsEmpty; i++)
        {
            int count = Math.Min(Math.Min(text.Length, splitter.Room.Length), chunks[i % chunks.Length]);
            Assert.True(count > 0);
            text[..count].CopyTo(splitter.Room.Span);
            splitter.Received(count);
            text = text[count..];
        }

        consumer.AddRest(splitter.Rest, splitter.Rest.Length <= 4096);
    }
}
