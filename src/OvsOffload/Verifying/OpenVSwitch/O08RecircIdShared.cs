namespace OvsOffload.Verifying;

/// <summary>Flows could not be offloaded, as they share a recirculation with others.</summary>
internal sealed class O08RecircIdShared : SwitchLogCheck
{
    public override CheckInfo Info { get; } = new(
        "O08",
        "recirc-id-shared",
        CheckSeverity.Error,
        "flows share a recirculation that tc cannot share",
        """
        Flows that recirculate go into tc's chains, one chain for each recirculation. When two datapath flows would
        enter the same chain with different state, ovs-vswitchd keeps them in software and logs "flow_put: recirc_id
        sharing not supported". Old versions of OVN and Open vSwitch made such flows for load balancers and for
        ct_clear; later ones mostly do not.
        """);

    /// <summary>OVS lib/netdev-offload-tc.c.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["recirc_id sharing not supported"];

    protected override string Cause =>
        "the pipeline uses one recirculation for flows of different state, which tc's chains cannot express";

    protected override string Fix(VerifyInput input) =>
        "Open vSwitch 3.0 and OVN 22.06 or later; else simpler rules: fewer ct zones and no load balancer on this path";
}
