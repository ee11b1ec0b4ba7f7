using OvsOffload.Platform;


namespace OvsOffload.Verifying;

/// <summary>tc refused flows as not supported.</summary>
internal sealed class O06FlowRefusedUnsupported : SwitchLogCheck
{
    public override CheckInfo Info { get; } = new(
        "O06",
        "flow-refused-unsupported",
        CheckSeverity.Error,
        "tc refused flows: Operation not supported",
        """
        ovs-vswitchd logs "failed to offload flow: Operation not supported: PORT" (EOPNOTSUPP) when tc, or the driver
        below it with skip_sw, does not take a flow. Either the flow matches on something or does something that tc
        cannot, or PORT itself can take no filters, such as an internal port or a device without an ingress qdisc.

        The reason in words comes from the kernel: the checks O10 to O20 look for the known ones. The flow goes on in
        the datapath, in software. A few such flows beside offloaded ones are normal and told as info.
        """);

    /// <summary>OVS lib/dpif-netlink.c, parse_flow_put.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["failed to offload flow: Operation not supported"];

    protected override string Cause =>
        "a flow matches on or does what tc or the driver cannot, or its port takes no filters";

    protected override string Fix(VerifyInput input) =>
        "get the reason: ovs-appctl vlog/set netdev_offload_tc:file:dbg dpif_netlink:file:dbg, then ovs-appctl "
        + "revalidator/purge and the log; change the rules, or the NIC and its driver";

    protected override FindingStatus StatusOf(DaemonLogLine line, VerifyInput input) =>
        input.State.Filters.ValueOrDefault() is { InHardware: > 0 } ? FindingStatus.Info : base.StatusOf(line, input);
}
