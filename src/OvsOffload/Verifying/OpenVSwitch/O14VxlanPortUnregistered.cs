namespace OvsOffload.Verifying;

/// <summary>VXLAN runs on a UDP port that the NIC was not told of.</summary>
internal sealed class O14VxlanPortUnregistered : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O14",
        "vxlan-port-unregistered",
        CheckSeverity.Error,
        "the tunnel's UDP port is not registered with the NIC",
        """
        The card recognises VXLAN by its UDP port. The kernel registers the port with the driver when a vxlan device
        comes up; 4789 is always registered. On any other port the driver rejects flows: "isn't an offloaded vxlan udp
        dport", "UDP port N is not registered as a VXLAN port". The card can register only a few ports.
        """);

    /// <summary>mlx5/core/en/tc_tun_vxlan.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["isn't an offloaded vxlan udp dport", "is not registered as a VXLAN port"];

    protected override string Cause => "the tunnel's UDP port is not 4789 and not registered with the driver";

    protected override string Fix =>
        "set options:dst_port of the tunnel to 4789; or delete the tunnel port and add it again, so that the kernel "
        + "registers it with the driver";
}
