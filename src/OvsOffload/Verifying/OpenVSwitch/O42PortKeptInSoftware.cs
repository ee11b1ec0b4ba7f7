using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch keeps a port of an e-switch in software.</summary>
internal sealed class O42PortKeptInSoftware : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O42",
        "port-kept-in-software",
        CheckSeverity.Warning,
        "Open vSwitch offloads no flows of a port",
        """
        From version 3.7 on Open vSwitch asks offload providers (tc, dpdk) for each port, in the order of
        other_config:hw-offload-priority, of the Interface or of Open_vSwitch; none in that list keeps the port
        in software. ovs-appctl dpif/offload/show lists the ports that each provider has taken. Flows from or to
        a port that none has taken are never offloaded, and no log says so.

        A change of the setting takes effect after a restart of ovs-vswitchd. Only uplinks, bonds and
        representors of PFs in switchdev mode are looked at: other ports have nothing to offload.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        HostState state = input.State;
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Switch, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (Objects.UnreadableEswitch(state) is { } unread)
        {
            return [Skip(Objects.Switch, unread)];
        }

        if (state.OpenVSwitch.HwOffload.IsFailed)
        {
            return [Skip(Objects.Switch, $"dpif/offload/show: {state.OpenVSwitch.HwOffload.Why}")];
        }

        HashSet<int> ours =
        [
            .. state.KnownFunctions.Where(pf => pf.Mode == EswitchMode.Switchdev)
                .SelectMany(pf => pf.Representors.ValueOr([]).Select(one => one.Device).Append(pf.Uplink))
                .OfType<NetDevice>().SelectMany(device => new[] { device.Index, device.Master ?? device.Index }),
        ];
        Finding[] found =
        [
            .. database.Bridges.Where(bridge => bridge.UsesKernelDatapath).SelectMany(bridge => bridge.Interfaces)
                .Where(row => state.FindDevice(row.Name) is { } device && ours.Contains(device.Index))
                .Select(
                    row => HostFlowPorts.KeptInSoftware(state.OpenVSwitch, row) is { } words ? Of(row, words) : null)
                .OfType<Finding>(),
        ];
        return found.Length > 0
            ? found
            : [Ok(Objects.Switch, "ovs-vsctl list Interface: no port of an e-switch has hw-offload-priority=none"
                + (state.OpenVSwitch.HwOffload.ValueOrDefault()?.TakenPorts is { Count: > 0 }
                    ? "; dpif/offload/show: a provider has taken each"
                    : ""))];
    }

    private Finding Of(OvsInterface row, string words) => Found(
        Severity,
        $"port {row.Name}",
        $"Open vSwitch keeps {row.Name} in software",
        words,
        "its flows are not given to any offload provider",
        row.OtherConfig.ContainsKey(SwitchSettings.HwOffloadPriorityKey)
            ? $"ovs-vsctl remove Interface {row.Name} other_config {SwitchSettings.HwOffloadPriorityKey}, and restart "
                + "ovs-vswitchd"
            : $"ovs-vsctl get Open_vSwitch . other_config:{SwitchSettings.HwOffloadPriorityKey}: remove it, or add "
                + "tc to it, "
                + "and restart ovs-vswitchd");
}
