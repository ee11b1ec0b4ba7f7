namespace OvsOffload.Verifying;

/// <summary>Flows go from one NIC to another.</summary>
internal sealed class O11PortsOfOtherNic : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O11",
        "ports-of-other-nic",
        CheckSeverity.Error,
        "flows go from one NIC to another",
        """
        A NIC forwards between its own ports: the uplink and the VFs of one e-switch, or of both e-switches of one card
        in a bond. A flow from a VF of one card to a port of another, or to a device that belongs to no card, cannot be
        offloaded. mlx5 then says "devices are not on same switch HW, can't offload forwarding". Ports of one switch
        have the same phys_switch_id.
        """);

    /// <summary>mlx5/core/en/tc/act/mirred.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["not on same switch HW"];

    protected override string Cause => "a bridge forwards between ports of different e-switches";

    protected override string Fix =>
        "use ports of one card per bridge: compare /sys/class/net/DEVICE/phys_switch_id of the ports in ovs-vsctl "
        + "list-ports BRIDGE";
}
