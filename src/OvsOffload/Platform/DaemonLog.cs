using System.Globalization;
using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>One line of an Open vSwitch daemon's log (lib/vlog.c): <c>time|sequence|module|LEVEL|message</c>.</summary>
/// <param name="Time">UTC; null on a line that is not in this form, such as the second line of a message.</param>
/// <param name="Module">Where it comes from, with the thread where one is named: <c>dpif_netlink(handler1)</c>.</param>
/// <param name="Level">EMER, ERR, WARN, INFO or DBG.</param>
/// <param name="Message">The message, or the whole line when it is not in this form.</param>
internal sealed record DaemonLogLine(DateTimeOffset? Time, string Module, string Level, string Message)
{
    private static readonly string[] Levels = ["EMER", "ERR", "WARN", "INFO", "DBG"];

    public static DaemonLogLine Parse(ReadOnlySpan<char> line)
    {
        Span<Range> parts = stackalloc Range[5];
        return line.Split(parts, '|') == 5 && LevelOf(line[parts[3]].Trim()) is { } level
            && DateTimeOffset.TryParse(
                line[parts[0]], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? new DaemonLogLine(time, line[parts[2]].ToString(), level, line[parts[4]].ToString())
            : new DaemonLogLine(null, "", "", line.ToString());
    }

    private static string? LevelOf(ReadOnlySpan<char> word)
    {
        foreach (string level in Levels)
        {
            if (word.SequenceEqual(level))
            {
                return level;
            }
        }

        return null;
    }
}

/// <summary>The end of a daemon's log.</summary>
/// <param name="Lines">Oldest first; a line that is still being written is not among them.</param>
/// <param name="IsWhole">Whether the file's beginning is included.</param>
internal sealed record DaemonLogTail(IReadOnlyList<DaemonLogLine> Lines, bool IsWhole);

/// <summary>Reads the end of a log file that its daemon may be writing to. Stateless.</summary>
internal static class DaemonLog
{
    /// <summary>Bytes read from the end by default.</summary>
    public const int DefaultBound = 1 << 20;

    /// <summary>Where ovs-vswitchd logs to when nobody told it otherwise.</summary>
    public static string VswitchdLog(HostPaths paths) => Path.Combine(paths.Var, "log/openvswitch/ovs-vswitchd.log");

    /// <summary>The last whole lines within <paramref name="bound"/> bytes. Bytes that are not UTF-8 become
    /// U+FFFD.</summary>
    public static Reading<DaemonLogTail> Read(string path, int bound = DefaultBound) =>
        Read(LiveFiles.Instance, path, bound);

    /// <summary>The same from the files of a host.</summary>
    public static Reading<DaemonLogTail> Read(HostFiles files, string path, int bound = DefaultBound) =>
        files.Tail(path, bound).Map(tail =>
        {
            ReadOnlySpan<byte> text = tail.Bytes;
            text = text[..(text.LastIndexOf((byte)'\n') + 1)];
            ReadOnlySpan<char> all = Encoding.UTF8.GetString(text);
            var lines = new List<DaemonLogLine>();
            foreach (Range line in all.Split('\n'))
            {
                if (!all[line].IsEmpty)
                {
                    lines.Add(DaemonLogLine.Parse(all[line]));
                }
            }

            return new DaemonLogTail(lines, tail.IsWhole);
        });
}
