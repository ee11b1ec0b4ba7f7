using System.Globalization;
using System.Text.RegularExpressions;
using OvsOffload.Metrics;

namespace OvsOffload.Tests.Metrics;

/// <summary>An exposition, read back.</summary>
/// <param name="Series">Values by name and labels as they stand there:
/// <c>ovs_offload_vfs{pf="0000:3b:00.0"}</c>.</param>
/// <param name="Types">Types by the name of the family.</param>
internal sealed partial record Exposition(
    IReadOnlyDictionary<string, double> Series, IReadOnlyDictionary<string, string> Types)
{
    /// <summary>Reads text of either format; each line has to be in order, and nothing may stand there twice.</summary>
    public static Exposition Parse(string text)
    {
        var series = new Dictionary<string, double>();
        var types = new Dictionary<string, string>();
        Assert.EndsWith("\n", text);
        foreach (string line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal) || line == "# EOF")
            {
                continue;
            }

            if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.True(types.TryAdd(type.Groups[1].Value, type.Groups[2].Value), line);
                continue;
            }

            Match sample = SampleLine().Match(line);
            Assert.True(sample.Success, line);
            Assert.True(series.TryAdd(sample.Groups[1].Value, Number(sample.Groups[2].Value)), line);
        }

        return new Exposition(series, types);
    }

    /// <summary>How a sample's name and labels stand in an exposition.</summary>
    public static string NameOf(Sample sample)
    {
        IEnumerable<string> labels =
            sample.Family.Labels.Zip(sample.Labels, (name, value) => $"{name}=\"{Escaped(value)}\"");
        return sample.Family.Labels.IsEmpty
            ? sample.Family.Name
            : $"{sample.Family.Name}{{{string.Join(',', labels)}}}";
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal);

    [GeneratedRegex("^# TYPE ([a-z_]+) (counter|gauge)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        """^([a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\]|\\[\\n"])*",?)+\})?) """
            + "(-?[0-9.]+(?:e[+-][0-9]+)?|NaN|[+-]?Inf(?:inity)?)$")]
    private static partial Regex SampleLine();
}
