using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch holds as many flows as it allows itself.</summary>
internal sealed class O23FlowLimitReached : UpcallCheck
{
    public override CheckInfo Info { get; } = new(
        "O23",
        "flow-limit-reached",
        CheckSeverity.Warning,
        "the flow limit is reached",
        """
        ovs-vswitchd keeps at most flow-limit flows in all datapaths together (other_config, 200000 by default), and
        fewer when dumping them takes too long: then it lowers the limit. At the limit flows are evicted early, and
        their packets go to ovs-vswitchd. The limit includes flows in hardware.

        ovs-appctl upcall/show shows the current flows, the current limit and the dump duration (see O24).
        """);

    /// <summary>Share of the limit from which on it is said.</summary>
    private const double NearLimit = 0.9;

    protected override Finding Evaluate(UpcallShow datapath, OpenVSwitchDatabase database)
    {
        string subject = $"datapath {datapath.Datapath}";
        string evidence = $"ovs-appctl upcall/show: {datapath.Datapath}: flows (current {datapath.Flows}) (limit "
            + $"{datapath.FlowLimit}); other_config:flow-limit: "
            + database.OtherConfig.GetValueOrDefault("flow-limit", "not set");
        return datapath.FlowLimit > 0 && datapath.Flows >= NearLimit * datapath.FlowLimit
            ? Found(FindingStatus.Warning, subject, $"{datapath.Flows} flows, the limit is {datapath.FlowLimit}",
                evidence,
                "there are more flows than the limit allows, or ovs-vswitchd lowered the limit because dumps took too "
                    + "long",
                "use wider matches in the bridge's rules; or raise ovs-vsctl set Open_vSwitch . "
                    + "other_config:flow-limit=N, if O24 is ok")
            : Ok(subject, evidence);
    }
}
