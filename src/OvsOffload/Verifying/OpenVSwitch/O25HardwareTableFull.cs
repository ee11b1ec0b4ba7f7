using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The NIC has no room for more flows.</summary>
internal sealed class O25HardwareTableFull : SwitchLogCheck
{
    public override CheckInfo Info { get; } = new(
        "O25",
        "hardware-table-full",
        CheckSeverity.Warning,
        "the NIC's tables are full",
        """
        The card's memory for flows, and the driver's tables in it, are limited. When they are full the driver returns
        ENOSPC, and ovs-vswitchd logs "failed to offload flow: No space left on device". The flow stays in software, and
        so does each later one until others have expired. The line is at level debug (ovs-appctl vlog/set
        dpif_netlink:file:dbg), and Open vSwitch gets the error only with tc-policy=skip_sw: otherwise tc keeps the
        flow. ConnectX cards hold millions of simple flows; flows with header rewriting, tunnels or conntrack use more
        than one entry each.

        ConnectX cards hold millions of simple flows; flows with header rewriting, tunnels or conntrack use more than
        one entry each.
        """);

    /// <summary>OVS lib/dpif-netlink.c; mlx5/core/fs_ft_pool.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["failed to offload flow: No space left on device"];

    protected override string Cause => "there are more flows than the card's tables can hold";

    protected override string Fix(Observation input) =>
        "reduce the number of flows: wider matches in the bridge's rules, a lower other_config:max-idle or "
        + "flow-limit; or use a NIC with larger tables";
}
