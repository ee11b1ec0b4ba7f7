using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Host;

/// <summary>Says what each port of the datapaths is: representor, uplink, bond, .. Pure.</summary>
internal static class HostFlowPorts
{
    /// <summary>Types of interfaces that are tunnels (ovs-vswitchd.conf.db(5)).</summary>
    private static readonly ImmutableHashSet<string> TunnelTypes =
        ["vxlan", "geneve", "gre", "ip6gre", "erspan", "ip6erspan", "lisp", "stt", "bareudp", "gtpu", "srv6"];

    /// <summary>
    /// Devices that Open vSwitch makes for tunnels in the kernel (lib/dpif-netlink-rtnl.c, lib/netdev-vport.c).
    /// </summary>
    private static readonly ImmutableArray<string> TunnelDevices =
        ["vxlan_sys_", "genev_sys_", "gre_sys", "ip6gre_sys", "erspan_sys", "ip6erspan_sys", "bareudp_sys_"];

    /// <summary>The ports, by every name that a dump may give them.</summary>
    public static ByteKeyed<FlowPort> Of(HostState state, OpenVSwitchDatabase? database)
    {
        var ports = new List<KeyValuePair<string, FlowPort>>();
        foreach (OvsBridge bridge in database?.Bridges ?? [])
        {
            foreach (OvsInterface row in bridge.Interfaces)
            {
                NetDevice? device = state.FindDevice(row.Name);
                if (Of(state, bridge, row, device) is not { } port)
                {
                    continue;
                }

                ports.Add(new(row.Name, port));
                if (device is not null && device.Name != row.Name)
                {
                    ports.Add(new(device.Name, port));
                }
            }
        }

        string? tunnels = ports.FirstOrDefault(port => port.Value.Kind == FlowPortKind.Tunnel).Value?.Bridge;
        ports.AddRange(state.Devices.ValueOr([])
            .Where(device => TunnelDevices.Any(prefix => device.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(device => KeyValuePair.Create(
                device.Name, new FlowPort { Name = device.Name, Kind = FlowPortKind.Tunnel, Bridge = tunnels })));
        return new ByteKeyed<FlowPort>(ports);
    }

    /// <summary>Where each address of this host is.</summary>
    public static ByteKeyed<TunnelEndpoint> AddressesOf(HostState state)
    {
        ImmutableArray<NetDevice> devices = state.Devices.ValueOr([]);
        HashSet<int> uplinks = [.. Uplinks(state).Select(device => device.Index)];
        uplinks.UnionWith(
            devices.Where(device => uplinks.Contains(device.Index)).Select(device => device.Master).OfType<int>()
            .Where(master => devices.Any(device => device.Index == master && device.Kind == Bond.LinkKind)));
        return new ByteKeyed<TunnelEndpoint>(devices.SelectMany(device => device.AllAddresses, (device, address) =>
            KeyValuePair.Create(address.Address.ToString(), new TunnelEndpoint(
                device.Name,
                uplinks.Contains(device.Index) || (device.Lower is { } lower && uplinks.Contains(lower)),
                device.Kind == SwitchPorts.KernelKind))));
    }

    private static IEnumerable<NetDevice> Uplinks(HostState state) =>
        state.KnownFunctions.Select(pf => pf.Uplink).OfType<NetDevice>();

    private static FlowPort? Of(HostState state, OvsBridge bridge, OvsInterface row, NetDevice? device)
    {
        var port = new FlowPort
        {
            Name = row.Name,
            Kind = FlowPortKind.OutsideNic,
            Bridge = bridge.Name,
            LacksQdisc = device is not null && state.OpenVSwitch.HwOffload.ValueOrDefault() is { } effect
                && effect is { IsActive: true } && effect.PortsWithoutQdisc.ValueOr([]).Contains(device.Name),
            KeptInSoftware = KeptInSoftware(state.OpenVSwitch, row),
            IfaceId = row.IfaceId,
            Vm = row.GuestId,
        };
        if (row.Type == "internal" || row.Name == bridge.Name)
        {
            return port with { Kind = FlowPortKind.Internal };
        }

        if (TunnelTypes.Contains(row.Type))
        {
            return port with { Kind = FlowPortKind.Tunnel };
        }

        // A patch port is in no datapath, and of a userspace port nothing is known.
        return row.Type.Length > 0 || device is null || !state.Devices.IsKnown || state.PhysicalFunctions.IsFailed
            ? null
            : OfDevice(state, device, port);
    }

    private static FlowPort OfDevice(HostState state, NetDevice device, FlowPort port)
    {
        foreach (PhysicalFunction pf in state.KnownFunctions)
        {
            if (pf.Uplink?.Index == device.Index && CanSwitchdev(pf))
            {
                return OnNic(state, port, pf, device) with { Kind = FlowPortKind.Uplink };
            }

            if (pf.Representors.ValueOr([]).FirstOrDefault(one => one.Device?.Index == device.Index) is { } representor)
            {
                return OnNic(state, port, pf, device) with
                {
                    Kind = FlowPortKind.Representor,
                    Function = representor.Function,
                };
            }
        }

        PhysicalFunction[] members =
            [.. state.KnownFunctions.Where(pf => device.Kind == Bond.LinkKind && pf.Uplink?.Master == device.Index)];
        return members.Length == 0
            ? port
            : OnNic(state, port, members[0], device) with
            {
                Kind = FlowPortKind.Bond,
                Pf = members.Length == 1 ? members[0].Address : null,
            };
    }

    /// <summary>Why Open vSwitch offloads nothing of a port (3.7 and later): its own setting, or no provider took it.
    /// Where the daemon shows no port of any provider, its answer says nothing of this one.</summary>
    public static string? KeptInSoftware(OpenVSwitchState openVSwitch, OvsInterface row)
    {
        if (row.OtherConfig.GetValueOrDefault(SwitchSettings.HwOffloadPriorityKey) is { } priority
            && priority.Split(',')[0] == SwitchSettings.NoProvider)
        {
            return $"Interface {row.Name}: other_config:{SwitchSettings.HwOffloadPriorityKey}={priority}";
        }

        return openVSwitch.HwOffload.ValueOrDefault() is { IsActive: true } effect && effect.Lacks(row)
            ? $"dpif/offload/show: no provider has {row.Name}"
            : null;
    }

    private static bool CanSwitchdev(PhysicalFunction pf) =>
        pf.Mode is not null || pf.Model.ModeChange.Setter != ModeSetter.Never;

    private static FlowPort OnNic(HostState state, FlowPort port, PhysicalFunction pf, NetDevice device) => port with
    {
        Pf = pf.Address,
        Nic = pf.Model,
        SwitchId = pf.SwitchId,
        JoinedPorts = JoinedPorts.Of(state, pf).Match<bool?>(joined => joined, _ => false, _ => null),
        Switchdev = pf.Mode is { } mode ? mode == EswitchMode.Switchdev : null,
        HwTcOffload = device.HwTcOffload.Match<bool?>(feature => feature.On, _ => false, _ => null),
        Encap = pf.Eswitch.ValueOrDefault()?.EncapMode is { } encap ? encap != EswitchEncapMode.None : null,
        InlineMode = pf.Model.NeedsInlineTransport ? pf.Eswitch.ValueOrDefault()?.InlineMode : null,
    };
}
