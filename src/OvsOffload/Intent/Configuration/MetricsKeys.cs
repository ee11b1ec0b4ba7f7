namespace OvsOffload.Intent.Configuration;

/// <summary>The keys under <c>metrics</c>.</summary>
internal static class MetricsKeys
{
    private const int FlowLimit = 100_000_000;

    private static readonly MetricsIntent Defaults = new();

    public static Key<ListenAddress> Listen { get; } = new(
        "listen", AddressKinds.Listen, Defaults.Listen, "Address of /metrics and the status page.");

    public static Key<string?> WebConfig { get; } = new(
        "web-config", NameKinds.OptionalPath, Defaults.WebConfig,
        "A file with TLS settings and users, in the format of the Prometheus exporter-toolkit.",
        Unstated: "none: plain HTTP without authentication");

    public static Key<TimeSpan> Interval { get; } = new(
        "interval", ScalarKinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Defaults.FlowDump.Interval,
        "Interval between the starts of two flow dumps.");

    public static Key<int> MaxFlows { get; } = new(
        "max-flows", ScalarKinds.Integer(1, FlowLimit), Defaults.FlowDump.MaxFlows,
        "With more flows than this, dumps are skipped, and a metric reports it.");

    public static Key<double> Duty { get; } = new(
        "duty", ScalarKinds.Percent(0.01m, 100m), Defaults.FlowDump.Duty,
        "Maximum share of time for dumps; a long dump delays the next one.");

    public static NamedValues<bool> Collectors { get; } = new(
        "collectors", "the name of a collector", ScalarKinds.Boolean,
        "Collectors by name (see ovs-offload metrics list); false disables one; the others are enabled.");

    public static Section FlowDump { get; } = new(
        "flow-dump", "Frequency and cost limits of flow dumps.", [Interval, MaxFlows, Duty]);

    public static Section Section { get; } = new(
        "metrics", "The Prometheus exporter.", [Listen, WebConfig, FlowDump, Collectors]);

    /// <param name="reader">The section.</param>
    /// <param name="collectors">The collectors that there are; null where any name will do.</param>
    public static MetricsIntent Read(SectionReader reader, IReadOnlyCollection<string>? collectors) => new()
    {
        Listen = reader.Read(Listen),
        WebConfig = reader.Read(WebConfig),
        FlowDump = reader.ReadSection(FlowDump, ReadFlowDump) ?? Defaults.FlowDump,
        Collectors = reader.ReadNamed(Collectors, collectors),
        Source = reader.Source,
    };

    public static void Write(SectionWriter writer, MetricsIntent metrics)
    {
        writer.Write(Listen, metrics.Listen);
        writer.Write(WebConfig, metrics.WebConfig);
        writer.WriteSection(FlowDump, metrics.FlowDump, WriteFlowDump);
        writer.WriteNamed(Collectors, metrics.Collectors);
    }

    private static void WriteFlowDump(SectionWriter writer, FlowDumpIntent flowDump)
    {
        writer.Write(Interval, flowDump.Interval);
        writer.Write(MaxFlows, flowDump.MaxFlows);
        writer.Write(Duty, flowDump.Duty);
    }

    private static FlowDumpIntent ReadFlowDump(SectionReader reader) => new()
    {
        Interval = reader.Read(Interval),
        MaxFlows = reader.Read(MaxFlows),
        Duty = reader.Read(Duty),
        Source = reader.Source,
    };
}
