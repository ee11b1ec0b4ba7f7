using System.Text;
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
        return paths.Files.Bytes(Path.Combine(directory, "modules.dep"), Bound).Then(loadable =>
            paths.Files.Bytes(Path.Combine(directory, "modules.builtin"), Bound).Map<IReadOnlySet<string>>(builtIn =>
                Names(loadable).Concat(Names(builtIn)).ToHashSet()));
    }

    /// <summary>The names in lines <c>kernel/net/sched/act_ct.ko.xz: ..</c>. Most lines are of other modules, and leave
    /// nothing behind.</summary>
    private static List<string> Names(ReadOnlySpan<byte> text)
    {
        var names = new List<string>();
        foreach (Range one in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[one];
            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> path = colon < 0 ? line : line[..colon];
            ReadOnlySpan<byte> file = path[(path.LastIndexOf((byte)'/') + 1)..];
            if (file.Length > 4 && (file[3] is (byte)'_' or (byte)'-')
                && Kinds.Contains(Encoding.UTF8.GetString(file[..3])))
            {
                names.Add(Encoding.UTF8.GetString(file).Split('.')[0].Replace('-', '_'));
            }
        }

        return names;
    }
}
