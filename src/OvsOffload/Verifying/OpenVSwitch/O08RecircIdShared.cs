using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>Flows could not be offloaded, as they share a recirculation with others.</summary>
internal sealed class O08RecircIdShared : SwitchLogCheck
{
    public override CheckInfo Info { get; } = new(
        "O08",
        "recirc-id-shared",
        CheckSeverity.Error,
        "flows share a recirculation id",
        """
        Flows that recirculate use tc chains, one per recirculation. If two datapath flows would enter the same chain
        with different state, ovs-vswitchd keeps them in software and logs "flow_put: recirc_id sharing not supported".
        Old versions of OVN and Open vSwitch created such flows for load balancers and ct_clear; later ones mostly do
        not.
        """);

    /// <summary>OVS lib/netdev-offload-tc.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["recirc_id sharing not supported"];

    protected override string Cause =>
        "the pipeline uses one recirculation for flows with different state, which tc chains cannot express";

    protected override string Fix(Observation input) =>
        "upgrade to Open vSwitch 3.0 and OVN 22.06 or later; or simplify the rules: fewer ct zones and no load "
            + "balancer on this path";
}
