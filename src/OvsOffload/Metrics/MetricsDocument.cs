using System.Text;
using System.Text.Json;
using OvsOffload.Os;

namespace OvsOffload.Metrics;

/// <summary>What metrics there are, from the declarations that the exporter itself stands on.</summary>
internal static class MetricsDocument
{
    /// <summary>Writes the member <c>"metrics":[{"name","type","labels":[..],"help","collector"}]</c>.</summary>
    public static void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("metrics");
        foreach ((CollectorDeclaration collector, MetricFamily family) in All())
        {
            writer.WriteStartObject();
            writer.WriteString("name", family.Name);
            writer.WriteString("type", Word(family.Type));
            writer.WriteStrings("labels", family.Labels);
            writer.WriteString("help", family.Help);
            writer.WriteString("collector", collector.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The same as a page in Markdown, one table for each collector.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder(
            """
            # Metrics

            Printed by `ovs-offload metrics list --markdown`; a test keeps this page up to date.

            `pf` is always the PCI address, `device` the name of the network device, `function` is `vf3`, `sf88`, ..;
            `controller` is empty except on SmartNICs. Names and other changing properties are in `_info` metrics for
            joins. What could not be read has no sample: `ovs_offload_collector_success` is then 0, and
            `ovs_offload_collector_last_success_timestamp_seconds` shows since when. Each collector except `exporter`
            can be disabled under `metrics.collectors` in the configuration.

            """.ReplaceLineEndings("\n"));
        foreach (CollectorDeclaration collector in CollectorNames.WithExporter)
        {
            page.Append($"\n## {collector.Name}\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n");
            foreach (MetricFamily family in collector.Families)
            {
                string labels = string.Join(", ", family.Labels.Select(label => $"`{label}`"));
                page.Append($"| `{family.Name}` | {Word(family.Type)} | {labels} | {Cell(family.Help)} |\n");
            }
        }

        return page.ToString();
    }

    /// <summary>Every family with its collector.</summary>
    public static IEnumerable<(CollectorDeclaration Collector, MetricFamily Family)> All()
    {
        foreach (CollectorDeclaration collector in CollectorNames.WithExporter)
        {
            foreach (MetricFamily family in collector.Families)
            {
                yield return (collector, family);
            }
        }
    }

    /// <summary>The type as Prometheus calls it.</summary>
    public static string Word(MetricType type) => type == MetricType.Counter ? "counter" : "gauge";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
