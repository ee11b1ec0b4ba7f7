using OvsOffload.Nics;

namespace OvsOffload.Verifying;

/// <summary>The ice driver does not take a bond into hardware.</summary>
internal sealed class B21IceBondRejected() : BondLogCheck(
    "VF LAG disabled",
    "a condition of the driver is not met; the log line says which",
    "use mode active-backup, both ports in switchdev mode, ethtool --set-priv-flags DEVICE fw-lldp-agent off; then "
        + "recreate the bond")
{
    public override CheckInfo Info { get; } = new(
        "B21",
        "ice-bond-rejected",
        CheckSeverity.Warning,
        "the ice driver rejected the bond",
        """
        Intel's ice driver has its own conditions for VF-LAG, and unlike mlx5 logs when one is not met ("VF LAG
        disabled"): the first member is not in switchdev mode, the mode is not active-backup (the only one that the
        driver of kernel 6.12 supports), a member is not a port of an ice card or is on another card, the ports have
        different DCB settings, or the firmware's LLDP agent is on. The DDP package has to support LAG (ice_lag). The
        member that joined first owns the VFs.
        """);

    protected override string? Driver => DriverNames.Ice;
}
