using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A bridge with ports of a switchdev NIC runs in the userspace datapath.</summary>
internal sealed class O27DatapathNetdev : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O27",
        "datapath-netdev",
        CheckSeverity.Warning,
        "a bridge uses the userspace datapath",
        """
        A bridge with datapath_type=netdev runs in ovs-vswitchd itself, with or without DPDK, and not in the kernel.
        Flows of kernel devices on such a bridge go through a slow raw socket, and the userspace datapath does not use
        tc offload. For kernel offload the type is system (or empty). A userspace bridge without ports of a switchdev
        NIC is no fault.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (database.Bridges.Count == 0)
        {
            return [Skip(Objects.Switch, "there is no bridge")];
        }

        OvsBridge[] userspace = [.. database.Bridges.Where(bridge => bridge.Datapath == OvsBridge.UserspaceDatapath)];
        return userspace.Length == 0
            ? [Ok(Objects.Switch,
                $"ovs-vsctl get Bridge .. datapath_type: none of {database.Bridges.Count} bridges is "
                    + OvsBridge.UserspaceDatapath)]
            : userspace.Select(bridge => Evaluate(bridge, input));
    }

    private Finding Evaluate(OvsBridge bridge, Observation input)
    {
        bool named = input.Intent.Bridges.Any(wanted => wanted.Name == bridge.Name);
        if (!named && input.State.PhysicalFunctions.IsFailed)
        {
            return Skip(
                $"bridge {bridge.Name}",
                "it uses the userspace datapath; cannot determine whether it has ports of a NIC: "
                + Objects.UnreadableReason(input.State.PhysicalFunctions));
        }

        NetDevice? port = input.State.KnownFunctions
            .SelectMany(pf => pf.Representors.ValueOr([]).Select(representor => representor.Device).Append(pf.Uplink))
            .OfType<NetDevice>()
            .FirstOrDefault(device =>
                bridge.Interfaces.Any(row => device.HasName(row.Name)));
        string evidence = $"ovs-vsctl get Bridge {bridge.Name} datapath_type: {bridge.Datapath}";
        return Found(
            input.OffloadExpected && (named || port is not null) ? FindingStatus.Warning : FindingStatus.Info,
            $"bridge {bridge.Name}",
            $"{bridge.Name} uses the userspace datapath, which does not use tc offload",
            port is null ? evidence : $"{evidence}; port {port.Name} belongs to a NIC",
            "the bridge was created with datapath_type=netdev, as for DPDK",
            $"ovs-vsctl set Bridge {bridge.Name} datapath_type=system (recreates its ports)");
    }
}
