using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>debugfs cannot be read, in which mlx5 shows the state of a hardware bond.</summary>
internal sealed class P14DebugfsHidden : Check
{
    public override CheckInfo Info { get; } = new(
        "P14",
        "debugfs-hidden",
        CheckSeverity.Warning,
        "debugfs is not readable",
        """
        mlx5 shows only in debugfs whether a bond is active in hardware (mlx5/PF/lag). debugfs has to be mounted at
        /sys/kernel/debug, and a kernel in lockdown mode confidentiality, as some Secure Boot setups have, hides it even
        from root. The state of a bond is then known from the kernel log only, as far as the log reaches back.

        Without a bond over a PF it does not matter and is reported as info.
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

        if (state.Kernel.Facts.Lockdown.IsFailed || !state.Platform.DebugFileSystem.IsKnown)
        {
            return [Skip(Objects.Kernel, state.Kernel.Facts.Lockdown.IsFailed
                ? $"/sys/kernel/security/lockdown: {state.Kernel.Facts.Lockdown.Why}"
                : $"/proc/mounts: {state.Platform.DebugFileSystem.Why}")];
        }

        bool locked = state.Kernel.Facts.Lockdown.ValueOrDefault() == "confidentiality";
        bool mounted = state.Platform.DebugFileSystem.Value;
        string evidence = $"/sys/kernel/security/lockdown: {state.Kernel.Facts.Lockdown.ValueOr("no such file")}; "
            + $"/proc/mounts: debugfs is {(mounted ? "" : "not ")}mounted";
        if (mounted && !locked)
        {
            return [Ok(Objects.Kernel, evidence)];
        }

        bool bonded = state.KnownFunctions.Any(pf =>
            pf.Mode == EswitchMode.Switchdev && UplinkBond.Of(pf, input) is not null);
        return
        [
            Found(bonded ? FindingStatus.Warning : FindingStatus.Info, Objects.Kernel,
                locked ? "the kernel hides debugfs" : "debugfs is not mounted",
                evidence,
                locked
                    ? "the kernel is in lockdown mode confidentiality, usually because of Secure Boot"
                    : "debugfs is not mounted (systemd mounts it with sys-kernel-debug.mount)",
                locked
                    ? "disable Secure Boot, or boot with lockdown=integrity on the kernel command line"
                    : "systemctl start sys-kernel-debug.mount, or mount -t debugfs none /sys/kernel/debug"),
        ];
    }
}
