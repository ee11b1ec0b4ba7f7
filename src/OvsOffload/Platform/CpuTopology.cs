using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>Reads which CPUs belong to a NUMA node, and which a process may use. Stateless.</summary>
internal sealed class CpuTopology(HostPaths paths)
{
    /// <summary>Threads of a process that are looked at; a guest has a few more than virtual CPUs.</summary>
    private const int MaxThreads = 4096;

    /// <summary>The CPUs of each NUMA node. Absent: the kernel knows no nodes.</summary>
    public Reading<ImmutableSortedDictionary<int, ImmutableHashSet<int>>> Nodes()
    {
        string directory = Path.Combine(paths.Sys, "devices/system/node");
        return paths.Files.Names(directory).Then(names =>
        {
            ImmutableSortedDictionary<int, ImmutableHashSet<int>>.Builder nodes =
                ImmutableSortedDictionary.CreateBuilder<int, ImmutableHashSet<int>>();
            foreach (string name in names)
            {
                if (!name.StartsWith("node", StringComparison.Ordinal)
                    || !int.TryParse(name.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int node))
                {
                    continue;
                }

                Reading<ImmutableHashSet<int>> cpus = Cpus(Path.Combine(directory, name, "cpulist"));
                if (!cpus.IsKnown)
                {
                    return Reading.Failed<ImmutableSortedDictionary<int, ImmutableHashSet<int>>>(cpus.Why);
                }

                nodes[node] = cpus.Value;
            }

            return Reading.Known(nodes.ToImmutable());
        });
    }

    /// <summary>
    /// The CPUs of isolcpus and nohz_full (Documentation/ABI/testing/sysfs-devices-system-cpu); a kernel without one of
    /// the two has none of it. Some kernels write <c>(null)</c> for none.
    /// </summary>
    public Reading<ImmutableHashSet<int>> Isolated()
    {
        ImmutableHashSet<int> all = [];
        foreach (string name in (string[])["isolated", "nohz_full"])
        {
            string file = Path.Combine(paths.Sys, "devices/system/cpu", name);
            Reading<ImmutableHashSet<int>> cpus = paths.Files.Text(file)
                .Then(text => text.Trim() is "(null)"
                    ? Reading.Known(ImmutableHashSet<int>.Empty)
                    : CpuList.Parse(text, file));
            if (cpus.IsFailed)
            {
                return cpus;
            }

            all = all.Union(cpus.ValueOr([]));
        }

        return Reading.Known(all);
    }

    /// <summary>
    /// The CPUs that any thread of a process may use: of a guest, emulator and virtual CPUs are pinned one by one.
    /// </summary>
    public Reading<ImmutableHashSet<int>> AllowedTo(int process)
    {
        string tasks = Path.Combine(paths.Proc, process.ToString(CultureInfo.InvariantCulture), "task");
        return paths.Files.Names(tasks).Then(threads =>
        {
            ImmutableHashSet<int> all = [];
            var last = Reading.Absent<ImmutableHashSet<int>>($"{tasks}: no thread");
            foreach (string thread in threads.Take(MaxThreads))
            {
                // A thread may end meanwhile.
                last = Status(Path.Combine(tasks, thread, "status"));
                all = all.Union(last.ValueOr([]));
            }

            return all.IsEmpty ? last : Reading.Known(all);
        });
    }

    private Reading<ImmutableHashSet<int>> Cpus(string file) =>
        paths.Files.Text(file).Then(text => CpuList.Parse(text, file));

    /// <summary>proc_pid_status(5): <c>Cpus_allowed_list: 0-7</c>.</summary>
    private Reading<ImmutableHashSet<int>> Status(string file) => paths.Files.LooseText(file).Then(text =>
    {
        const string key = "Cpus_allowed_list:";
        string? line = text.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null
            ? Reading.Failed<ImmutableHashSet<int>>($"{file}: no {key}")
            : CpuList.Parse(line[key.Length..].Trim(), file);
    });
}
