namespace OvsOffload.System;

/// <summary>
/// The modules of traffic control that the running kernel can load or has built in. Distributions put some into a
/// package of their own (RHEL: kernel-modules-extra), so what the kernel was built with is not yet on the host.
/// </summary>
internal static class ModuleFiles
{
    /// <summary>A host has some 6000 modules, their dependencies come to 1 MB.</summary>
    private const int Bound = 8 << 20;

    private static readonly string[] Kinds = ["act_", "cls_", "sch_"];

    /// <summary>
    /// Names such as <c>act_mirred</c>, from <c>modules.dep</c> and <c>modules.builtin</c> of the running release.
    /// Absent: the host has no modules of this release (a container).
    /// </summary>
    public static Reading<IReadOnlySet<string>> TrafficControl(HostPaths paths, KernelRelease release)
    {
        string directory = Path.Combine(paths.Lib, $"modules/{release}");
        return HostFile.Text(Path.Combine(directory, "modules.dep"), Bound).Then(loadable =>
            HostFile.Text(Path.Combine(directory, "modules.builtin"), Bound).Map<IReadOnlySet<string>>(builtIn =>
                Names(loadable).Concat(Names(builtIn)).ToHashSet()));
    }

    /// <summary>The names in lines <c>kernel/net/sched/act_ct.ko.xz: ..</c>.</summary>
    private static IEnumerable<string> Names(string text) => text.Split('\n')
        .Select(line => line.Split(':')[0])
        .Select(path => path[(path.LastIndexOf('/') + 1)..].Split('.')[0].Replace('-', '_'))
        .Where(name => Kinds.Any(kind => name.StartsWith(kind, StringComparison.Ordinal)));
}
