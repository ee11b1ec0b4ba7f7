using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>
/// The modules of traffic control that the running kernel can load or has built in. Distributions put some into a
/// package of their own (RHEL: kernel-modules-extra), so what the kernel was built with is not yet on the host.
/// </summary>
internal static class ModuleFiles
{
    /// <summary>A host has some 6000 modules, their dependencies come to 1 MB.</summary>
    private const int Bound = 8 << 20;

    private static readonly string[] Kinds = ["act", "cls", "sch"];

    /// <summary>
    /// Names such as <c>act_mirred</c>, from <c>modules.dep</c> and <c>modules.builtin</c> of the running release.
    /// Absent: the host has no modules of this release (a container).
    /// </summary>
    public static Reading<IReadOnlySet<string>> TrafficControl(HostPaths paths, KernelRelease release)
    {
        string directory = Path.Combine(paths.Lib, $"modules/{release}");
        return paths.Files.Text(Path.Combine(directory, "modules.dep"), Bound).Then(loadable =>
            paths.Files.Text(Path.Combine(directory, "modules.builtin"), Bound).Map<IReadOnlySet<string>>(builtIn =>
                Names(loadable).Concat(Names(builtIn)).ToHashSet()));
    }

    /// <summary>The names in lines <c>kernel/net/sched/act_ct.ko.xz: ..</c>. Most lines are of other modules, and leave
    /// nothing behind.</summary>
    private static List<string> Names(string text)
    {
        var names = new List<string>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            ReadOnlySpan<char> path = colon < 0 ? line : line[..colon];
            ReadOnlySpan<char> file = path[(path.LastIndexOf('/') + 1)..];
            if (file.Length > 4 && (file[3] is '_' or '-') && Kinds.Contains(file[..3].ToString()))
            {
                names.Add(file.ToString().Split('.')[0].Replace('-', '_'));
            }
        }

        return names;
    }
}
