using System.Text.Json;
using OvsOffload.Metrics;

namespace OvsOffload.Tests.Dashboards;

/// <summary>The dashboards show metrics that there are, in units that fit, in panels that Grafana has.</summary>
public sealed class DashboardTests
{
    /// <summary>Core panels of Grafana, each with the members of its options that are used here.</summary>
    private static readonly Dictionary<string, string[]> Options = new()
    {
        ["stat"] = ["reduceOptions", "colorMode", "graphMode", "justifyMode", "textMode", "orientation"],
        ["timeseries"] = ["legend", "tooltip"],
        ["bargauge"] = ["reduceOptions", "displayMode", "orientation", "showUnfilled", "valueMode"],
        ["table"] = ["showHeader", "cellHeight", "footer", "sortBy"],
        ["state-timeline"] = ["mergeValues", "showValue", "alignValue", "rowHeight", "legend", "tooltip"],
    };

    /// <summary>Ids of units in Grafana's @grafana/data, of those that are used here.</summary>
    private static readonly string[] Units = ["none", "short", "percentunit", "s", "bytes", "Bps", "pps"];

    private static readonly string[] Modes = ["absolute"];

    private static readonly string[] Transformations = ["merge", "organize"];

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Rules.Folder, "*.json").Select(file => Path.GetFileName(file)!).Order()];

    public static TheoryData<string, string> Panels =>
        [.. Files.SelectMany(file => PanelsOf(Read(file.Data)).Select(panel => (file.Data, Text(panel, "title"))))];

    [Fact]
    public void There_is_a_dashboard_for_a_host_and_one_for_the_fleet() =>
        Assert.Equal(["fleet.json", "host.json"], Files.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Files))]
    public void It_can_be_imported_by_file_and_by_provisioning(string file)
    {
        JsonElement board = Read(file);
        Assert.Equal(JsonValueKind.Null, board.GetProperty("id").ValueKind);
        Assert.Matches("^ovs-offload-[a-z]+$", Text(board, "uid"));
        Assert.True(board.GetProperty("schemaVersion").GetInt32() >= 39);
        Assert.NotEqual("", Text(board, "title"));
        Assert.NotEqual("", Text(board, "description"));
        Assert.False(board.TryGetProperty("__inputs", out _), "provisioning does not fill inputs in");
        Assert.DoesNotContain("http://", board.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_datasource_host_and_bond_are_variables(string file)
    {
        JsonElement[] variables = [.. Read(file).GetProperty("templating").GetProperty("list").EnumerateArray()];
        Assert.Equal(["datasource", "host", "bond"], variables.Select(one => Text(one, "name")));
        Assert.Equal("prometheus", Text(variables[0], "query"));
        foreach (JsonElement variable in variables[1..])
        {
            string query = Text(variable.GetProperty("query"), "query");
            Assert.StartsWith("label_values(", query);
            Assert.Empty(KnownMetrics.Problems(Substitute(query["label_values(".Length..query.LastIndexOf(',')])));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_panels_have_places_of_their_own(string file)
    {
        JsonElement[] panels = [.. Read(file).GetProperty("panels").EnumerateArray()];
        Assert.Distinct(panels.Select(panel => panel.GetProperty("id").GetInt32()));
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonElement panel in panels)
        {
            JsonElement place = panel.GetProperty("gridPos");
            (int x, int y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            (int w, int h) = (place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.InRange(x + w, 1, 24);
            foreach (int at in Enumerable.Range(0, w * h))
            {
                Assert.True(taken.Add((x + at % w, y + at / w)), $"{Text(panel, "title")} covers another panel");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Panels))]
    public void A_panel_is_one_of_Grafanas_and_says_what_it_shows(string file, string title)
    {
        JsonElement panel = Panel(file, title);
        string type = Text(panel, "type");
        Assert.Contains(type, Options.Keys);
        Assert.Empty(panel.GetProperty("options").EnumerateObject().Select(one => one.Name).Except(Options[type]));
        Assert.EndsWith(".", Text(panel, "description"));
        JsonElement defaults = panel.GetProperty("fieldConfig").GetProperty("defaults");
        Assert.Contains(Text(defaults, "unit"), Units);
        JsonElement thresholds = defaults.GetProperty("thresholds");
        Assert.Contains(Text(thresholds, "mode"), Modes);
        Assert.Equal(JsonValueKind.Null, thresholds.GetProperty("steps")[0].GetProperty("value").ValueKind);
        Assert.Equal("${datasource}", Text(panel.GetProperty("datasource"), "uid"));
        if (panel.TryGetProperty("transformations", out JsonElement transformations))
        {
            Assert.All(transformations.EnumerateArray(), one => Assert.Contains(Text(one, "id"), Transformations));
        }
    }

    [Theory]
    [MemberData(nameof(Panels))]
    public void A_panel_queries_existing_metrics_and_labels(string file, string title)
    {
        JsonElement[] targets = [.. Panel(file, title).GetProperty("targets").EnumerateArray()];
        Assert.NotEmpty(targets);
        Assert.Distinct(targets.Select(target => Text(target, "refId")));
        foreach (JsonElement target in targets)
        {
            string expression = Text(target, "expr");
            Assert.Empty(KnownMetrics.Problems(Substitute(expression)));
            Assert.Equal("${datasource}", Text(target.GetProperty("datasource"), "uid"));
            Assert.Contains("$host", expression);
        }
    }

    [Theory]
    [MemberData(nameof(Panels))]
    public void A_panel_of_lines_is_in_the_unit_of_what_it_shows(string file, string title)
    {
        JsonElement panel = Panel(file, title);
        string unit = Text(panel.GetProperty("fieldConfig").GetProperty("defaults"), "unit");
        if (Text(panel, "type") == "table")
        {
            return;
        }

        foreach (JsonElement target in panel.GetProperty("targets").EnumerateArray())
        {
            Assert.Equal(UnitOf(Text(target, "expr")), unit is "none" or "short" ? "" : unit);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_metric_that_says_something_of_a_host_is_shown_somewhere(string file)
    {
        if (file != "host.json")
        {
            return;
        }

        IEnumerable<string> expressions = PanelsOf(Read(file))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => Text(target, "expr")).Concat(Rules.All.Select(rule => rule.Expression));
        HashSet<string> shown =
            [.. expressions.SelectMany(one => PromQL.Of(Substitute(one)).Selectors).Select(one => one.Metric)];

        // .NET maps hundreds of gigabytes that it never uses, the second is one of the states of another, and the third
        // is of a time without metrics, which shows as that.
        Assert.Equal(
            [
                "process_virtual_memory_bytes", "ovs_offload_offloaded_flows", "ovs_offload_listen_failures_total",
            ],
            CollectorNames.Families.Select(family => family.Name).Where(name => !shown.Contains(name)));
    }

    /// <summary>The unit that an expression comes out in, "" for a bare number.</summary>
    private static string UnitOf(string expression) =>
        expression.Contains(":share", StringComparison.Ordinal)
            || expression.Contains(":used", StringComparison.Ordinal)
            || expression.Contains(") / (sum", StringComparison.Ordinal) ? "percentunit"
        : expression.Contains("1 - sum(instance:ovs_offload_representor_slow", StringComparison.Ordinal) ? "percentunit"
        : expression.Contains("_cpu_seconds_total", StringComparison.Ordinal) ? "percentunit"
        : expression.Contains("_memory_bytes", StringComparison.Ordinal) ? "bytes"
        : expression.Contains("bytes:rate5m", StringComparison.Ordinal) ? "Bps"
        : expression.Contains("increase(", StringComparison.Ordinal) ? ""
        : expression.Contains("_packets_total", StringComparison.Ordinal)
            || expression.Contains("lookups_total", StringComparison.Ordinal) ? "pps"
        : expression.Contains("_seconds", StringComparison.Ordinal) ? "s"
        : "";

    private static string Substitute(string expression) =>
        expression.Replace("$__rate_interval", "5m", StringComparison.Ordinal);

    private static JsonElement Read(string file) =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(Rules.Folder, file)));

    private static IEnumerable<JsonElement> PanelsOf(JsonElement board) =>
        board.GetProperty("panels").EnumerateArray().Where(panel => Text(panel, "type") != "row");

    private static JsonElement Panel(string file, string title) =>
        PanelsOf(Read(file)).Single(panel => Text(panel, "title") == title);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
