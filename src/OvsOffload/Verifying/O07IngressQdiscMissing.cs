namespace OvsOffload.Verifying;

/// <summary>Flows could not be handed to tc, as an ingress qdisc was gone.</summary>
internal sealed class O07IngressQdiscMissing : SwitchLogCheck
{
    public override CheckInfo Info { get; } = new(
        "O07",
        "ingress-qdisc-missing",
        CheckSeverity.Error,
        "tc has no ingress qdisc for a port",
        """
        ovs-vswitchd puts an ingress qdisc on each port when it begins to offload, and hands its flows to that. When
        another program takes the qdisc away (NetworkManager, a script with tc qdisc del, a bond made anew below the
        switch), every flow from that port fails with "failed to offload flow: No such file or directory: PORT"
        (ENOENT), and stays in software for good: ovs-vswitchd does not look again.

        Open vSwitch before 2.15 had faults of its own here.
        """);

    /// <summary>OVS lib/dpif-netlink.c, parse_flow_put; net/sched/cls_api.c.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["failed to offload flow: No such file or directory"];

    protected override string Cause =>
        "another program removed or replaced the ingress qdisc that ovs-vswitchd put on the port";

    protected override string Fix(VerifyInput input) =>
        "keep other programs off the ports (see N09), then put the port back in (ovs-vsctl del-port, add-port) or "
        + input.Distribution.RestartOpenVSwitch();
}
