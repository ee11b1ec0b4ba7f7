using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>tc filters of a switch that is gone are still there.</summary>
internal sealed class O31LeftoverFilters : Check
{
    public override CheckInfo Info { get; } = new(
        "O31",
        "leftover-filters",
        CheckSeverity.Warning,
        "tc filters are left over and ovs-vswitchd is not running",
        """
        If ovs-vswitchd dies, its flows in tc stay: the NIC continues to forward by rules that are no longer updated.
        That keeps guests connected over a restart, but after a while the rules are outdated, and an e-switch with
        filters does not change its mode (see N06). A new ovs-vswitchd removes them when it starts.

        Filters on ingress of all devices are counted; their owner is unknown, so on a host where something else uses
        flower filters they may be intended.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.All(pf => pf.Mode != EswitchMode.Switchdev))
        {
            return [Skip(Objects.Host, Objects.NoSwitchdev(state))];
        }

        if (!state.Filters.TryGet(out FlowerCounts filters))
        {
            return [Skip(Objects.Host, $"tc filters: {state.Filters.Why}")];
        }

        if (input.WhySwitch is not null && !state.OpenVSwitch.Daemon.IsKnown)
        {
            // It is to be started again, which takes them away: that is one fault, not two.
            return [Skip(Objects.Host, $"ovs-vswitchd: {state.OpenVSwitch.Daemon.Why}")];
        }

        string evidence = $"tc filter show: {filters.InHardware} flower filters in_hw, {filters.NotInHardware} "
            + "not_in_hw";
        return state.OpenVSwitch.Daemon.IsKnown || filters.InHardware + filters.NotInHardware == 0
            ? [Ok(Objects.Host, $"{evidence}; ovs-vswitchd "
                + $"{(state.OpenVSwitch.Daemon.IsKnown ? "is running" : "is not running")}")]
            :
            [
                Found(FindingStatus.Warning, Objects.Host, Info.Title,
                    $"{evidence}; ovs-vswitchd: {Objects.OneLine(state.OpenVSwitch.Daemon.Why)}",
                    "ovs-vswitchd ended without removing its flows from tc",
                    $"start it again ({input.Distribution.RestartOpenVSwitch()}); if it is no longer needed: tc qdisc "
                        + "del dev DEVICE ingress for each device that tc qdisc show lists with one"),
            ];
    }
}
