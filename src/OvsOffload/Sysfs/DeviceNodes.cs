using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>
/// The device nodes of some classes, found by the numbers of their devices: the name by which a process has opened one
/// is a name in its own tree, and may be another's.
/// </summary>
/// <param name="paths">The host's trees.</param>
/// <param name="classes">Classes of <c>/sys/class</c>, each with the folder in which its nodes are.</param>
internal sealed class DeviceNodes(HostPaths paths, params IReadOnlyList<(string Class, string Folder)> classes)
{
    private readonly Lazy<Dictionary<(uint Major, uint Minor), string>> _nodes = new(() => NodesOf(paths, classes));

    /// <summary>
    /// The node that a descriptor is open for; null where it is no device at all, or <paramref name="other"/>. Where
    /// its number is not known it is what <paramref name="byName"/> makes of its link: rather a VF too many in use than
    /// one taken from its user.
    /// </summary>
    public string? NodeOf(
        OpenFile file, Func<string, string> byName, (uint Major, uint Minor)? other = null)
    {
        Reading<(uint Major, uint Minor)> device = paths.Files.Device(file.Path);
        return device.IsAbsent ? null
            : device.IsKnown && _nodes.Value.TryGetValue(device.Value, out string? known) ? known
            : device.IsKnown && device.Value == other ? null
            : byName(file.Target);
    }

    private static Dictionary<(uint Major, uint Minor), string> NodesOf(
        HostPaths paths, IReadOnlyList<(string Class, string Folder)> classes)
    {
        var nodes = new Dictionary<(uint Major, uint Minor), string>();
        foreach ((string kind, string at) in classes)
        {
            string folder = Path.Combine(paths.Sys, "class", kind);
            foreach (string name in paths.Files.Names(folder).ValueOr([]))
            {
                if (paths.Files.Text(Path.Combine(folder, name, "dev")).TryGet(out string? number)
                    && number.Split(':') is [var major, var minor]
                    && uint.TryParse(major, out uint first) && uint.TryParse(minor, out uint second))
                {
                    nodes[(first, second)] = at + name;
                }
            }
        }

        return nodes;
    }
}
