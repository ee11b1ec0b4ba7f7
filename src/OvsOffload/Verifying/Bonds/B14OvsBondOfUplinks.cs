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
        "Open vSwitch bonds the uplinks itself",
        """
        Open vSwitch can bond ports itself (ovs-vsctl add-bond). A NIC does not see such a bond: VF-LAG follows bonds of
        the kernel alone. The rules are then offloaded to one port each, balance-slb and balance-tcp need actions that no
        NIC carries (a hash, a recirculation), and a failover moves every flow through the host's CPU.

        The bond has to be one of the kernel (ip link add type bond, or bonds in the configuration), and the one port of
        the bridge.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Switch, Objects.Unread(input.State.PhysicalFunctions))];
        }

        NetDevice[] uplinks =
        [
            .. input.State.KnownFunctions.Where(pf => pf.Mode == EswitchMode.Switchdev).Select(pf => pf.Uplink)
                .OfType<NetDevice>(),
        ];
        if (uplinks.Length == 0)
        {
            return [Skip(Objects.Switch, "no uplink in switchdev mode on this host")];
        }

        var bonds = database.Bridges.SelectMany(bridge => bridge.Ports, (bridge, port) => (bridge, port))
            .Where(pair => pair.port.Interfaces.Count(row => uplinks.Any(uplink => uplink.IsCalled(row.Name))) > 1)
            .ToArray();
        return bonds.Length == 0
            ? [Ok(Objects.Switch, "ovs-vsctl list port: none with several uplinks")]
            : bonds.Select(pair => Found(
                FindingStatus.Warning,
                Objects.Switch,
                $"port {pair.port.Name} of {pair.bridge.Name} is a bond of Open vSwitch, which the NIC does not see",
                $"ovs-vsctl get Port {pair.port.Name} interfaces: {string.Join(' ', pair.port.Interfaces.Select(row => row.Name))}",
                "VF-LAG follows bonds of the kernel alone",
                $"ovs-vsctl del-port {pair.port.Name}; then bonds: and uplink: in the configuration, and ovs-offload apply"));
    }
}
