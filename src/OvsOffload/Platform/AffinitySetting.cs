using System.Text.RegularExpressions;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A line that puts interrupts on certain CPUs.</summary>
/// <param name="File">The file, as the host names it.</param>
/// <param name="Line">The line: <c>set_irq_affinity_bynode.sh 0 eth4</c>.</param>
internal sealed record AffinitySetting(string File, string Line);

/// <summary>
/// Finds out who is told to place interrupts by hand: start scripts, units, udev rules and ifupdown that write
/// smp_affinity or call the vendor's set_irq_affinity, mlnx_affinity or mlnx_tune, and RUN_AFFINITY_TUNER of MLNX_OFED.
/// </summary>
internal static partial class AffinitySettings
{
    /// <summary>Directories, and how their files end.</summary>
    private static readonly (string Directory, string Ending)[] Directories =
    [
        ("/etc/udev/rules.d", ".rules"), ("/etc/systemd/system", ".service"), ("/etc/network/interfaces.d", ""),
        ("/etc/network/if-up.d", ""), ("/etc/NetworkManager/dispatcher.d", ""), ("/etc/cron.d", ""),
    ];

    private static readonly string[] Files =
        ["/etc/rc.local", "/etc/network/interfaces", "/etc/infiniband/openib.conf"];

    /// <summary>All of them; none where nobody does.</summary>
    public static Reading<IReadOnlyList<AffinitySetting>> Read(HostPaths paths)
    {
        var found = new List<AffinitySetting>();
        foreach ((string directory, string ending) in Directories)
        {
            Reading<IReadOnlyList<string>> names = paths.Files.Names(Path.Combine(paths.Root, directory[1..]));
            if (names.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<AffinitySetting>>(names.Why);
            }

            foreach (string name in names.ValueOr([]).Where(name => name.EndsWith(ending, StringComparison.Ordinal)))
            {
                // A directory among scripts (cron.d of some packages) holds none that are run.
                string file = $"{directory}/{name}";
                if (!paths.Files.IsDirectory(Path.Combine(paths.Root, file[1..])) && Add(paths, file, found) is { } why)
                {
                    return Reading.Failed<IReadOnlyList<AffinitySetting>>(why);
                }
            }
        }

        foreach (string file in Files)
        {
            if (Add(paths, file, found) is { } why)
            {
                return Reading.Failed<IReadOnlyList<AffinitySetting>>(why);
            }
        }

        return Reading.Known<IReadOnlyList<AffinitySetting>>(found);
    }

    /// <summary>
    /// Whether a file is looked at for nothing but such lines, so that the others are nobody's business.
    /// </summary>
    public static bool HoldsOtherSettings(string file) =>
        Files.Contains(file) || Directories.Any(one => file.StartsWith(one.Directory + "/", StringComparison.Ordinal));

    /// <summary>Whether a line places interrupts; a comment does not.</summary>
    public static bool IsRelevant(string line) => AffinityLine().IsMatch(line);

    /// <summary>The lines of one file.</summary>
    public static IEnumerable<AffinitySetting> Parse(string file, string text) => text
        .Split('\n', StringSplitOptions.TrimEntries).Where(IsRelevant).Select(line => new AffinitySetting(file, line));

    private static string? Add(HostPaths paths, string file, List<AffinitySetting> found)
    {
        Reading<string> text = paths.Files.LooseText(Path.Combine(paths.Root, file[1..]));
        if (text.TryGet(out string? known))
        {
            found.AddRange(Parse(file, known));
        }

        return text.IsFailed ? text.Why : null;
    }

    [GeneratedRegex(
        @"^\s*(?!#)(.*\b(set_irq_affinity|mlnx_affinity|mlnx_tune)|.*(>|tee).*smp_affinity|RUN_AFFINITY_TUNER=""?yes)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex AffinityLine();
}
