using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>tc refused flows as not supported.</summary>
internal sealed class O06FlowRefusedUnsupported : SwitchLogCheck
{
    public override CheckInfo Info { get; } = new(
        "O06",
        "flow-refused-unsupported",
        CheckSeverity.Error,
        "tc rejected flows: Operation not supported",
        """
        ovs-vswitchd logs "failed to offload flow: Operation not supported: PORT" (EOPNOTSUPP) if tc, or the driver
        below it with skip_sw, does not accept a flow. Either the flow has a match or an action that tc does not
        support, or PORT itself cannot have filters, such as an internal port or a device without an ingress qdisc. The
        reason comes from the kernel: checks O10 to O20 look for the known ones. The flow stays in the datapath, in
        software. A few such flows next to offloaded ones are normal and reported as info.

        The reason in words comes from the kernel: the checks O10 to O20 look for the known ones. The flow goes on in
        the datapath, in software. A few such flows beside offloaded ones are normal and told as info.
        """);

    /// <summary>OVS lib/dpif-netlink.c, parse_flow_put.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["failed to offload flow: Operation not supported"];

    protected override string Cause =>
        "a flow has a match or an action that tc or the driver does not support, or its port cannot have filters";

    protected override string Fix(Observation input) =>
        $"find the reason with {HostFlowFacts.LogOf(input.State).Advice}; change the rules, or "
        + "the NIC and its driver";

    protected override FindingStatus StatusOf(DaemonLogLine line, Observation input) =>
        input.State.Filters.ValueOrDefault() is { InHardware: > 0 } ? FindingStatus.Info : base.StatusOf(line, input);
}
