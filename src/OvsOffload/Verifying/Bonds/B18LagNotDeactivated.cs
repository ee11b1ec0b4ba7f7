namespace OvsOffload.Verifying;

/// <summary>An old LAG could not be taken away.</summary>
internal sealed class B18LagNotDeactivated() : BondLogCheck(
    "Failed to deactivate VF LAG",
    "VFs were bound to a driver when the LAG was removed",
    "unbind all VFs, reload mlx5_core (modprobe -r mlx5_ib mlx5_core; modprobe mlx5_core), then ovs-offload apply")
{
    public override CheckInfo Info { get; } = new(
        "B18",
        "lag-not-deactivated",
        CheckSeverity.Error,
        "an old LAG could not be deactivated",
        """
        When members leave a bond, or an e-switch changes its mode, mlx5 removes the LAG from the hardware. The firmware
        refuses that while VFs are bound to a driver ("Failed to deactivate VF LAG; driver restart required", "Make sure
        all VFs are unbound prior to VF LAG activation or deactivation"). From then on driver and firmware disagree
        about which ports are joined, and no bond of these ports works in hardware until the driver is reloaded.
        """);
}
