using OvsOffload.Flows;

namespace OvsOffload.Verifying;

/// <summary>ICMP below conntrack stays in software, by design.</summary>
internal sealed class O09IcmpUnderConntrack : FlowReasonCheck
{
    public override CheckInfo Info { get; } = new(
        "O09",
        "icmp-under-conntrack",
        CheckSeverity.Info,
        "ICMP flows with conntrack stay in software",
        """
        The kernel's flow tables, which conntrack offload uses, support TCP and UDP only. Testing offload with ping
        through security groups or another stateful rule shows flows in software although nothing is wrong. Test with
        TCP or UDP (iperf3) for longer than a second, because a connection is offloaded only once it is established.

        It is reported as info, so that a ping is not taken for a fault.
        """);

    protected override FlowReason Reason => FlowReason.CtIcmp;

    protected override string Fix =>
        "none needed: test offload with TCP or UDP instead of ping";
}
