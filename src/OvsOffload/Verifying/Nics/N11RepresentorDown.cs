using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A VF representor is down, so its VF has no link.</summary>
internal sealed class N11RepresentorDown : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "N11",
        "representor-down",
        CheckSeverity.Error,
        "a VF representor is down",
        """
        In switchdev mode a VF has link only while its representor is up on the host. Representors are created down and
        have to be set up when they are added to Open vSwitch.

        Whether it is a fault depends on what manages the representor. With representors: all in the configuration it is
        ovs-offload. If the bridge is managed by an agent (Neutron, OVN, Cloudpods, a CNI), or the VF is in use, the
        representor may be down on purpose: that is reported as info. A VF that is not in use, on a PF that the
        configuration does not name, is reported as info too.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(pf.Address.ToString(), "the PF has no VF representors")];
        }

        Finding[] down =
        [
            .. devices.Where(pair => !pair.Device.Up)
                .Select(pair => Down(pf, intent, pair.Representor, pair.Device, input)),
        ];
        return down.Length > 0
            ? down
            : [Ok(pf.Address.ToString(), $"ip link: {devices.Length} VF representors are up")];
    }

    private Finding Down(
        PhysicalFunction pf, NicIntent? intent, Representor representor, NetDevice device, Observation input)
    {
        (FindingStatus status, string cause) = Judge(pf, intent, representor, device, input);
        return Found(
            status,
            Objects.Of(pf, representor),
            $"{device.Name} is down, so {representor.Function} has no link",
            $"ip link show {device.Name}: state DOWN",
            cause,
            $"ip link set {device.Name} up"
                + (status == FindingStatus.Error ? "" : ", if the VF is meant to have link"));
    }

    private static (FindingStatus Status, string Cause) Judge(
        PhysicalFunction pf, NicIntent? intent, Representor representor, NetDevice device, Observation input)
    {
        OpenVSwitchState openVSwitch = input.State.OpenVSwitch;
        if (!openVSwitch.Agents.IsEmpty)
        {
            return (FindingStatus.Info, "the switch is managed by another agent, which may have set it down: "
                + $"{openVSwitch.Agents[0]}");
        }

        if (input.RepresentorBridgeOf(pf) is { } bridge)
        {
            return (
                FindingStatus.Error,
                $"ovs-offload manages it (representors: all of {bridge.Name}), and it was set down");
        }

        if (pf.VirtualFunctions.FirstOrDefault(function => function.Index == representor.VfIndex)
            is { IsHeld: true } vf)
        {
            return (FindingStatus.Info, vf.Holder.IsKnown
                ? $"the VF is in use, and its user may have set it down: {vf.Holder.Value.Description}"
                : $"cannot determine whether the VF is in use: {vf.Holder.Why}");
        }

        if (intent is { Managed: Management.Full, Mode: NicMode.Switchdev })
        {
            return (FindingStatus.Error, "it was not set up since it was created, or was set down");
        }

        return openVSwitch.Database.TryGet(out OpenVSwitchDatabase? database)
            && SwitchPorts.Find(database, device) is { } port
                ? (FindingStatus.Error, $"it is a port of {port.Bridge.Name}, but was not set up")
                : (FindingStatus.Info, "the VF is not in use, and its representor was not set up");
    }
}
