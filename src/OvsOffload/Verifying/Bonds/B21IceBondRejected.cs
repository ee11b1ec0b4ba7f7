namespace OvsOffload.Verifying;

/// <summary>The ice driver does not take a bond into hardware.</summary>
internal sealed class B21IceBondRejected() : BondLogCheck(
    "VF LAG disabled",
    "a condition of the driver does not hold; the line says which",
    "mode active-backup, both ports in switchdev mode, ethtool --set-priv-flags DEVICE fw-lldp-agent off; then make the bond anew")
{
    public override CheckInfo Info { get; } = new(
        "B21",
        "ice-bond-rejected",
        CheckSeverity.Warning,
        "the ice driver refused the bond",
        """
        Intel's ice driver takes a bond into hardware on its own conditions, and unlike mlx5 says in the log when it
        does not ("VF LAG disabled"): the first member is not in switchdev mode, the mode is not active-backup (all that
        the driver of kernel 6.12 takes), a member is no port of an ice card or of another card, the ports have
        different DCB settings, or the firmware's own LLDP agent is on. The DDP package has to be one with LAG
        (ice_lag). The member that joined first owns the VFs.
        """);

    protected override string? Driver => "ice";
}
