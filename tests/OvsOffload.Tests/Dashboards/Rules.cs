using YamlDotNet.RepresentationModel;

namespace OvsOffload.Tests.Dashboards;

/// <summary>A rule of a rule file.</summary>
internal sealed record Rule(
    string File, string? Record, string? Alert, string Expression, string? Severity, string Summary, string Runbook);

/// <summary>The project's rule files.</summary>
internal static class Rules
{
    /// <summary>The folder of dashboards and rules.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "dashboards");

    /// <summary>Rule files, tests of them left out.</summary>
    public static string[] Files { get; } = [.. Directory.GetFiles(Folder, "*-rules.yaml").Order()];

    /// <summary>Every rule.</summary>
    public static Rule[] All { get; } = [.. Files.SelectMany(Read)];

    private static IEnumerable<Rule> Read(string file)
    {
        var stream = new YamlStream();
        using (var reader = new StreamReader(file))
        {
            stream.Load(reader);
        }

        foreach (YamlNode group in List(stream.Documents[0].RootNode, "groups"))
        {
            foreach (YamlNode rule in List(group, "rules"))
            {
                yield return new Rule(
                    Path.GetFileName(file),
                    Text(rule, "record"),
                    Text(rule, "alert"),
                    Text(rule, "expr") ?? "",
                    Get(rule, "labels") is { } labels ? Text(labels, "severity") : null,
                    Get(rule, "annotations") is { } words ? Text(words, "summary") ?? "" : "",
                    Get(rule, "annotations") is { } more ? Text(more, "runbook") ?? "" : "");
            }
        }
    }

    private static YamlNode? Get(YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? value : null;

    private static string? Text(YamlNode node, string key) => (Get(node, key) as YamlScalarNode)?.Value;

    private static IEnumerable<YamlNode> List(YamlNode node, string key) =>
        ((YamlSequenceNode)Get(node, key)!).Children;
}
