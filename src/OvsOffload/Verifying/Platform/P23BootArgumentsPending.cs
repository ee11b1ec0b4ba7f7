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
        "arguments for the kernel wait for a reboot",
        """
        Arguments such as intel_iommu=on are written into the boot loader's configuration (/etc/default/grub, or
        /etc/kernel/cmdline with systemd-boot), made effective by a command, and come into force with the next boot.
        Where the file has an argument that /proc/cmdline lacks, either the reboot is still to come, or the command was
        forgotten (update-grub, grub2-mkconfig, proxmox-boot-tool refresh).

        Only arguments on which offload and VFs depend are compared.
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
            ? [Ok(Objects.Kernel, $"{next.Source}: nothing that /proc/cmdline lacks")]
            :
            [
                Found(FindingStatus.Warning, Objects.Kernel,
                    $"{string.Join(" ", pending)} is not in force",
                    $"{next.Source}: {string.Join(" ", pending)}; /proc/cmdline: "
                        + (string.Join(" ", Compared.Where(name => line.ValueOf(name) is not null)
                            .Select(name => $"{name}={line.ValueOf(name)}")) is { Length: > 0 } now ? now : "none of "
                                + "them"),
                    "the host was not rebooted since the file was changed, or the boot loader's own file was not "
                        + "made anew",
                    input.Distribution.Fix(
                        debian: "update-grub and a reboot",
                        rhel: "grub2-mkconfig -o /boot/grub2/grub.cfg (or grubby), and a reboot",
                        proxmox: "proxmox-boot-tool refresh or update-grub, and a reboot")),
            ];
    }
}
