using OvsOffload.Flows;

namespace OvsOffload.Cli;

/// <summary>Counts the flows of one reading, each datapath by itself.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="dumpedAs">The state of lines that name none.</param>
/// <param name="reasons">Whether to count by reason.</param>
internal sealed class FlowTallies(FlowsSource source, FlowState dumpedAs, bool reasons)
{
    private readonly List<(string Datapath, FlowTallyBuilder Builder)> _builders = [];

    /// <summary>Which flows are counted.</summary>
    public FlowQuery Query { get; init; } = FlowQuery.All;

    /// <summary>Whether ports are left out.</summary>
    public bool StatesOnly { get; init; }

    /// <summary>The counts so far.</summary>
    public IReadOnlyList<(string Datapath, FlowTally Tally)> Built =>
        [.. _builders.Select(one => (one.Datapath, one.Builder.Build()))];

    /// <summary>Makes the consumer of a datapath's lines.</summary>
    public IFlowConsumer Begin(string datapath, long expected)
    {
        var builder = new FlowTallyBuilder(source.MaxFlows, expected)
        {
            Facts = reasons ? source.Facts : null,
            DumpedAs = dumpedAs,
            Query = Query,
            StatesOnly = StatesOnly,
            ByKey = source.IsLive,
        };
        _builders.Add((datapath, builder));
        return builder;
    }
}
