using System.CommandLine;
using System.Text.Json;
using OvsOffload.Flows;
using OvsOffload.Os;

namespace OvsOffload.Cli;

/// <summary>One run of a <c>flows</c> command: what was asked, and how it is shown.</summary>
internal sealed class FlowsView(ParseResult parsed, GlobalOptions globals, FlowsOptions options, FlowsSource source)
{
    private bool _refreshing;
    private FlowCounts _before;
    private long _beforeAt;

    /// <summary>What was asked.</summary>
    public ParseResult Parsed => parsed;

    /// <summary>The options.</summary>
    public FlowsOptions Options => options;

    /// <summary>Where flows come from.</summary>
    public FlowsSource Source => source;

    /// <summary>Whether one JSON document is asked for.</summary>
    public bool IsJson => parsed.GetValue(globals.Json);

    /// <summary>The next reading begins: a terminal is cleared for it.</summary>
    public void BeginRefresh() => _refreshing = true;

    /// <summary>Writes lines for people.</summary>
    public void Lines(IEnumerable<string> lines)
    {
        if (_refreshing && Output.IsTerminal)
        {
            Output.ClearScreen();
        }

        _refreshing = false;
        foreach (string line in lines)
        {
            Output.Result(line);
        }
    }

    /// <summary>How fast each count changed since the last reading, per second; null at the first.</summary>
    public Func<FlowState, double>? Rates(IReadOnlyList<(string Datapath, FlowTally Tally)> tallies)
    {
        FlowCounts now = tallies.Aggregate(default(FlowCounts), (sum, one) => sum + one.Tally.Flows);
        FlowCounts before = _before;
        TimeSpan since = TimeProvider.System.GetElapsedTime(_beforeAt);
        bool first = _beforeAt == 0;
        (_before, _beforeAt) = (now, TimeProvider.System.GetTimestamp());
        return first ? null : state => (now.Of(state) - before.Of(state)) / since.TotalSeconds;
    }

    /// <summary>Writes one JSON document.</summary>
    public void Json(Action<Utf8JsonWriter> members)
    {
        if (source.State is { } state)
        {
            Output.Json(state, members);
        }
        else
        {
            Output.Json(members);
        }
    }

    /// <summary>
    /// The status of what was read: partly, which is then said, where a text has no flow at all. A running switch
    /// without flows is known to have none.
    /// </summary>
    public int StatusOfInput(LineCounts lines)
    {
        if (source.IsLive || lines.Flows > 0)
        {
            return ExitStatus.Ok;
        }

        long all = lines.Malformed + lines.Other;
        Output.Error(all == 0
            ? $"no flow in {source.Name}: it is empty"
            : $"no flow in {source.Name}: {all} lines, {lines.Malformed} of them malformed flows; expected is the "
                + "output of ovs-appctl dpctl/dump-flows -m");
        return ExitStatus.Partial;
    }

    /// <summary>Writes what failed into a document, where something did.</summary>
    public static void WriteFailure(Utf8JsonWriter writer, int status)
    {
        if (status != ExitStatus.Ok)
        {
            Output.WriteError(writer, status);
        }
    }
}

/// <summary>A JSON document that grows flow by flow; it begins with the first, so that what fails before has one of its
/// own.</summary>
internal sealed class FlowsJson(FlowsView view) : IDisposable
{
    private Stream? _stream;
    private Utf8JsonWriter? _writer;

    /// <summary>Writes one flow.</summary>
    public void Write(FlowRecord flow)
    {
        Utf8JsonWriter writer = Begin();
        FlowsDocument.WriteFlow(writer, flow);
        writer.Flush();
    }

    /// <summary>Ends the document, which says so where something failed; gives the status back.</summary>
    public int End(int status)
    {
        Utf8JsonWriter writer = Begin();
        writer.WriteEndArray();
        FlowsView.WriteFailure(writer, status);
        Document.End(writer, _stream!);
        return status;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();

    private Utf8JsonWriter Begin()
    {
        if (_writer is null)
        {
            _stream = Output.Open();
            _writer = Document.Begin(
                _stream, view.Source.State?.HostName ?? Environment.MachineName, TimeProvider.System.GetUtcNow());
            _writer.WriteStartArray("flows");
        }

        return _writer;
    }
}
