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
        "the host's own devices go through the IOMMU",
        """
        An IOMMU that is on translates the DMA of every device, that of the host's own drivers too, and each packet that
        the host itself sends or receives then costs a mapping. iommu=pt on the kernel's command line lets the host's
        devices pass untranslated (group type identity), while guests stay walled off. In switchdev mode that concerns
        everything that is not offloaded: the slow path, representors, the host's own traffic.

        Some old platforms also show no VFs at all without it. A host whose NICs are all in legacy mode is told as info.
        """);

    public override IEnumerable<Finding> Examine(VerifyInput input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.Unread(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        Reading<IReadOnlyList<IommuGroup>> groups = state.Kernel.Iommu.Groups;
        if (!groups.IsKnown || groups.Value.Count == 0)
        {
            return [Skip(Objects.Host, groups.IsFailed ? groups.Why : "no IOMMU is in force: see P01")];
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
                "the kernel was not told to let the host's own devices pass",
                input.Distribution.AddToCommandLine("iommu=pt")),
        ];
    }
}
