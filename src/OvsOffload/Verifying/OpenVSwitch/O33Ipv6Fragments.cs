using OvsOffload.Flows;

namespace OvsOffload.Verifying;

/// <summary>Fragments of IPv6 packets are in software.</summary>
internal sealed class O33Ipv6Fragments : FlowReasonCheck
{
    public override CheckInfo Info { get; } = new(
        "O33",
        "ipv6-fragments",
        CheckSeverity.Warning,
        "flows match fragments of IPv6 packets",
        """
        NICs do not take rules on fragments of IPv6 packets, so each fragment passes through the host's CPU. Fragments
        arise where a packet does not fit the path: guests with an MTU above that of the network, or a tunnel whose
        header was not left room for. In the dump the flows show eth_type(0x86dd) with frag=first or frag=later.

        A few fragments (large DNS answers) are normal; when many flows are fragments, the MTU is wrong somewhere: that
        of guests has to be smaller than that of the uplink by the tunnel's header (VXLAN 70 bytes over IPv6, Geneve
        more).
        """);

    protected override FlowReason Reason => FlowReason.Ipv6Fragments;

    protected override string Fix =>
        "lower the MTU of guests by the tunnel's header, or raise that of the uplink (see N20)";
}
