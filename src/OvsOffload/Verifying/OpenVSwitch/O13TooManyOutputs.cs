namespace OvsOffload.Verifying;

/// <summary>Flows go to more ports than the NIC can copy to.</summary>
internal sealed class O13TooManyOutputs : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O13",
        "too-many-outputs",
        CheckSeverity.Error,
        "flows have more outputs than the NIC supports",
        """
        A flow can have up to 32 output ports in hardware (ConnectX-5 and later); beyond that mlx5 says "can't support
        more output ports, can't offload forwarding". Broadcast and unknown unicast go to every port of a bridge, so
        with many VFs those flows stay in software, which is normal. It is a problem if ordinary traffic is flooded
        because the bridge did not learn an address.
        """);

    /// <summary>mlx5/core/en/tc/act/mirred.c, MLX5_MAX_FLOW_FWD_VPORTS.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["can't support more output ports"];

    protected override string Cause => "traffic is flooded to all ports of a bridge with more than 32 ports";

    protected override string Fix =>
        "find out why it is flooded: ovs-appctl fdb/show BRIDGE (is the address learned?), mac-table-size and "
        + "mac-aging-time of the bridge, mirrors; or split the bridge";

    protected override FindingStatus StatusWithOffloadedFlows => FindingStatus.Info;
}
