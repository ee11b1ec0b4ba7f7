using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads at each scrape what this program itself uses, from <c>/proc/self</c>.</summary>
/// <param name="paths">The host's trees.</param>
internal sealed class ProcessProbe(HostPaths paths)
{
    /// <summary>Has the same names as <c>fd</c>, but files where that has links, each of which .NET would
    /// follow.</summary>
    private const string Descriptors = "fdinfo";

    private readonly string _self = Path.Combine(paths.Proc, "self");
    private DateTimeOffset? _started;

    /// <summary>What it uses.</summary>
    public ProcessFacts Read()
    {
        Reading<ProcessUsage> usage = Parse(Path.Combine(_self, "stat"), ProcessUsage.Parse);
        return new ProcessFacts(
            usage,
            paths.Files.Names(Path.Combine(_self, Descriptors)).Map(names => names.Count),
            Parse(Path.Combine(_self, "limits"), MaxFiles),
            usage.Then(Started));
    }

    /// <summary>Read once: it does not change, and <c>/proc/stat</c> is long on a host with many CPUs.</summary>
    private Reading<DateTimeOffset> Started(ProcessUsage usage)
    {
        if (_started is { } known)
        {
            return Reading.Known(known);
        }

        Reading<DateTimeOffset> started =
            Parse(Path.Combine(paths.Proc, "stat"), Boot).Map(boot => boot + usage.Started);
        _started = started.TryGet(out DateTimeOffset at) ? at : null;
        return started;
    }

    /// <summary><c>Max open files  1024  524288  files</c>: the soft limit is the first.</summary>
    private static long? MaxFiles(string limits) => Number(limits, "Max open files ");

    /// <summary><c>btime 1764469000</c>: when the machine was started, in seconds since 1970.</summary>
    private static DateTimeOffset? Boot(string stat) =>
        Number(stat, "btime ") is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The number behind the words with which a line begins.</summary>
    private static long? Number(string text, string begin) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal)) is { } line
        && line[begin.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var word, ..]
        && long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    private Reading<T> Parse<T>(string path, Func<string, T?> parse)
        where T : struct => paths.Files.Text(path).Then(text =>
            parse(text) is { } value
                ? Reading.Known(value)
                : Reading.Failed<T>($"{path}: unexpected format (proc(5))"));
}
