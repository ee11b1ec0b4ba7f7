using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>A hardware bond was to come up while VFs were bound to a driver.</summary>
internal sealed class N14VfBoundBeforeLag : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "N14",
        "vf-bound-before-lag",
        CheckSeverity.Error,
        "VFs were bound to a driver when the hardware bond was to come up",
        """
        mlx5 takes a bond of its two ports into hardware (VF-LAG) only while no VF is bound to a driver. With a VF bound
        the firmware refuses CREATE_LAG, the kernel's log says "Make sure all VFs are unbound prior to VF LAG activation
        or deactivation", and the bond goes on in software: VFs then use one port only.

        The order is: switchdev mode on both PFs, VFs without a driver, the bond with both PFs, wait until it is active,
        and only then the VFs' drivers. A line with "lag map" after it says that the bond became active later; then this
        is told as info.
        """);

    /// <summary>mlx5/core/lag/lag.c, mlx5_activate_lag.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["all VFs are unbound prior to VF LAG"];

    protected override string Cause => "the VFs got their driver before the bond was in hardware";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        "unbind the VFs (guests off), take the PFs out of the bond and put them back in, wait for VF-LAG to be active, "
        + "bind again; or let ovs-offload apply make the bond";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, VerifyInput input) =>
        input.State.Kernel.Log.ValueOr([]).Any(later => later.Sequence > record.Sequence
            && later.Text.Contains("lag map", StringComparison.Ordinal))
            ? FindingStatus.Info
            : Severity;
}
