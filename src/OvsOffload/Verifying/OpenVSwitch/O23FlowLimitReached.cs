using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch holds as many flows as it allows itself.</summary>
internal sealed class O23FlowLimitReached : UpcallCheck
{
    public override CheckInfo Info { get; } = new(
        "O23",
        "flow-limit-reached",
        CheckSeverity.Warning,
        "the number of flows is at its limit",
        """
        ovs-vswitchd holds at most flow-limit flows in all datapaths together (other_config, 200000 unless set), and
        fewer when going through them takes too long: then it lowers the limit by itself. At the limit flows are thrown
        out early, and packets go up to ovs-vswitchd instead. The limit counts flows in hardware as well.

        ovs-appctl upcall/show tells the flows that there are, the limit in force, and how long a round takes (see O24).
        """);

    /// <summary>Share of the limit from which on it is said.</summary>
    private const double Near = 0.9;

    protected override Finding Judge(UpcallShow datapath, OpenVSwitchDatabase database)
    {
        string subject = $"datapath {datapath.Datapath}";
        string evidence = $"ovs-appctl upcall/show: {datapath.Datapath}: flows (current {datapath.Flows}) (limit "
            + $"{datapath.FlowLimit}); other_config:flow-limit: "
            + database.OtherConfig.GetValueOrDefault("flow-limit", "not set");
        return datapath.FlowLimit > 0 && datapath.Flows >= Near * datapath.FlowLimit
            ? Found(FindingStatus.Warning, subject, $"{datapath.Flows} flows, and the limit is {datapath.FlowLimit}",
                evidence,
                "more traffic relations than the limit allows, or a limit that ovs-vswitchd lowered because rounds "
                    + "took too long",
                "wider matches in the bridge's rules; ovs-vsctl set Open_vSwitch . other_config:flow-limit=N with N "
                    + "above what is needed, if O24 is well")
            : Ok(subject, evidence);
    }
}
