using System.Globalization;
using OvsOffload.Flows;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.Flows;

/// <summary>Throws mutated dumps at the readers: nothing may crash, hang or grow. More of them with
/// <c>OVS_OFFLOAD_FUZZ_BYTES=2000000000</c>, others with <c>OVS_OFFLOAD_FUZZ_SEED=N</c>.</summary>
public sealed class FlowFuzzTests
{
    private static readonly long MutatedBytes = Number("OVS_OFFLOAD_FUZZ_BYTES", 24_000_000);

    private static readonly int Seed = (int)Number("OVS_OFFLOAD_FUZZ_SEED", 20_261);

    [Fact]
    public void Mutated_dumps_are_counted_or_malformed_and_never_anything_else()
    {
        var random = new Random(Seed);
        var dump = FlowCorpus.Dump();
        var reply = FlowCorpus.Reply();
        var bytes = new byte[Math.Max(dump.Length, reply.Length)];
        long done = 0;
        long allocated = 0;
        for (var round = 0; done < MutatedBytes; round++)
        {
            var original = round % 2 == 0 ? dump : reply;
            original.CopyTo(bytes, 0);
            var text = bytes.AsSpan(0, original.Length);
            done += Mutate(random, text);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(text, isReply: round % 2 == 1, random);
            }
            catch (FormatException) when (round % 2 == 1)
            {
                // A reply whose frame was hit is refused as a whole.
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, round {round}: {failure}");
            }

            allocated = Math.Max(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // The buffers, and strings of names that mutation made up.
        Assert.InRange(allocated, 0, 2_000_000);
    }

    /// <summary>Changes a part of the bytes: single ones, runs, swapped pieces.</summary>
    /// <returns>How many were changed.</returns>
    private static int Mutate(Random random, Span<byte> text)
    {
        const string Marks = "(),:{}/=\n\"\\ 0";
        var changed = 0;
        for (var wanted = 1 << random.Next(12); changed < wanted;)
        {
            var at = random.Next(text.Length);
            switch (random.Next(16))
            {
                case 0:
                    var run = Math.Min(random.Next(40), text.Length - at);
                    random.NextBytes(text.Slice(at, run));
                    changed += run;
                    break;
                case 1:
                    var length = Math.Min(random.Next(200), text.Length - at);
                    text.Slice(random.Next(text.Length - length), length).CopyTo(text.Slice(at, length));
                    changed += length;
                    break;
                case < 9:
                    text[at] = (byte)Marks[random.Next(Marks.Length)];
                    changed++;
                    break;
                default:
                    text[at] = (byte)random.Next(256);
                    changed++;
                    break;
            }
        }

        return changed;
    }

    private static void Read(ReadOnlySpan<byte> text, bool isReply, Random random)
    {
        var tally = new FlowTallyBuilder(1000) { Facts = FlowReasonFacts.None };
        var picker = new FlowPicker(FlowQuery.All with { Top = 5 }, FlowReasonFacts.None, 1000, _ => { }) { Beside = tally };
        if (isReply)
        {
            var scanner = new UnixctlReplyScanner(picker.Add, 8192, 4096);
            while (!text.IsEmpty && !scanner.Done)
            {
                var count = Math.Min(Math.Min(text.Length, scanner.Room.Length), random.Next(1, 5000));
                Assert.True(count > 0);
                text[..count].CopyTo(scanner.Room.Span);
                scanner.Received(count);
                text = text[count..];
            }
        }
        else
        {
            Split(text, picker, random);
        }

        var built = tally.Build();
        if (!isReply)
        {
            var states = new FlowTallyBuilder(1000) { StatesOnly = true };
            Split(text, states, random);
            var byState = states.Build();
            Assert.Equal(
                (built.Flows, built.Malformed, built.Other, built.Truncated),
                (byState.Flows, byState.Malformed, byState.Other, byState.Truncated));
        }

        Assert.Equal(
            built.Flows.Total - built.Flows.Offloaded - built.Flows.Unknown, built.Reasons.Sum(reason => reason.Flows));
    }

    private static void Split(ReadOnlySpan<byte> text, IFlowConsumer consumer, Random random)
    {
        var splitter = new RecordSplitter(consumer.Add, 8192, 4096) { LinesConsumer = consumer.AddLines };
        while (!text.IsEmpty)
        {
            var count = Math.Min(Math.Min(text.Length, splitter.Room.Length), random.Next(1, 5000));
            Assert.True(count > 0);
            text[..count].CopyTo(splitter.Room.Span);
            splitter.Received(count);
            text = text[count..];
        }

        consumer.AddRest(splitter.Rest, splitter.Rest.Length <= 4096);
    }

    private static long Number(string variable, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;
}
