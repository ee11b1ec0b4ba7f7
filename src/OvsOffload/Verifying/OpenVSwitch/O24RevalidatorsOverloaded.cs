using System.Globalization;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Going through the flows takes Open vSwitch too long.</summary>
internal sealed class O24RevalidatorsOverloaded : UpcallCheck
{
    public override CheckInfo Info { get; } = new(
        "O24",
        "revalidators-overloaded",
        CheckSeverity.Warning,
        "revalidation of the flows takes too long",
        """
        ovs-vswitchd's revalidator threads dump all flows continuously: they read counters, delete idle flows and check
        each against the rules. If a dump takes longer than max-revalidator (other_config, 500 ms by default), the flow
        limit is lowered, idle flows stay, and rule changes take effect late. Reading counters of flows in hardware is
        part of it, and slow with dmfs (see N24).
        """);

    /// <summary>Milliseconds (vswitchd.xml, max-revalidator).</summary>
    private const long DefaultLimit = 500;

    protected override Finding Evaluate(UpcallShow datapath, OpenVSwitchDatabase database)
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
                $"revalidation of {datapath.Flows} flows takes {datapath.DumpDurationMilliseconds} ms",
                evidence,
                "too many flows for the revalidator threads, or kernel or card return counters slowly",
                "raise other_config:n-revalidator-threads (ovs-vsctl set Open_vSwitch . "
                    + "other_config:n-revalidator-threads=N), or reduce the number of flows")
            : Ok(subject, evidence);
    }
}
