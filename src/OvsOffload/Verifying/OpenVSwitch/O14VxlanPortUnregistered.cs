namespace OvsOffload.Verifying;

/// <summary>VXLAN runs on a UDP port that the NIC was not told of.</summary>
internal sealed class O14VxlanPortUnregistered : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O14",
        "vxlan-port-unregistered",
        CheckSeverity.Error,
        "the NIC was not told of the tunnel's UDP port",
        """
        The card recognises VXLAN by its UDP port. The kernel tells the driver of the port when a vxlan device with it
        comes up; 4789 is known from the start. On any other port that the driver has not heard of it refuses: "isn't an
        offloaded vxlan udp dport", "UDP port N is not registered as a VXLAN port". The card also has few places for
        such ports.
        """);

    /// <summary>mlx5/core/en/tc_tun_vxlan.c.</summary>
    protected override IReadOnlyList<string> Words { get; } =
        ["isn't an offloaded vxlan udp dport", "is not registered as a VXLAN port"];

    protected override string Cause => "the tunnel's UDP port is not 4789, and the driver was not told of it";

    protected override string Fix =>
        "leave options:dst_port of the tunnel at 4789; or take the tunnel's port out and put it in again so that the "
        + "kernel tells the driver";
}
