namespace OvsOffload.Verifying;

/// <summary>The driver could not set up the offload of conntrack.</summary>
internal sealed class O30CtOffloadInitFailed : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O30",
        "ct-offload-init-failed",
        CheckSeverity.Warning,
        "the driver could not set up the offload of conntrack",
        """
        When switchdev mode is entered, mlx5 sets up tables for conntrack. Where the firmware lacks something it says
        "tc ct offload not supported" with the reason: missing VLAN actions, missing forward and modify, no register
        loopback. From then on flows with ct stay in software, and the others are offloaded as ever. On a host without
        security groups nothing is lost.
        """);

    /// <summary>mlx5/core/en/tc_ct.c, mlx5_tc_ct_init.</summary>
    protected override IReadOnlyList<string> Words { get; } =
        ["tc ct offload not supported", "tc ct offload init failed"];

    protected override string Cause =>
        "the firmware, or this generation of NIC, lacks what the offload of conntrack needs";

    protected override string Fix =>
        "newer firmware (mstflint, mlxup) and a cold reboot; or do without stateful rules (security groups off)";
}
