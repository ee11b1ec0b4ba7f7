using OvsOffload.Flows;

namespace OvsOffload.Verifying;

/// <summary>Broadcast and unknown addresses are flooded in software.</summary>
internal sealed class O35FloodInSoftware : FlowReasonCheck
{
    public override CheckInfo Info { get; } = new(
        "O35",
        "flood-in-software",
        CheckSeverity.Info,
        "flows with many outputs stay in software",
        """
        Broadcast, multicast and frames to unknown addresses go to every port of the bridge. A NIC rule supports few
        outputs (mlx5: 32), so on a bridge with more ports such flows stay in software. That is expected and costs
        little as long as only ARP and similar traffic is flooded.

        If much traffic is flooded, the bridge does not learn addresses: its table is full (mac-table-size) or entries
        age too early; or a guest sends real multicast, for which multicast snooping (mcast_snooping_enable) limits the
        copies.
        (mcast_snooping_enable) limits the copies.
        """);

    protected override FlowReason Reason => FlowReason.TooManyOutputs;

    protected override string Fix =>
        "none needed for ARP and similar traffic; for real multicast: ovs-vsctl set Bridge BRIDGE "
            + "mcast_snooping_enable=true";
}
