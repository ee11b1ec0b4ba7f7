using OvsOffload.OpenVSwitch;
using System.Globalization;

namespace OvsOffload.Verifying;

/// <summary>Going through the flows takes Open vSwitch too long.</summary>
internal sealed class O24RevalidatorsOverloaded : UpcallCheck
{
    public override CheckInfo Info { get; } = new(
        "O24",
        "revalidators-overloaded",
        CheckSeverity.Warning,
        "a round through all flows takes too long",
        """
        Revalidator threads of ovs-vswitchd go through all flows again and again: they read counters, throw out idle
        flows and check that each is still what the rules say. A round that takes longer than max-revalidator
        (other_config, 500 ms unless set) comes too late: the flow limit is lowered, idle flows stay, and changed rules
        take effect late. Reading counters of flows in hardware is part of it, and slow with dmfs (see N24).
        """);

    /// <summary>Milliseconds (vswitchd.xml, max-revalidator).</summary>
    private const long DefaultLimit = 500;

    protected override Finding Judge(UpcallShow datapath, OpenVSwitchDatabase database)
    {
        string subject = $"datapath {datapath.Datapath}";
        string? set = database.OtherConfig.GetValueOrDefault("max-revalidator");
        long limit = long.TryParse(set, NumberStyles.None, CultureInfo.InvariantCulture, out long stated)
            ? stated
            : DefaultLimit;
        string evidence = $"ovs-appctl upcall/show: {datapath.Datapath}: dump duration "
            + $"{datapath.DumpDurationMilliseconds}ms, flows (current {datapath.Flows}); max-revalidator: {limit}ms";
        return datapath.DumpDurationMilliseconds > limit
            ? Found(FindingStatus.Warning, subject,
                $"a round through {datapath.Flows} flows takes {datapath.DumpDurationMilliseconds} ms",
                evidence,
                "too many flows for the revalidator threads, or a kernel or card that is slow to tell counters",
                "ovs-vsctl set Open_vSwitch . other_config:n-revalidator-threads=N (more), fewer flows, a longer "
                    + "other_config:max-idle")
            : Ok(subject, evidence);
    }
}
