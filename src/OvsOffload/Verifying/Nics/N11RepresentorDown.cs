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
        "a representor is down",
        """
        In switchdev mode a VF has link only while its representor is up on the host. Representors come up down, and
        whoever plugs them into Open vSwitch sets them up.

        Who that is decides whether it is a fault. Where the configuration says representors: all it is this program.
        Where an agent is in charge (Neutron, OVN, Cloudpods, a CNI), or somebody holds the VF, the representor is
        theirs, and they may have taken it down on purpose: that is told as info. A VF that nobody holds, on a PF that
        the configuration does not name, misses nothing either.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(pf.Address.ToString(), "it has no VF representors")];
        }

        Finding[] down =
        [
            .. devices.Where(pair => !pair.Device.Up)
                .Select(pair => Down(pf, wish, pair.Representor, pair.Device, input)),
        ];
        return down.Length > 0
            ? down
            : [Ok(pf.Address.ToString(), $"ip link: {devices.Length} VF representors are up")];
    }

    private Finding Down(
        PhysicalFunction pf, NicIntent? wish, Representor representor, NetDevice device, VerifyInput input)
    {
        (FindingStatus status, string cause) = Judge(pf, wish, representor, device, input);
        return Found(
            status,
            Objects.Of(pf, representor),
            $"{device.Name} is down, so {representor.Function} has no link",
            $"ip link show {device.Name}: state DOWN",
            cause,
            $"ip link set {device.Name} up"
                + (status == FindingStatus.Error ? "" : ", if whoever holds the VF means it to have link"));
    }

    private static (FindingStatus Status, string Cause) Judge(
        PhysicalFunction pf, NicIntent? wish, Representor representor, NetDevice device, VerifyInput input)
    {
        OpenVSwitchState openVSwitch = input.State.OpenVSwitch;
        if (!openVSwitch.Agents.IsEmpty)
        {
            return (FindingStatus.Info, $"an agent is in charge and may have taken it down: {openVSwitch.Agents[0]}");
        }

        if (input.PluggerOf(pf) is { } bridge)
        {
            return (
                FindingStatus.Error,
                $"representors: all of {bridge.Name} makes this program plug it, and somebody took it down");
        }

        if (pf.VirtualFunctions.FirstOrDefault(function => function.Index == representor.VfIndex)
            is { IsHeld: true } vf)
        {
            return (FindingStatus.Info, vf.Holder.IsKnown
                ? $"whoever holds the VF may have taken it down: {vf.Holder.Value.Description}"
                : $"it cannot be told whether somebody holds the VF: {vf.Holder.Why}");
        }

        if (wish is { Managed: Management.Full, Mode: NicMode.Switchdev })
        {
            return (FindingStatus.Error, "nobody has set it up since it was made, or somebody took it down");
        }

        return openVSwitch.Database.TryGet(out OpenVSwitchDatabase? database)
            && SwitchPorts.Find(database, device) is { } port
                ? (FindingStatus.Error, $"it is a port of {port.Bridge.Name}, and nobody has set it up")
                : (FindingStatus.Info, "nobody uses the VF, and nobody has set its representor up");
    }
}
