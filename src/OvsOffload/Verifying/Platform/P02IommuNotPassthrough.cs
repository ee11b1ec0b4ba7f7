using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>The host's own DMA is translated by the IOMMU.</summary>
internal sealed class P02IommuNotPassthrough : Check
{
    public override CheckInfo Info { get; } = new(
        "P02",
        "iommu-not-passthrough",
        CheckSeverity.Warning,
        "DMA of the host's own devices is translated by the IOMMU",
        """
        An active IOMMU translates the DMA of every device, including the host's own, and each packet that the host
        itself sends or receives then costs a mapping. iommu=pt on the kernel command line lets the host's devices
        bypass the translation (group type identity) while guests stay isolated. In switchdev mode this affects
        everything that is not offloaded: the slow path, representors, the host's own traffic.

        Some old platforms also show no VFs at all without it. If all NICs of the host are in legacy mode it is reported
        as info.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        Reading<IReadOnlyList<IommuGroup>> groups = state.Kernel.Iommu.Groups;
        if (!groups.IsKnown || groups.Value.Count == 0)
        {
            return [Skip(Objects.Host, groups.IsFailed ? groups.Why : "the IOMMU is not active: see P01")];
        }

        if (!state.Kernel.Facts.CommandLine.TryGet(out KernelCommandLine? line))
        {
            return [Skip(Objects.Host, $"/proc/cmdline: {state.Kernel.Facts.CommandLine.Why}")];
        }

        IommuGroup? identity = groups.Value.FirstOrDefault(group => group.Type.ValueOrDefault() == "identity");
        if (identity is not null || line.ValueOf("iommu") == "pt" || line.ValueOf("iommu.passthrough") == "1")
        {
            return [Ok(Objects.Host, identity is null
                ? "/proc/cmdline: iommu=pt"
                : $"/sys/kernel/iommu_groups/{identity.Number}/type: identity")];
        }

        IommuGroup first = groups.Value[0];
        bool switchdev = state.KnownFunctions.Any(pf => pf.Mode == EswitchMode.Switchdev);
        return
        [
            Found(
                switchdev ? FindingStatus.Warning : FindingStatus.Info,
                Objects.Host,
                Info.Title,
                $"/sys/kernel/iommu_groups/{first.Number}/type: {first.Type}; /proc/cmdline: no iommu=pt",
                "iommu=pt is not on the kernel command line",
                input.Distribution.AddToCommandLine("iommu=pt")),
        ];
    }
}
