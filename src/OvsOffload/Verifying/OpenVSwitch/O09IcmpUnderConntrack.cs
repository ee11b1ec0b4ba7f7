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
        The kernel's flow tables, which conntrack offload stands on, take TCP and UDP alone. Whoever tries offload with
        ping through security groups or another stateful rule sees flows in software and looks for a fault that is not
        there. The test of offload is TCP or UDP (iperf3), best for longer than a second, because a connection goes to
        hardware only once it is established.

        It is told as info wherever there are such flows, so that a ping does not lead anybody astray.
        """);

    protected override FlowReason Reason => FlowReason.CtIcmp;

    protected override string Fix =>
        "nothing: try offload with TCP or UDP instead of ping";
}
