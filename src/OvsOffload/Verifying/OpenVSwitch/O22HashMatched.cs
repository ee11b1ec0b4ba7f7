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
        A select group of OpenFlow (load balancers of OVN and kube-ovn) lets the datapath calculate a hash of the packet,
        and the next flow matches on it (dp_hash in the dump). No NIC knows that hash, so these flows, and with them the
        traffic behind the load balancer, stay in software.

        Load balancers of OVN do without it where they use conntrack alone; with kube-ovn the load balancer of OVN can
        be switched off, and kube-proxy or Cilium take its place.
        """);

    protected override FlowReason Reason => FlowReason.DpHash;

    protected override string Fix =>
        "do without select groups: in kube-ovn enable-lb=false, in OVN stateless load balancing off, in OpenFlow other "
            + "groups";
}
