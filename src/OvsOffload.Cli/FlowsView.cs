using System.CommandLine;
using System.Text.Json;
using OvsOffload.Flows;
using OvsOffload.Os;

namespace OvsOffload.Cli;

/// <summary>One run of a <c>flows</c> command: what was asked, and how it is shown.</summary>
internal sealed class FlowsView(ParseResult parsed, GlobalOptions globals, FlowsOptions options, FlowsSource source)
{
    private bool _again;
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
    public void Again() => _again = true;

    /// <summary>Writes lines for people.</summary>
    public void Lines(IEnumerable<string> lines)
    {
        if (_again && Output.IsTerminal)
        {
            // Cursor home, erase below (ECMA-48).
            Output.Write("\e[H\e[J");
        }

        _again = false;
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

    /// <summary>Begins one JSON document whose flows are written while they come.</summary>
    public FlowsJson OpenJson() => new(Output.Open(), source.State?.HostName ?? Environment.MachineName);
}

/// <summary>A JSON document that grows flow by flow.</summary>
internal sealed class FlowsJson : IDisposable
{
    private readonly Stream _stream;

    /// <param name="stream">Where to; closed at the end.</param>
    /// <param name="host">The host's name.</param>
    public FlowsJson(Stream stream, string host)
    {
        _stream = stream;
        Writer = Document.Begin(stream, host, TimeProvider.System.GetUtcNow());
    }

    /// <summary>Within the document's object.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Writes one flow.</summary>
    public void Write(FlowRecord flow)
    {
        FlowsDocument.WriteFlow(Writer, flow);
        Writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Document.End(Writer, _stream);
        _stream.Dispose();
    }
}
