using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A setting of a profile of tuned that is in force.</summary>
/// <param name="File">The profile's file, as the host names it.</param>
/// <param name="Section">The section: <c>net</c>.</param>
/// <param name="Line">The setting: <c>features=hw-tc-offload off</c>.</param>
internal sealed record TunedSetting(string File, string Section, string Line);

/// <summary>
/// Reads what tuned is told to do with network devices (tuned.conf(5), tuned-profiles(7)). Pure but for the files.
/// </summary>
internal static class TunedProfile
{
    private const string Active = "/etc/tuned/active_profile";

    /// <summary>Where a profile is looked for, the site's own first; the second of each since tuned 2.23.</summary>
    private static readonly string[] Directories =
        ["/etc/tuned", "/etc/tuned/profiles", "/usr/lib/tuned", "/usr/lib/tuned/profiles"];

    /// <summary>Profiles that include each other are followed this far.</summary>
    private const int MaxProfiles = 16;

    /// <summary>
    /// The settings of the profiles in force and of those that they include; none where no profile is active. Absent:
    /// tuned was never told of one.
    /// </summary>
    public static Reading<IReadOnlyList<TunedSetting>> Read(HostPaths paths) =>
        paths.Files.Text(At(paths, Active)).Then(text =>
        {
            var found = new List<TunedSetting>();
            var names = new Queue<string>(text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (names.TryDequeue(out string? name))
            {
                if (name.Contains('/', StringComparison.Ordinal) || !seen.Add(name) || seen.Count > MaxProfiles)
                {
                    continue;
                }

                foreach (string directory in Directories)
                {
                    string file = $"{directory}/{name}/tuned.conf";
                    Reading<string> profile = paths.Files.LooseText(At(paths, file));
                    if (profile.IsFailed)
                    {
                        return Reading.Failed<IReadOnlyList<TunedSetting>>(profile.Why);
                    }

                    if (profile.IsKnown)
                    {
                        IReadOnlyList<TunedSetting> settings = Parse(file, profile.Value);
                        found.AddRange(settings.Where(one => one.Section != "main"));
                        Included(settings).ForEach(names.Enqueue);
                        break;
                    }
                }
            }

            return Reading.Known<IReadOnlyList<TunedSetting>>(found);
        });

    /// <summary>The settings of one file, in order; comments and lines without <c>=</c> are passed over.</summary>
    public static IReadOnlyList<TunedSetting> Parse(string file, string text)
    {
        var found = new List<TunedSetting>();
        string section = "";
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line is ['[', .., ']'])
            {
                section = line[1..^1].Trim();
            }
            else if (line.Length > 0 && line[0] is not ('#' or ';') && line.Contains('=', StringComparison.Ordinal))
            {
                found.Add(new TunedSetting(file, section, line));
            }
        }

        return found;
    }

    private static List<string> Included(IEnumerable<TunedSetting> settings) =>
    [
        .. settings.Where(one => one.Section == "main")
            .Select(one => one.Line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair[0] == "include")
            .SelectMany(pair => pair[1].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)),
    ];

    private static string At(HostPaths paths, string file) => Path.Combine(paths.Root, file[1..]);
}
