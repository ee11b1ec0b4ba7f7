namespace OvsOffload.Verifying;

/// <summary>The driver could not set up the offload of conntrack.</summary>
internal sealed class O30CtOffloadInitFailed : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O30",
        "ct-offload-init-failed",
        CheckSeverity.Warning,
        "the driver could not initialise conntrack offload",
        """
        When entering switchdev mode, mlx5 creates tables for conntrack. If the firmware lacks something it says "tc ct
        offload not supported" with the reason: missing VLAN actions, missing forward and modify, no register loopback.
        From then on flows with ct stay in software; other flows are still offloaded. On a host without security groups
        it does not matter.
        """);

    /// <summary>mlx5/core/en/tc_ct.c, mlx5_tc_ct_init.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["tc ct offload not supported", "tc ct offload init failed"];

    protected override string Cause =>
        "the firmware or this NIC generation lacks a feature that conntrack offload needs";

    protected override string Fix =>
        "update the firmware (mstflint, mlxup) and do a cold reboot; or disable security groups (no stateful rules)";
}
