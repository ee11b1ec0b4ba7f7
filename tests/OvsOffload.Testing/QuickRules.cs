using System.Globalization;
using System.Text.RegularExpressions;

namespace OvsOffload.Testing;

/// <summary>
/// The project's rules in a hurry: every minute counts as a second, in <c>for:</c>, in ranges, in offsets, and in
/// seconds that a time is compared with; a day, which would still be 24 minutes, counts as half of one. On a host that
/// is so many times too slow for that, a minute counts as so many seconds, and a rate is so many times lower. Nothing
/// else of a rule is altered.
/// </summary>
internal static partial class QuickRules
{
    /// <summary>Writes the shortened rules into a folder.</summary>
    /// <param name="rules">The folder of the rules that are shipped.</param>
    /// <param name="folder">Where they go, under the same names.</param>
    /// <param name="slowness">How many times too slow the host is.</param>
    /// <returns>The folder.</returns>
    public static string Write(string rules, DirectoryInfo folder, int slowness)
    {
        foreach (string file in Directory.GetFiles(rules, "*-rules.yaml"))
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, Path.GetFileName(file)), Shorten(File.ReadAllText(file), slowness));
        }

        return folder.FullName;
    }

    /// <summary>The text of rules with every duration a sixtieth of what it was, times the slowness.</summary>
    public static string Shorten(string rules, int slowness)
    {
        string durations = Duration().Replace(rules, match => $"{Seconds(match) * 1000 / 60 * slowness:0}ms");
        string ages = Age().Replace(durations, match => Text(Number(match) / 60 * slowness));
        return Rate().Replace(ages, match => Text(Number(match) / slowness));
    }

    private static double Number(Match match) => double.Parse(match.Value, CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Seconds(Match match) =>
        double.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) * match.Groups["unit"].Value switch
        {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 1800,
            var unit => throw new FormatException($"no length is known of a duration in {unit}"),
        };

    [GeneratedRegex(@"(?<=\[|\bfor: |\boffset )(?<count>[0-9]+)(?<unit>[a-z]+)\b")]
    private static partial Regex Duration();

    [GeneratedRegex(@"(?<=\btime\(\) - [a-z_]+ > )[0-9]+\b")]
    private static partial Regex Age();

    [GeneratedRegex(@"(?<=_bytes:rate5m > )[1-9][0-9e]*\b")]
    private static partial Regex Rate();
}
