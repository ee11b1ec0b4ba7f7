using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>A VF has a VLAN of legacy mode while the PF is in switchdev mode.</summary>
internal sealed class N18VfVlanInSwitchdev : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N18",
        "vf-vlan-in-switchdev",
        CheckSeverity.Warning,
        "a VF has a VLAN from legacy mode",
        """
        In legacy mode the PF tags a VF's traffic: ip link set PF vf N vlan V. In switchdev mode Open vSwitch does: the
        tag of the representor's port, or push and pop in flows. A VLAN left over from legacy mode tags a second time
        below the switch, invisible to its rules; in switchdev mode mlx5 accepts only 0, which removes it.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"devlink dev eswitch show pci/{name}: {pf.Eswitch.Why}")];
        }

        if (pf.Mode != EswitchMode.Switchdev)
        {
            return [Skip(name, "not in switchdev mode")];
        }

        if (pf.VirtualFunctions.FirstOrDefault(vf => vf.Settings.IsFailed) is { } unread)
        {
            return [Skip(name, $"ip link show {pf.Uplink?.Name ?? "PF"}, vf {unread.Index}: {unread.Settings.Why}")];
        }

        Finding[] tagged =
        [
            .. pf.VirtualFunctions.Where(vf => vf.Settings.ValueOrDefault() is { Vlan: > 0 }).Select(vf => Found(
                FindingStatus.Warning,
                $"{name} vf{vf.Index}",
                $"vf{vf.Index} has VLAN {vf.Settings.Value.Vlan} from legacy mode",
                $"ip link show {pf.Uplink?.Name ?? "PF"}: vf {vf.Index} vlan {vf.Settings.Value.Vlan}",
                "the VLAN was set in legacy mode and not removed",
                $"ip link set {pf.Uplink?.Name ?? "PF"} vf {vf.Index} vlan 0, and set the tag on the representor's "
                    + "port in Open vSwitch")),
        ];
        return tagged.Length > 0
            ? tagged
            : [Ok(name, $"ip link show {pf.Uplink?.Name ?? "PF"}: none of {pf.VirtualFunctions.Length} VFs has a "
                + "VLAN")];
    }
}
