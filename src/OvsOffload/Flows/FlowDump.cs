using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>Reads the flows of a running datapath, or of a dump that somebody made.</summary>
internal static class FlowDump
{
    /// <summary>The buffer that a file passes through: above it the speed does not grow.</summary>
    private const int FileBufferBytes = 256 * 1024;

    /// <summary>The longest line that is read, as of <see cref="UnixctlOptions.MaxRecordBytes"/>.</summary>
    private const int MaxRecordBytes = 64 * 1024;

    /// <summary>Dumps all flows of one datapath, and counts them while they arrive.</summary>
    /// <remarks>ovs-vswitchd does nothing else while it builds the dump: 8 s for a million flows.</remarks>
    /// <param name="unixctl">The daemon.</param>
    /// <param name="datapath">Its datapath, as <see cref="UnixctlClient.DatapathsAsync"/> names it.</param>
    /// <param name="maxFlows">The most distinct flows that are told apart.</param>
    /// <param name="facts">What reasons are decided by; null when they are not asked for.</param>
    /// <param name="cancellationToken">Ends the reading; the daemon builds its dump to the end all the same.</param>
    /// <exception cref="OpenVSwitchException">The dump could not be read to its end: there is no number
    /// then.</exception>
    public static async Task<FlowTally> ReadAsync(
        UnixctlClient unixctl,
        string datapath,
        int maxFlows,
        FlowReasonFacts? facts,
        CancellationToken cancellationToken)
    {
        var tally = new FlowTallyBuilder(maxFlows) { Facts = facts, CountConntrack = true };
        await StreamAsync(unixctl, datapath, FlowDumpDetail.All, tally.Add, cancellationToken);
        return tally.Build();
    }

    /// <summary>Hands out the lines of a dump while they arrive.</summary>
    /// <param name="unixctl">The daemon.</param>
    /// <param name="datapath">Its datapath.</param>
    /// <param name="detail">How much of each flow.</param>
    /// <param name="consumer">Gets each line.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Task StreamAsync(
        UnixctlClient unixctl,
        string datapath,
        FlowDumpDetail detail,
        RecordConsumer consumer,
        CancellationToken cancellationToken)
    {
        // In any other order ovs-vswitchd ignores -m, or the datapath, without a word.
        string[] arguments = detail switch
        {
            FlowDumpDetail.CountOffloaded => [datapath, "type=offloaded"],
            FlowDumpDetail.Offloaded => ["-m", datapath, "type=offloaded"],
            _ => ["-m", datapath],
        };
        return unixctl.StreamAsync("dpctl/dump-flows", arguments, consumer, cancellationToken);
    }

    /// <summary>Hands out the lines of a text: of ovs-appctl or ovs-dpctl, or a reply of unixctl as it came.</summary>
    /// <param name="text">The text.</param>
    /// <param name="consumer">Gets each line.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static void Read(Stream text, IFlowConsumer consumer, CancellationToken cancellationToken)
    {
        var splitter = new RecordSplitter(consumer.Add, FileBufferBytes, MaxRecordBytes)
        {
            LinesConsumer = consumer.AddLines,
        };
        int count = text.Read(splitter.Room.Span);
        if (splitter.Room.Span[..count].TrimStart((ReadOnlySpan<byte>)[(byte)' ', (byte)'\n']) is [(byte)'{', ..])
        {
            ReadReply(text, splitter.Room.Span[..count], consumer, cancellationToken);
            return;
        }

        while (count > 0)
        {
            splitter.Received(count);
            cancellationToken.ThrowIfCancellationRequested();
            count = text.Read(splitter.Room.Span);
        }

        consumer.AddRest(splitter.Rest, splitter.Rest.Length <= MaxRecordBytes);
    }

    private static void ReadReply(
        Stream text, ReadOnlySpan<byte> begin, IFlowConsumer consumer, CancellationToken cancellationToken)
    {
        var scanner = new UnixctlReplyScanner(consumer.Add, FileBufferBytes, MaxRecordBytes);
        begin.CopyTo(scanner.Room.Span);
        try
        {
            for (int count = begin.Length; count > 0; count = text.Read(scanner.Room.Span))
            {
                scanner.Received(count);
                cancellationToken.ThrowIfCancellationRequested();
                if (scanner.Done)
                {
                    return;
                }
            }
        }
        catch (FormatException)
        {
            // No reply after all, or a damaged one: what it held until there was counted.
        }

        consumer.Abort();
    }
}

/// <summary>How much is dumped.</summary>
internal enum FlowDumpDetail
{
    /// <summary>Every flow with its id, state and layer.</summary>
    All,

    /// <summary>Offloaded flows with their ids; on a kernel datapath only tc is read.</summary>
    Offloaded,

    /// <summary>Offloaded flows without <c>-m</c>: half the text, for who only counts them.</summary>
    CountOffloaded,
}

/// <summary>Gets the lines of a dump.</summary>
internal interface IFlowConsumer
{
    /// <summary>A line, without its newline.</summary>
    /// <param name="line">The line.</param>
    /// <param name="whole">False when it is longer than the bound, and so only its beginning is at hand.</param>
    void Add(ReadOnlySpan<byte> line, bool whole = true);

    /// <summary>Takes the lines that a text begins with, where it can read them faster so than one by one.</summary>
    /// <param name="text">The text, from the beginning of a line.</param>
    /// <param name="maxLineBytes">The longest line that may be taken.</param>
    /// <returns>How many bytes it took, whole lines with their newlines; the next line is to be given to
    /// <see cref="Add"/>.</returns>
    int AddLines(ReadOnlySpan<byte> text, int maxLineBytes) => 0;

    /// <summary>What comes after the last newline; may be empty.</summary>
    void AddRest(ReadOnlySpan<byte> rest, bool whole = true);

    /// <summary>The dump ended before its end.</summary>
    void Abort();
}
