using OvsOffload.Flows;

namespace OvsOffload.Verifying;

/// <summary>Fragments of IPv6 packets are in software.</summary>
internal sealed class O33Ipv6Fragments : FlowReasonCheck
{
    public override CheckInfo Info { get; } = new(
        "O33",
        "ipv6-fragments",
        CheckSeverity.Warning,
        "flows match IPv6 fragments",
        """
        NICs do not support rules on IPv6 fragments, so each fragment passes through the host's CPU. Fragments appear if
        a packet exceeds the path's MTU: guests with an MTU above the network's, or a tunnel without room for its
        header. In the dump the flows have eth_type(0x86dd) with frag=first or frag=later.

        A few fragments (large DNS answers) are normal; if many flows are fragments, an MTU is wrong: the guests' has to
        be smaller than the uplink's by the tunnel's header (VXLAN 70 bytes over IPv6, Geneve more).
        """);

    protected override FlowReason Reason => FlowReason.Ipv6Fragments;

    protected override string Fix =>
        "lower the guests' MTU by the size of the tunnel header, or raise the uplink's (see N20)";
}
