using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A VF representor is not a port of the bridge that it belongs to, or does not work as one.</summary>
internal sealed class N12RepresentorNotInBridge : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "N12",
        "representor-not-in-bridge",
        CheckSeverity.Error,
        "a VF representor is not a port of its bridge",
        """
        Traffic from a VF appears on its representor. Unless that is a port of an Open vSwitch bridge the VF has no
        connectivity, and there is no flow to offload. A port can also be in the database without working: ovs-vswitchd
        then writes the reason into the column "error" of the interface.

        Only what manages the ports knows which bridge is right. With representors: all in the configuration it is
        ovs-offload, and a missing port is a fault. Where an agent or the operator adds the ports, reported are ports
        that do not work, and the VFs of guests and containers whose representor is in no bridge at all: everything
        else may be green, and they have no connectivity. A guest that is just being started or stopped may look like
        that for a moment.

        A representor in a Linux bridge, or with an IP address of its own, is used without Open vSwitch. Ports of DPDK
        (dpdk-devargs) do not name their representor, so on a switch with such ports the VFs of guests are not judged.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(name, "the PF has no VF representors")];
        }

        if (!input.State.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            return [Skip(name, input.State.OpenVSwitch.Database.IsAbsent
                ? $"this host has no Open vSwitch: {input.State.OpenVSwitch.Database.Why}"
                : $"cannot read the Open vSwitch database: {input.State.OpenVSwitch.Database.Why}")];
        }

        BridgeIntent? wanted = input.RepresentorBridgeOf(pf);
        bool namesRepresentors = !database.Interfaces.Any(IsOfDpdk);
        SwitchPort?[] ports = [.. devices.Select(pair => SwitchPorts.Find(database, pair.Device))];
        Finding[] findings =
        [
            .. devices.Zip(ports, (pair, port) => Examine(pf, pair.Representor, pair.Device, wanted, port)
                    ?? (port is null && namesRepresentors ? ExamineUnplugged(pf, pair.Representor, pair.Device) : null))
                .OfType<Finding>(),
        ];
        int plugged = ports.Count(port => port is not null);
        if (findings.Length > 0)
        {
            return findings;
        }

        return wanted is null && plugged == 0
            ? [Skip(
                name, "none of its VF representors is a port, and the configuration does not set representors: all")]
            : [Ok(name, $"ovs-vsctl: {plugged} of {devices.Length} VF representors are ports"
                + (wanted is null ? "" : $" of {wanted.Name}") + ", without error")];
    }

    private Finding? Examine(
        PhysicalFunction pf,
        Representor representor,
        NetDevice device,
        BridgeIntent? wanted,
        SwitchPort? port)
    {
        string subject = Objects.Of(pf, representor);
        if (port is { Interface.Error: { Length: > 0 } error })
        {
            return Found(
                FindingStatus.Error,
                subject,
                $"{device.Name} is a port of {port.Bridge.Name} that does not work",
                $"ovs-vsctl get Interface {port.Interface.Name} error: {error}",
                "ovs-vswitchd could not add the device to its datapath",
                "fix the reported error (the device is missing, or belongs to another bridge or bond), then ovs-vsctl "
                    + $"del-port {port.Interface.Name} and add it again");
        }

        if (wanted is null || port?.Bridge.Name == wanted.Name)
        {
            return null;
        }

        return Found(
            FindingStatus.Error,
            subject,
            port is null
                ? $"{device.Name} is not a port of {wanted.Name}"
                : $"{device.Name} is a port of {port.Bridge.Name} instead of {wanted.Name}",
            $"ovs-vsctl port-to-br {device.Name}: {port?.Bridge.Name ?? "no port of that name"}; "
                + $"{wanted.Source["representors"]}: representors: all",
            port is null ? "it was not added yet, or was removed" : "it was added to another bridge",
            port is null
                ? "ovs-offload apply"
                : $"ovs-vsctl del-port {port.Bridge.Name} {device.Name}, then ovs-offload apply");
    }

    /// <summary>A port of DPDK: dpdk-devargs names the PF's address (ovs-vswitchd.conf.db(5)).</summary>
    private static bool IsOfDpdk(OvsInterface row) =>
        row.Type.StartsWith("dpdk", StringComparison.Ordinal) || row.Options.ContainsKey("dpdk-devargs");

    /// <summary>Whoever adds the ports: what a guest has needs one.</summary>
    private Finding? ExamineUnplugged(PhysicalFunction pf, Representor representor, NetDevice device)
    {
        Holder? guest = pf.VirtualFunctions.FirstOrDefault(vf => vf.Index == representor.VfIndex)?.Holder
            .ValueOrDefault();
        if (guest is not { Kind: HolderKind.Vfio or HolderKind.NetworkNamespace }
            || device.Master is not null || device.AllAddresses.Any())
        {
            return null;
        }

        return Found(
            FindingStatus.Error,
            Objects.Of(pf, representor),
            $"{representor.Function} is in use, and its representor {device.Name} is in no bridge",
            $"ovs-vsctl port-to-br {device.Name}: no port of that name; {guest.Description}",
            "what adds the ports (an agent, libvirt, a CNI plugin, the operator) has not added it, or it was removed",
            $"ovs-vsctl add-port BRIDGE {device.Name}, as the agent does it (external_ids, tag); or look into the "
                + "agent's log and start the guest again");
    }
}
