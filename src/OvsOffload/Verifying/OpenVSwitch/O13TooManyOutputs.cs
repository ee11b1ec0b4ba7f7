namespace OvsOffload.Verifying;

/// <summary>Flows go to more ports than the NIC can copy to.</summary>
internal sealed class O13TooManyOutputs : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O13",
        "too-many-outputs",
        CheckSeverity.Error,
        "flows go to more ports than the NIC can copy to",
        """
        A flow may send its packet to as many as 32 ports in hardware (ConnectX-5 and later); beyond that mlx5 says
        "can't support more output ports, can't offload forwarding". Broadcast and unknown unicast go to every port of a
        bridge, so with many VFs those flows are software's share, which is normal. It hurts when ordinary traffic is
        flooded, because the bridge did not learn where an address is.
        """);

    /// <summary>mlx5/core/en/tc/act/mirred.c, MLX5_MAX_FLOW_FWD_VPORTS.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["can't support more output ports"];

    protected override string Cause => "traffic is flooded to all ports of a bridge with more than 32 of them";

    protected override string Fix =>
        "see why it is flooded: ovs-appctl fdb/show BRIDGE (is the address learned?), mac-table-size and "
        + "mac-aging-time of the bridge, mirrors; or split the bridge";

    protected override FindingStatus BesideOffloadedFlows => FindingStatus.Info;
}
