using OvsOffload.Metrics;

namespace OvsOffload.Tests.Dashboards;

/// <summary>Every metric that an expression may name, and the labels of each.</summary>
internal static class KnownMetrics
{
    /// <summary>What Prometheus adds to each series.</summary>
    private static readonly string[] Scraped = ["job", "instance"];

    /// <summary>Labels by metric: those that the program declares, the recorded ones, and <c>up</c>.</summary>
    public static Dictionary<string, HashSet<string>> Labels { get; } = Make();

    /// <summary>What is wrong with the names in an expression; empty when nothing is.</summary>
    public static IEnumerable<string> Problems(string expression) => Problems(expression, Labels);

    private static Dictionary<string, HashSet<string>> Make()
    {
        var known = CollectorNames.Families.ToDictionary(
            family => family.Name, family => family.Labels.Concat(Scraped).ToHashSet());
        known["up"] = [.. Scraped];
        foreach (Rule rule in Rules.All.Where(rule => rule.Record is not null))
        {
            // A recorded series has the labels that it is grouped by, else those of what it is made of.
            var names = PromQL.Of(rule.Expression);
            known[rule.Record!] = names.By.Count > 0
                ? [.. names.By]
                : [.. names.Selectors.SelectMany(one => known.GetValueOrDefault(one.Metric, []))];
        }

        return known;
    }

    private static IEnumerable<string> Problems(string expression, Dictionary<string, HashSet<string>> known)
    {
        var names = PromQL.Of(expression);
        var all = new HashSet<string>();
        foreach ((string metric, List<string> labels) in names.Selectors)
        {
            if (!known.TryGetValue(metric, out HashSet<string>? its))
            {
                yield return $"there is no metric {metric}";
                continue;
            }

            all.UnionWith(its);
            foreach (string label in labels.Where(label => !its.Contains(label)))
            {
                yield return $"{metric} has no label {label}";
            }
        }

        foreach (string label in names.Grouping.Where(label => !all.Contains(label)))
        {
            yield return $"no metric of it has the label {label}";
        }
    }
}
