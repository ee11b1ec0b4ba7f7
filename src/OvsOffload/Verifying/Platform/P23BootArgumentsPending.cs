using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The boot loader was told of arguments that the running kernel does not have.</summary>
internal sealed class P23BootArgumentsPending : Check
{
    /// <summary>Arguments that matter for VFs and offload (Documentation/admin-guide/kernel-parameters.txt).</summary>
    private static readonly string[] Compared =
        ["intel_iommu", "amd_iommu", "iommu", "iommu.passthrough", "pci", "vfio-pci.ids", "lockdown"];

    public override CheckInfo Info { get; } = new(
        "P23",
        "boot-arguments-pending",
        CheckSeverity.Warning,
        "kernel arguments are configured but not active",
        """
        Kernel arguments such as intel_iommu=on are configured in the boot loader (/etc/default/grub, or
        /etc/kernel/cmdline with systemd-boot), applied with a command, and become active with the next boot. If the
        file has an argument that /proc/cmdline lacks, either the host has not been rebooted, or the command was not run
        (update-grub, grub2-mkconfig, proxmox-boot-tool refresh).

        Only arguments that matter for offload and VFs are compared.
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

        if (!state.Kernel.Facts.CommandLine.TryGet(out KernelCommandLine? line))
        {
            return [Skip(Objects.Kernel, $"/proc/cmdline: {state.Kernel.Facts.CommandLine.Why}")];
        }

        if (!state.Platform.BootArguments.TryGet(out BootArguments? next))
        {
            return [Skip(Objects.Kernel, $"the boot loader's arguments: {state.Platform.BootArguments.Why}")];
        }

        string[] pending =
        [
            .. Compared.Where(name => next.Line.ValueOf(name) is { } value && value != line.ValueOf(name))
                .Select(name => $"{name}={next.Line.ValueOf(name)}"),
        ];
        return pending.Length == 0
            ? [Ok(Objects.Kernel, $"{next.Source}: all arguments are in /proc/cmdline")]
            :
            [
                Found(FindingStatus.Warning, Objects.Kernel,
                    $"{string.Join(" ", pending)} is configured but not active",
                    $"{next.Source}: {string.Join(" ", pending)}; /proc/cmdline: "
                        + (string.Join(" ", Compared.Where(name => line.ValueOf(name) is not null)
                            .Select(name => $"{name}={line.ValueOf(name)}")) is { Length: > 0 } now ? now : "none of "
                                + "them"),
                    "the host was not rebooted after the file was changed, or the boot loader's configuration was not "
                        + "regenerated",
                    input.Distribution.Fix(
                        debian: "run update-grub and reboot",
                        rhel: "run grub2-mkconfig -o /boot/grub2/grub.cfg (or grubby) and reboot",
                        proxmox: "run proxmox-boot-tool refresh or update-grub, and reboot")),
            ];
    }
}
