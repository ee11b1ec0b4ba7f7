using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>Which distribution this is (os-release(5)).</summary>
/// <param name="Id"><c>debian</c>, <c>rhel</c>, <c>rocky</c>, ..</param>
/// <param name="Like">Those that it is derived from: <c>rhel fedora</c>; empty for none.</param>
/// <param name="Name">For people: <c>Debian GNU/Linux 12 (bookworm)</c>.</param>
internal sealed record OsRelease(string Id, IReadOnlyList<string> Like, string Name)
{
    /// <summary>Reads <c>/etc/os-release</c>, else <c>/usr/lib/os-release</c>.</summary>
    public static Reading<OsRelease> Read(HostPaths paths)
    {
        Reading<string> text = paths.Files.Text(Path.Combine(paths.Etc, "os-release"));
        return (text.IsAbsent ? paths.Files.Text(Path.Combine(paths.Usr, "lib/os-release")) : text).Then(Parse);
    }

    /// <summary>Reads lines <c>NAME=value</c>; a value may stand in quotes.</summary>
    public static Reading<OsRelease> Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (!line.StartsWith('#') && line.Split('=', 2) is [var name, var value])
            {
                values[name] = value.Trim('"', '\'');
            }
        }

        return values.TryGetValue("ID", out string? id) && id.Length > 0
            ? Reading.Known(new OsRelease(
                id,
                values.GetValueOrDefault("ID_LIKE", "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
                values.GetValueOrDefault("PRETTY_NAME", id)))
            : Reading.Failed<OsRelease>("os-release has no ID");
    }
}
