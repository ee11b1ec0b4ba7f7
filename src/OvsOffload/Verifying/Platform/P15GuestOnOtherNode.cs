using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;

namespace OvsOffload.Verifying;

/// <summary>A guest runs on another NUMA node than its VF.</summary>
internal sealed class P15GuestOnOtherNode : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P15",
        "guest-on-other-node",
        CheckSeverity.Warning,
        "a guest runs on another NUMA node than its VF",
        """
        On a machine with several sockets each PCI slot belongs to one of them. A guest whose virtual CPUs can only run
        on the other socket gets every packet of its VF over the link between the sockets: more latency, and less
        throughput than the NIC offers. It is reported only for a process that has a VF's vfio device open and none of
        whose threads may run on a CPU of the NIC's node (Cpus_allowed_list); guests that are not pinned are left to the
        scheduler.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        PlatformState platform = input.State.Platform;
        string name = pf.Address.ToString();
        if (!platform.NumaNodes.TryGet(out ImmutableSortedDictionary<int, ImmutableHashSet<int>>? nodes))
        {
            return [Skip(name, $"/sys/devices/system/node: {platform.NumaNodes.Why}")];
        }

        if (nodes.Count < 2)
        {
            return [Ok(name, $"/sys/devices/system/node: {nodes.Count} node")];
        }

        string file = SysfsFile.Of(pf, "numa_node");
        if (pf.NumaNode is not { } node || !nodes.TryGetValue(node, out ImmutableHashSet<int>? near))
        {
            return [Skip(name, $"{file}: {pf.NumaNode?.ToString() ?? "no node"}, for which the kernel lists no CPUs")];
        }

        Finding[] findings =
        [
            .. pf.VirtualFunctions.SelectMany(
                vf => vf.Holder.ValueOrDefault()?.Processes ?? [],
                (vf, process) => Examine($"{name} vf{vf.Index}", process, file, node, near, platform))
                    .OfType<Finding>(),
        ];
        return findings.Length > 0
            ? findings
            : [Ok(name, $"{file}: {node}; no guest with one of its VFs is pinned to another node")];
    }

    private Finding? Examine(
        string vf, int process, string file, int node, ImmutableHashSet<int> near, PlatformState platform)
    {
        string status = $"/proc/{process}/task/*/status";
        Reading<ImmutableHashSet<int>> allowed = platform.HolderCpus.GetValueOrDefault(process);
        if (!allowed.IsKnown)
        {
            return Skip(vf, $"{status}: {allowed.Why}");
        }

        return allowed.Value.Overlaps(near)
            ? null
            : Found(Severity, vf, $"the guest of {vf} runs on another NUMA node than the NIC",
                $"{file}: {node}; {status}: Cpus_allowed_list has no CPU of node {node}",
                "its virtual CPUs are pinned to another node",
                $"pin the guest to node {node} (virsh vcpupin and numatune), or assign a VF of a NIC on its own node");
    }
}
