using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>A network namespace.</summary>
/// <param name="Inode">Its identity, the number in <c>net:[4026532281]</c>.</param>
/// <param name="Path">A file through which it can be entered: <c>/run/netns/n1</c>, <c>/proc/4711/ns/net</c>.</param>
/// <param name="Name">For people: <c>n1</c>, or a process in it: <c>qemu (pid 4711)</c>.</param>
internal sealed record NetworkNamespace(ulong Inode, string Path, string Name);

/// <summary>Finds the network namespaces of the host: those that have a name, and those that a process lives in. One
/// that is only kept alive by an open descriptor is not found. Stateless.</summary>
internal sealed class NetworkNamespaces(HostPaths paths)
{
    /// <summary>The own namespace.</summary>
    public Reading<ulong> Own() =>
        paths.Files.Link(Path.Combine(paths.Proc, "self/ns/net")).Then(Inode);

    /// <summary>All but the own one, named ones first. Failed when a process may not be looked into.</summary>
    public Reading<IReadOnlyList<NetworkNamespace>> Others() => Own().Then(own =>
        Named().Then(named =>
        {
            var found = new Dictionary<ulong, NetworkNamespace>();
            foreach (NetworkNamespace one in named)
            {
                found.TryAdd(one.Inode, one);
            }
            var openFiles = new OpenFiles(paths);
            Reading<IReadOnlyList<int>> processes = openFiles.Processes();
            string? incomplete = openFiles.PidNamespaceLimit() ?? (processes.IsKnown ? null : processes.Why);
            foreach (int pid in processes.ValueOr([]))
            {
                Reading<ulong> inode = paths.Files.Link(Path.Combine(paths.Proc, $"{pid}", "ns/net")).Then(Inode);
                if (inode.IsFailed)
                {
                    incomplete ??= inode.Why;
                }
                if (inode.TryGet(out ulong number) && !found.ContainsKey(number))
                {
                    found.Add(number, new NetworkNamespace(
                        number, $"/proc/{pid}/ns/net", $"{openFiles.CommandOf(pid)} (pid {pid})"));
                }
            }
            found.Remove(own);
            return incomplete is null
                ? Reading.Known<IReadOnlyList<NetworkNamespace>>([.. found.Values])
                : Reading.Failed<IReadOnlyList<NetworkNamespace>>(incomplete);
        }));

    /// <summary>
    /// Named namespaces are bind mounts (of iproute2 in /run/netns, of container engines elsewhere), and the mount
    /// table tells what is mounted: <c>513 24 0:4 net:[4026532281] /run/netns/n1 rw shared:246 - nsfs nsfs rw</c>
    /// (proc_pid_mountinfo(5)).
    /// </summary>
    private Reading<IReadOnlyList<NetworkNamespace>> Named() =>
        paths.Files.LooseText(Path.Combine(paths.Proc, "self/mountinfo")).Map<IReadOnlyList<NetworkNamespace>>(text =>
        {
            var named = new List<NetworkNamespace>();
            foreach (string line in text.Split('\n'))
            {
                string[] fields = line.Split(' ');
                if (fields.Length > 4 && Inode(fields[3]).TryGet(out ulong inode))
                {
                    string path = fields[4].Replace("\\040", " ", StringComparison.Ordinal);
                    named.Add(new NetworkNamespace(inode, path, Path.GetFileName(path)));
                }
            }
            return named;
        });

    private static Reading<ulong> Inode(string link) =>
        link.StartsWith("net:[", StringComparison.Ordinal) && link.EndsWith(']')
        && ulong.TryParse(
            link.AsSpan(5, link.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            ? Reading.Known(inode)
            : Reading.Failed<ulong>($"'{link}' does not name a network namespace");
}
