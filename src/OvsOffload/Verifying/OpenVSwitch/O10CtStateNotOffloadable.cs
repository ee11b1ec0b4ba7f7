namespace OvsOffload.Verifying;

/// <summary>Flows match on states of connections that cannot be offloaded.</summary>
internal sealed class O10CtStateNotOffloadable : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O10",
        "ct-state-not-offloadable",
        CheckSeverity.Error,
        "flows match on a conntrack state that cannot be offloaded",
        """
        Only established connections can be offloaded: a new one has to be seen by the kernel's conntrack first.
        So mlx5 and tc accept ct_state trk, est, new and rpl in a match, and reject rel and inv: "only ct_state
        trk, est, new and rpl are supported for offload", "matching on ct_state +rel isn't supported". Rules
        that allow related connections, as many security groups do, keep every flow that matches them in
        software.

        Open vSwitch itself passes a match to tc only if every bit of its mask is supported, set or not, and
        those of NAT (snat, dnat) never are: a rule with ct_state=-dnat, or !ct.dnat in OVN, keeps its flows out
        of tc without a word. ovs-vswitchd logs the supported bits when it starts: "probe tc: supported ovs
        ct_state bits". ovs-offload flows why shows such flows as ct_state.
        """);

    /// <summary>mlx5/core/en/tc_ct.c, mlx5_tc_ct_match_add.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
    [
        "only ct_state trk, est, new and rpl are supported",
        "matching on ct_state +rel",
        "matching on ct_state +inv",
    ];

    protected override string Cause => "the pipeline matches on +rel or +inv before it matches on +est";

    protected override string Fix =>
        "match established connections first, without +rel or +inv; or use stateless rules for this traffic";
}
