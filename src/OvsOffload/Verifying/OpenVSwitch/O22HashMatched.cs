using OvsOffload.Flows;

namespace OvsOffload.Verifying;

/// <summary>Flows match on a hash that software has calculated.</summary>
internal sealed class O22HashMatched : FlowReasonCheck
{
    public override CheckInfo Info { get; } = new(
        "O22",
        "hash-matched",
        CheckSeverity.Warning,
        "flows match on dp_hash",
        """
        With an OpenFlow select group (load balancers of OVN and kube-ovn) the datapath calculates a hash of the
        packet, and the next flow matches on it (dp_hash in the dump). No NIC supports that hash, so these flows, and
        with them the traffic behind the load balancer, stay in software.

        OVN load balancers that use only conntrack do not need it; in kube-ovn the OVN load balancer can be disabled in
        favour of kube-proxy or Cilium.
        """);

    protected override FlowReason Reason => FlowReason.DpHash;

    protected override string Fix =>
        "avoid select groups: enable-lb=false in kube-ovn, no stateless load balancing in OVN, other group types in "
            + "OpenFlow";
}
