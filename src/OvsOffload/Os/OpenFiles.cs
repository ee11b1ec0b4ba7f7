using System.Globalization;

namespace OvsOffload.Os;

/// <summary>A file that a process holds open.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Command">Its name as in <c>/proc/PID/comm</c>, at most 15 characters.</param>
/// <param name="Target">What the descriptor's link says: <c>/dev/vfio/12</c>, <c>socket:[4711]</c>. Of a file in
/// another mount namespace it need not be a path here.</param>
/// <param name="Path">The descriptor's link: <c>/proc/PID/fd/N</c>.</param>
internal sealed record OpenFile(int Pid, string Command, string Target, string Path);

/// <summary>What processes hold open.</summary>
/// <param name="Files">Those that were asked for.</param>
/// <param name="Incomplete">Why there may be more; null when every process was looked into.</param>
internal sealed record OpenFilesResult(IReadOnlyList<OpenFile> Files, string? Incomplete);

/// <summary>
/// Looks through the descriptors of all processes. A process that ends meanwhile is passed over; one that may not be
/// looked into is said, because "nobody" would be a lie. Stateless.
/// </summary>
internal sealed class OpenFiles(HostPaths paths)
{
    /// <summary>PROC_PID_INIT_INO, include/linux/proc_ns.h: the host's own PID namespace, from which all processes are
    /// seen.</summary>
    private const string HostPidNamespace = "pid:[4026531836]";

    /// <summary>The files whose link text is <paramref name="wanted"/>.</summary>
    public OpenFilesResult Find(Func<string, bool> wanted)
    {
        var files = new List<OpenFile>();
        string? incomplete = PidNamespaceLimit();
        Reading<IReadOnlyList<int>> processes = Processes();
        incomplete ??= processes.IsKnown ? null : processes.Why;
        foreach (int pid in processes.ValueOr([]))
        {
            string process = Path.Combine(paths.Proc, pid.ToString(CultureInfo.InvariantCulture));
            string folder = Path.Combine(process, "fd");
            Reading<IReadOnlyList<NamedLink>> descriptors = paths.Files.Links(folder);
            if (descriptors.IsFailed)
            {
                incomplete ??= descriptors.Why;
            }
            string? command = null;
            foreach ((string name, Reading<string> link) in descriptors.ValueOr([]))
            {
                if (link.IsFailed)
                {
                    incomplete ??= link.Why;
                }
                if (link.TryGet(out string? target) && wanted(target))
                {
                    files.Add(new OpenFile(pid, command ??= CommandOf(pid), target, Path.Combine(folder, name)));
                }
            }
        }
        return new OpenFilesResult(files, incomplete);
    }

    /// <summary>The processes, in order of their numbers.</summary>
    public Reading<IReadOnlyList<int>> Processes() => paths.Files.Names(paths.Proc).Map<IReadOnlyList<int>>(names =>
    {
        var processes = new List<int>();
        foreach (string name in names)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                processes.Add(pid);
            }
        }
        processes.Sort();
        return processes;
    });

    /// <summary>Whether there is a process of a name, at most 15 characters as in <c>/proc/PID/comm</c>; failed where
    /// not every process can be seen.</summary>
    public Reading<bool> Runs(string command) => Processes().Then(processes =>
    {
        string? incomplete = PidNamespaceLimit();
        foreach (int pid in processes)
        {
            Reading<string> name = paths.Files.LooseText(Path.Combine(paths.Proc, $"{pid}", "comm"));
            if (name.TryGet(out string? known) && known == command)
            {
                return Reading.Known(true);
            }
            incomplete ??= name.IsFailed ? name.Why : null;
        }
        return incomplete is null ? Reading.Known(false) : Reading.Failed<bool>(incomplete);
    });

    /// <summary>The name of a process; <c>?</c> when it has ended.</summary>
    public string CommandOf(int pid) => paths.Files.LooseText(Path.Combine(paths.Proc, $"{pid}", "comm")).ValueOr("?");

    /// <summary>Whether a process may be root's: the effective user is, or cannot be read. Files of procfs do not tell
    /// whose a process is: they become root's once it has hidden itself from ptrace (proc_pid_fd(5)).</summary>
    public bool MayBeRoots(int pid) =>
        !paths.Files.LooseText(Path.Combine(paths.Proc, $"{pid}", "status")).TryGet(out string? status)
        || status.Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal))
            ?.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is not [_, _, var effective, ..]
        || effective == "0";

    /// <summary>Why processes of the host may be invisible; null when they are not.</summary>
    public string? PidNamespaceLimit()
    {
        Reading<string> own = paths.Files.Link(Path.Combine(paths.Proc, "self/ns/pid"));
        return own.Match(
            link => link == HostPidNamespace
                ? null
                : "ovs-offload runs in its own PID namespace and cannot see the host's processes",
            // A kernel without PID namespaces: there is one, and everybody is in it.
            _ => null,
            why => why);
    }
}
