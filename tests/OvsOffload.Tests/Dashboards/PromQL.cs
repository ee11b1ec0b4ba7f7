using System.Text.RegularExpressions;

namespace OvsOffload.Tests.Dashboards;

/// <summary>
/// The names that a PromQL expression stands on. Whether it is an expression at all is promtool's to say.
/// </summary>
internal sealed partial class PromQL
{
    private static readonly HashSet<string> Words =
    [
        "and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right",
        "inf", "nan",
    ];

    private static readonly HashSet<string> TakeLabels =
        ["by", "without", "on", "ignoring", "group_left", "group_right"];

    private PromQL()
    {
    }

    /// <summary>Metrics, each with the labels that it is selected by.</summary>
    public List<(string Metric, List<string> Labels)> Selectors { get; } = [];

    /// <summary>Labels by which is grouped, matched or joined.</summary>
    public List<string> Grouping { get; } = [];

    /// <summary>Labels of the lists behind <c>by</c>.</summary>
    public List<string> By { get; } = [];

    /// <summary>Takes an expression apart.</summary>
    public static PromQL Of(string expression)
    {
        var found = new PromQL();
        string[] tokens = [.. Token().Matches(expression).Select(match => match.Value)];
        for (int i = 0; i < tokens.Length; i++)
        {
            string next = i + 1 < tokens.Length ? tokens[i + 1] : "";
            if (tokens[i] == "[")
            {
                while (tokens[i] != "]")
                {
                    i++;
                }
            }
            else if (TakeLabels.Contains(tokens[i]) && next == "(")
            {
                string word = tokens[i];
                for (i += 2; tokens[i] != ")"; i++)
                {
                    if (tokens[i] != ",")
                    {
                        found.Grouping.Add(tokens[i]);
                        if (word == "by")
                        {
                            found.By.Add(tokens[i]);
                        }
                    }
                }
            }
            else if (IsName(tokens[i]) && !Words.Contains(tokens[i]) && next is not ("(" or "by" or "without"))
            {
                var labels = new List<string>();
                string metric = tokens[i];
                if (next == "{")
                {
                    for (i += 2; tokens[i] != "}"; i++)
                    {
                        if (IsName(tokens[i]))
                        {
                            labels.Add(tokens[i]);
                        }
                    }
                }

                found.Selectors.Add((metric, labels));
            }
        }

        return found;
    }

    private static bool IsName(string token) => char.IsLetter(token[0]) || token[0] is '_' or ':';

    /// <summary>Strings, names, numbers with their units, and everything else sign by sign.</summary>
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|'[^']*'|[0-9][0-9a-z.]*|[A-Za-z_:][A-Za-z0-9_:]*|[^\s]
        """)]
    private static partial Regex Token();
}
