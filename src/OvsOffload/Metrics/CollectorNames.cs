using System.Collections.Immutable;

namespace OvsOffload.Metrics;

/// <summary>Every collector that there is.</summary>
internal static class CollectorNames
{
    /// <summary>All declarations, in the order of the exposition; the exporter's own comes last.</summary>
    public static ImmutableArray<CollectorDeclaration> Declarations { get; } =
    [
        BuildCollector.Declaration,
        ProcessCollector.Declaration,
        NicsCollector.Declaration,
        RepresentorsCollector.Declaration,
        BondsCollector.Declaration,
        FlowsCollector.Declaration,
        OpenVSwitchCollector.Declaration,
        TrafficControlCollector.Declaration,
        ConntrackCollector.Declaration,
        SecurityGroupsCollector.Declaration,
        ReconcileCollector.Declaration,
        ChecksCollector.Declaration,
    ];

    /// <summary>The collectors over what they take from, in the order of the exposition.</summary>
    public static ImmutableArray<ICollector> Over(ScrapeSources sources) =>
        [.. Declarations.Select(declaration => new Collector(declaration, sources))];

    /// <summary>The names that <c>metrics.collectors</c> may hold.</summary>
    public static ImmutableArray<string> All { get; } = [.. Declarations.Select(declaration => declaration.Name)];

    /// <summary>All declarations, the exporter's own included.</summary>
    public static ImmutableArray<CollectorDeclaration> WithExporter { get; } = Declarations.Add(Exporter.Declaration);

    /// <summary>Every family of the exposition, the exporter's own included.</summary>
    public static IEnumerable<MetricFamily> Families => WithExporter.SelectMany(declaration => declaration.Families);
}
