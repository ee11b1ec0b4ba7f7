using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A line <c>options MODULE TEXT</c> of modprobe's configuration (modprobe.d(5)).</summary>
/// <param name="File">The file, as the host names it.</param>
/// <param name="Module">The module, with underscores.</param>
/// <param name="Text">What it is given: <c>num_vfs=8,0,0 probe_vf=8,0,0</c>.</param>
internal sealed record ModuleOption(string File, string Module, string Text)
{
    /// <summary>Directories, in the order in which one hides files of the same name in the later ones.</summary>
    private static readonly string[] Directories =
        ["/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];

    /// <summary>The value of one option; null when it is not among them.</summary>
    public string? ValueOf(string name) => KernelCommandLine.Parse(Text).ValueOf(name);

    /// <summary>Every such line of the host. Failed where a file of the configuration cannot be read.</summary>
    public static Reading<IReadOnlyList<ModuleOption>> Read(HostPaths paths)
    {
        var found = new List<ModuleOption>();
        var seen = new HashSet<string>();
        foreach (string directory in Directories)
        {
            string below = Path.Combine(paths.Root, directory[1..]);
            Reading<IReadOnlyList<string>> names = paths.Files.Names(below);
            if (names.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<ModuleOption>>(names.Why);
            }

            foreach (string name in names.ValueOr([]).Where(name =>
                name.EndsWith(".conf", StringComparison.Ordinal) && seen.Add(name)))
            {
                Reading<string> text = paths.Files.LooseText(Path.Combine(below, name));
                if (text.IsFailed)
                {
                    return Reading.Failed<IReadOnlyList<ModuleOption>>(text.Why);
                }

                found.AddRange(Parse($"{directory}/{name}", text.ValueOr("")));
            }
        }

        return Reading.Known<IReadOnlyList<ModuleOption>>(found);
    }

    /// <summary>The lines of one file; a backslash at a line's end joins it with the next.</summary>
    public static IEnumerable<ModuleOption> Parse(string file, string text) =>
        text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["options", _, _])
            .Select(words => new ModuleOption(file, words[1].Replace('-', '_'), words[2]));
}
