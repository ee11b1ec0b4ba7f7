using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A bridge with ports of a switchdev NIC runs in the userspace datapath.</summary>
internal sealed class O27DatapathNetdev : SwitchCheck
{
    private const string Userspace = "netdev";

    public override CheckInfo Info { get; } = new(
        "O27",
        "datapath-netdev",
        CheckSeverity.Warning,
        "a bridge runs in userspace",
        """
        A bridge with datapath_type=netdev runs in ovs-vswitchd itself, with DPDK or without, and not in the kernel.
        Flows of kernel devices on such a bridge go through a slow raw socket, and offload by tc is not what the
        userspace datapath is made for. For offload by the kernel the type is system (or empty). A userspace bridge that
        has no port of a NIC in switchdev mode is no fault.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
    {
        if (database.Bridges.Count == 0)
        {
            return [Skip(Objects.Switch, "there is no bridge")];
        }

        OvsBridge[] userspace = [.. database.Bridges.Where(bridge => bridge.DatapathType == Userspace)];
        return userspace.Length == 0
            ? [Ok(Objects.Switch,
                $"ovs-vsctl get Bridge .. datapath_type: none of {database.Bridges.Count} bridges is {Userspace}")]
            : userspace.Select(bridge => Judge(bridge, input));
    }

    private Finding Judge(OvsBridge bridge, VerifyInput input)
    {
        bool named = input.Intent.Bridges.Any(wanted => wanted.Name == bridge.Name);
        if (!named && input.State.PhysicalFunctions.IsFailed)
        {
            return Skip(
                $"bridge {bridge.Name}",
                "it runs in userspace, and whether it has ports of a NIC cannot be told: "
                + Objects.Unread(input.State.PhysicalFunctions));
        }

        NetDevice? port = input.State.KnownFunctions
            .SelectMany(pf => pf.Representors.ValueOr([]).Select(representor => representor.Device).Append(pf.Uplink))
            .OfType<NetDevice>()
            .FirstOrDefault(device =>
                bridge.Ports.SelectMany(row => row.Interfaces).Any(row => device.IsCalled(row.Name)));
        string evidence = $"ovs-vsctl get Bridge {bridge.Name} datapath_type: {Userspace}";
        return Found(
            input.WantsOffload && (named || port is not null) ? FindingStatus.Warning : FindingStatus.Info,
            $"bridge {bridge.Name}",
            $"{bridge.Name} runs in userspace, where tc offload has no part",
            port is null ? evidence : $"{evidence}; its port {port.Name} belongs to a NIC",
            "the bridge was made with datapath_type=netdev, as for DPDK",
            $"ovs-vsctl set Bridge {bridge.Name} datapath_type=system (its ports are made anew)");
    }
}
