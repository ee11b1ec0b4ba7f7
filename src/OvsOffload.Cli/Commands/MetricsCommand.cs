using System.CommandLine;
using OvsOffload.Metrics;

namespace OvsOffload.Cli.Commands;

/// <summary><c>metrics list</c>: every metric that the exporter can show.</summary>
internal static class MetricsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var markdown = new Option<bool>("--markdown") { Description = "print Markdown" };
        var list = new Command("list", "list every metric with type, labels and meaning") { markdown };
        list.SetAction(parsed => List(parsed.GetValue(globals.Json), parsed.GetValue(markdown)));
        return new Command("metrics", "the exporter's metrics") { list };
    }

    private static int List(bool json, bool markdown)
    {
        if (json && markdown)
        {
            Output.Error("--json and --markdown cannot be used together");
            return ExitStatus.Usage;
        }

        if (json)
        {
            Output.Json(MetricsDocument.Write);
            return ExitStatus.Ok;
        }

        if (markdown)
        {
            Output.Result(MetricsDocument.Markdown().TrimEnd('\n'));
            return ExitStatus.Ok;
        }

        var table = new TextTable("METRIC", "TYPE", "LABELS", "COLLECTOR", "MEANING");
        foreach ((CollectorDeclaration collector, MetricFamily family) in MetricsDocument.All())
        {
            table.Add(
                family.Name,
                MetricsDocument.Word(family.Type),
                string.Join(",", family.Labels),
                collector.Name,
                family.Help);
        }

        foreach (string line in table.Lines())
        {
            Output.Result(line);
        }

        return ExitStatus.Ok;
    }
}
