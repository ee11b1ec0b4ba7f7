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
        "VF-LAG was refused because VFs were bound to a driver",
        """
        mlx5 activates a bond of its two ports in hardware (VF-LAG) only while no VF is bound to a driver. With a VF
        bound the firmware refuses CREATE_LAG, the kernel logs "Make sure all VFs are unbound prior to VF LAG activation
        or deactivation", and the bond stays in software: VFs then use one port only.

        The order is: switchdev mode on both PFs, VFs without a driver, the bond with both PFs, wait until VF-LAG is
        active, and only then the VFs' drivers. A later line with "lag map" shows that the bond became active after all;
        then this is reported as info.
        """);

    /// <summary>mlx5/core/lag/lag.c, mlx5_activate_lag.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["all VFs are unbound prior to VF LAG"];

    protected override string Cause => "the VFs were bound to their driver before VF-LAG was active";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        "stop the guests, unbind the VFs, remove the PFs from the bond and add them again, wait until VF-LAG is "
        + "active, and bind the VFs; or put the bond into the configuration and run ovs-offload apply";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        input.State.Kernel.Log.ValueOr([]).Any(later => later.Sequence > record.Sequence
            && later.Text.Contains("lag map", StringComparison.Ordinal))
            ? FindingStatus.Info
            : Severity;
}
