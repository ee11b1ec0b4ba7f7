using System.Collections.Frozen;

namespace OvsOffload.OpenVSwitch;

/// <summary>The names of a daemon's log modules, as <c>vlog/list</c> gives them (lib/vlog.c, vlog_get_levels): a
/// headline, a line of dashes, then one module a line with its level at console, syslog and file.</summary>
internal static class LogModules
{
    private static readonly string[] Levels = ["OFF", "EMER", "ERR", "WARN", "INFO", "DBG"];

    /// <summary>The names.</summary>
    /// <exception cref="FormatException">The text has no line of dashes, or a line below it that is no
    /// module's.</exception>
    public static FrozenSet<string> Parse(string text)
    {
        string[][] lines =
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        ];
        int dashes = Array.FindIndex(lines, words => words.Length == 3 && words.All(word => word.All(c => c == '-')));
        if (dashes < 0)
        {
            throw new FormatException("no line of dashes is below the headline");
        }

        string[][] modules = lines[(dashes + 1)..];
        return Array.Find(modules, words => words.Length != 4 || !words[1..].All(Levels.Contains)) is { } other
            ? throw new FormatException($"'{string.Join(' ', other)}' is no module with three levels")
            : modules.Select(words => words[0]).ToFrozenSet(StringComparer.Ordinal);
    }
}
