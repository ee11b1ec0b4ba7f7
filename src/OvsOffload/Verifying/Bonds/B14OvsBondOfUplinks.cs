using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch bonds uplinks itself.</summary>
internal sealed class B14OvsBondOfUplinks : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "B14",
        "ovs-bond-of-uplinks",
        CheckSeverity.Warning,
        "the uplinks are in an Open vSwitch bond",
        """
        Open vSwitch has its own bonds (ovs-vsctl add-bond). NICs cannot offload them: VF-LAG follows kernel bonds only.
        Rules are then offloaded to one port each, balance-slb and balance-tcp need actions that no NIC supports (a
        hash, a recirculation), and a failover moves every flow through the host's CPU.

        Use a kernel bond (ip link add type bond, or bonds: in the configuration) as the single uplink port of the
        bridge.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Switch, Objects.UnreadableReason(input.State.PhysicalFunctions))];
        }

        NetDevice[] uplinks =
        [
            .. input.State.KnownFunctions.Where(pf => pf.Mode == EswitchMode.Switchdev).Select(pf => pf.Uplink)
                .OfType<NetDevice>(),
        ];
        if (uplinks.Length == 0)
        {
            return [Skip(Objects.Switch, "this host has no uplink in switchdev mode")];
        }

        (OvsBridge bridge, OvsPort port)[] bonds = database.Bridges.SelectMany(
            bridge => bridge.Ports, (bridge, port) => (bridge, port))
            .Where(pair => pair.port.Interfaces.Count(row => uplinks.Any(uplink => uplink.HasName(row.Name))) > 1)
            .ToArray();
        return bonds.Length == 0
            ? [Ok(Objects.Switch, "ovs-vsctl list port: no port with several uplinks")]
            : bonds.Select(pair => Found(
                FindingStatus.Warning,
                Objects.Switch,
                $"port {pair.port.Name} of {pair.bridge.Name} is an Open vSwitch bond, which cannot be offloaded",
                $"ovs-vsctl get Port {pair.port.Name} interfaces: "
                    + $"{string.Join(' ', pair.port.Interfaces.Select(row => row.Name))}",
                "VF-LAG follows kernel bonds only",
                $"ovs-vsctl del-port {pair.port.Name}; then set bonds: and uplink: in the configuration and run "
                    + "ovs-offload apply"));
    }
}
