using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Flows;

namespace OvsOffload.Cli;

/// <summary><c>flows why --assume</c>: what the flows of one reading would meet elsewhere.</summary>
internal sealed class WhatIfRun
{
    private readonly FlowAssumptions _assumptions;
    private readonly FlowsSource _source;
    private readonly List<WhatIfTally> _tallies = [];

    private WhatIfRun(FlowAssumptions assumptions, FlowsSource source)
    {
        (_assumptions, _source) = (assumptions, source);
    }

    /// <summary>The run that was asked for; null where nothing is assumed.</summary>
    public static WhatIfRun? Of(FlowsView view) =>
        view.Parsed.GetValue(view.Options.Assume) is { } text
        && FlowAssumptions.TryParse(text, out FlowAssumptions? assumptions, out _)
            ? new WhatIfRun(assumptions, view.Source)
            : null;

    /// <summary>Makes the consumer of a datapath's lines.</summary>
    public IFlowConsumer Begin()
    {
        var tally = new WhatIfTally(_source.Facts, _assumptions.Of(_source.Facts), _source.MaxFlows);
        _tallies.Add(tally);
        return tally;
    }

    /// <summary>Adds it to a JSON document.</summary>
    public void Write(Utf8JsonWriter writer) => WhatIfDocument.Write(writer, _assumptions, Counts());

    /// <summary>For people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"assumed: {string.Join(", ", _assumptions.Words.Select(word => $"{word.Key}={word.Value}"))}";
        var table = new TextTable("FLOWS", "PACKETS", "NOW", "THEN");
        foreach (WhatIfCount count in Counts())
        {
            table.Add($"{count.Flows}", $"{count.Packets}", WhatIfDocument.Now(count), WhatIfDocument.Then(count));
        }

        foreach (string line in table.Lines())
        {
            yield return line;
        }

        yield return WhatIfDocument.NoPromise;
        yield return "";
    }

    private ImmutableArray<WhatIfCount> Counts() =>
    [
        .. _tallies.SelectMany(tally => tally.Build())
            .GroupBy(count => count with { Flows = 0, Packets = 0 })
            .Select(group => group.Key with
            {
                Flows = group.Sum(count => count.Flows),
                Packets = group.Aggregate(0UL, (sum, count) => sum + count.Packets),
            })
            .OrderByDescending(count => count.Packets).ThenByDescending(count => count.Flows),
    ];
}
