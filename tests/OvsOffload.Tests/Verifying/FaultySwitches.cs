using System.Collections.Immutable;
using System.Net;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using static OvsOffload.Tests.Verifying.FaultyParts;

namespace OvsOffload.Tests.Verifying;

/// <summary>Hosts with one fault of Open vSwitch or its flows, one for each check of it.</summary>
internal static class FaultySwitches
{
    public static IReadOnlyDictionary<string, FaultyHost> ByCheck { get; } = new Dictionary<string, FaultyHost>
    {
        ["O01"] = new(
            Healthy.WithOption("hw-offload", null).WithSwitch(NotInForce),
            "other_config:hw-offload: not set",
            "ovs-offload apply"),
        ["O02"] = new(
            Healthy.WithSwitch(NotInForce),
            "other_config:hw-offload=true; no ingress qdisc on enp59s0f0np0",
            "systemctl restart openvswitch-switch"),
        ["O03"] = new(
            Healthy.WithOption("tc-policy", "skip_hw"),
            "other_config:tc-policy: skip_hw",
            "tc-policy=none"),
        ["O04"] = new(
            Healthy.WithOption("tc-policy", "skip_sw").WithModules("act_ct"),
            "other_config:tc-policy: skip_sw; /proc/modules: act_ct is loaded",
            "tc-policy=none"),
        ["O05"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0 enp59s0f0np0: flow table is full"),
            "0 offloaded, 0 partially, 4 in tc but not in the NIC",
            "reduce the number of flows")
        {
            Flows = new FlowCounts(0, 0, 4, 1, 0),
        },
        ["O06"] = SwitchLogs(
            "failed to offload flow: Operation not supported: enp59s0f0npf0vf0", "vlog/set netdev_offload_tc"),
        ["O07"] = new(
            Healthy.WithSwitch(state => state with
            {
                HwOffload = Reading.Known(new HwOffloadEffect(true, "ingress qdisc on enp59s0f0np0")
                {
                    PortsWithoutQdisc = Reading.Known<ImmutableArray<string>>(["enp59s0f0npf0vf0"]),
                }),
            }),
            "tc qdisc show dev enp59s0f0npf0vf0: no ingress qdisc; ingress qdisc on enp59s0f0np0",
            "systemctl restart openvswitch-switch"),
        ["O08"] = SwitchLogs("flow_put: recirc_id sharing not supported", "Open vSwitch 3.0"),
        ["O09"] = new(Healthy, "2 of 12 flows: ct_icmp", "TCP or UDP") { Reason = FlowReason.CtIcmp },
        ["O10"] = Refused(
            "mlx5_core: only ct_state trk, est, new and rpl are supported for offload", "established connections"),
        ["O11"] = Refused(
            "mlx5_core: devices are not on same switch HW, can't offload forwarding", "phys_switch_id"),
        ["O12"] = Refused("mlx5_core: can't forward from a VF to itself", "fdb/show"),
        ["O13"] = Refused(
            "mlx5_core: can't support more output ports, can't offload forwarding", "mac-table-size"),
        ["O14"] = Refused("mlx5_core 0000:3b:00.0: 8472 isn't an offloaded vxlan udp dport", "4789"),
        ["O15"] = new(
            WithTunnel(Healthy, "192.0.2.9").WithDevices(devices =>
            [
                .. devices, new NetDevice
                {
                    Index = 40,
                    Name = "eno1",
                    Up = true,
                    Mtu = 1600,
                    HardwareType = 1,
                    Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.9"), 24)],
                },
            ]),
            "options:local_ip: 192.0.2.9; ip address: on eno1",
            "move 192.0.2.9 to the uplink"),
        ["O16"] = new(
            WithTunnel(Healthy).WithPlatform(platform => platform with
            {
                Neighbours = Reading.Known<IReadOnlyList<Neighbour>>(
                    [new Neighbour(IPAddress.Parse("192.0.2.20"), false, SampleHost.Uplink)]),
            }),
            "/proc/net/arp: 192.0.2.20 on enp59s0f0np0 is incomplete",
            "ping 192.0.2.20"),
        ["O17"] = Refused("mlx5_core: firmware vlan actions is not supported", "QinQ"),
        ["O18"] = Refused("mlx5_core: Matching on GENEVE options is not supported", "FLEX_PARSER_PROFILE_ENABLE=0"),
        ["O19"] = new(
            SampleHost.ConnectX5().WithModules("act_ct").WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { Mirrors = 1 })],
            }),
            "ovs-vsctl get Bridge br1 mirrors: 1",
            "clear Bridge br1 mirrors"),
        ["O20"] = Refused(
            "mlx5_core: Offload not supported when conform action is not pipe or ok", "ingress_policing_rate"),
        ["O21"] = new(
            Healthy.WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { Samplers = ["sflow"] })],
            }),
            "ovs-vsctl get Bridge br1 sflow: set",
            "clear Bridge br1 sflow"),
        ["O22"] = new(Healthy, "2 of 12 flows: dp_hash", "select groups") { Reason = FlowReason.DpHash },
        ["O23"] = new(
            WithUpcall(datapath => datapath with { Flows = 195_000, FlowLimit = 200_000 }),
            "flows (current 195000) (limit 200000)",
            "flow-limit"),
        ["O24"] = new(
            WithUpcall(datapath => datapath with { DumpDurationMilliseconds = 900 }),
            "dump duration 900ms",
            "n-revalidator-threads"),
        ["O25"] = SwitchLogs(
            "failed to offload flow: No space left on device: enp59s0f0npf0vf0", "reduce the number of flows"),
        ["O26"] = new(
            Healthy.WithSwitch(state => state with { Daemon = Reading.Known("2.13.8") }),
            "version 2.13.8",
            "newer openvswitch-switch"),
        ["O27"] = new(
            Healthy.WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { DatapathType = "netdev" })],
            }),
            "datapath_type: netdev",
            "datapath_type=system"),
        ["O28"] = new(
            SampleHost.ConnectX5(),
            "dpctl/dump-flows -m system@ovs-system: 7 flows with ct, from enp59s0f0npf0vf0",
            "disable_security_group")
        {
            Conntrack = 7,
        },
        ["O29"] = new(
            Healthy.WithPlatform(platform => platform with { FlowTableTimeout = Reading.Known(1) }),
            "/proc/sys/net/netfilter/nf_flowtable_tcp_timeout: 1",
            "nf_flowtable_tcp_timeout=30"),
        ["O30"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0: tc ct offload not supported, register loopback isn't "
                + "supported"),
            "tc ct offload not supported",
            "disable security groups"),
        ["O31"] = new(
            Healthy.WithSwitch(state => state with
            {
                Database = Reading.Absent<OpenVSwitchDatabase>("no socket /run/openvswitch/db.sock"),
                Daemon = Reading.Failed<string>("there is no ovs-vswitchd.pid below /run/openvswitch"),
            }),
            "10 flower filters in_hw, 0 not_in_hw",
            "systemctl restart openvswitch-switch")
        {
            Intent = HostIntent.Observe,
        },
        ["O32"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                Counters = platform.Counters.Map<IReadOnlyDictionary<int, LinkCounters>>(counters =>
                    new Dictionary<int, LinkCounters>(counters)
                    {
                        [Healthy.FindDevice(SampleHost.RepresentorName(1))!.Index] = new(
                            new LinkTraffic { ReceivePackets = 1_000_000 },
                            new LinkTraffic { ReceivePackets = 900_000 }),
                    }),
            }),
            "enp59s0f0npf0vf1: 1000000 packets received, 900000 of them cpu_hit",
            "ovs-offload flows why --port enp59s0f0npf0vf1"),
        ["O33"] = new(Healthy, "2 of 12 flows: ipv6_fragments", "MTU") { Reason = FlowReason.Ipv6Fragments },
        ["O34"] = new(
            Healthy with { Filters = Reading.Known(new FlowerCounts(900, 0, 0)) },
            "dpctl/dump-flows -m: 10 offloaded; tc filter show: 900 flower filters in_hw",
            "systemctl restart openvswitch-switch"),
        ["O35"] = new(Healthy, "2 of 12 flows: too_many_outputs", "mcast_snooping_enable")
        {
            Reason = FlowReason.TooManyOutputs,
        },
        ["O36"] = new(
            SampleHost.ConnectX5() with
            {
                SecurityGroups = SecurityGroupState.None with
                {
                    Neutron = Reading.Known(new AgentFile("/etc/neutron/x.ini", "[securitygroup]\n", null)),
                },
            },
            "/etc/neutron/x.ini: [securitygroup] enable_security_group=(not set), firewall_driver=(not set)",
            "ovs-offload apply")
        {
            Intent = SampleIntent.Switchdev(2, RepresentorPorts.All) with
            {
                SecurityGroups = new SecurityGroupIntent { Backends = [SecurityGroupBackend.Neutron] },
            },
        },
        ["O37"] = new(
            Healthy with
            {
                Shapers = Reading.Known<ImmutableArray<Shaper>>(
                    [new Shaper(SampleHost.RepresentorName(0), "tbf"), new Shaper("eno1", "htb")]),
            },
            "tc qdisc show dev enp59s0f0npf0vf0: tbf at the root",
            "ip link set enp59s0f0np0 vf 0 max_tx_rate"),
        ["O38"] = new(
            Healthy.WithSwitch(state => state with
            {
                Database = Reading.Failed<OpenVSwitchDatabase>("/run/openvswitch/db.sock: Connection refused"),
                Installation = Installed,
            }),
            "db.sock: Connection refused; socket /run/openvswitch/db.sock; pid file: 812, no such process; "
                + "the configuration has bridge br1",
            "systemctl restart openvswitch-switch.service"),
        ["O39"] = new(
            Healthy.WithSwitch(state => state with
            {
                Daemon = Reading.Failed<string>("version: no reply within 10 s"),
                Installation = Installed,
            }),
            "no reply within 10 s; unit ovs-vswitchd.service: not running; the configuration has bridge br1",
            "systemctl restart openvswitch-switch.service"),
        ["O40"] = new(
            Healthy.WithDatabase(database => database with { CurCfg = database.NextCfg - 1 }),
            "table Open_vSwitch: cur_cfg ",
            "/usr/share/openvswitch/scripts/ovs-ctl restart"),
        ["O41"] = new(
            Healthy.WithSecondPort().WithDatabase(database => database with
            {
                Bridges =
                [
                    .. database.Bridges.Select(bridge => bridge with
                    {
                        Ports =
                        [
                            .. bridge.Ports.Where(port => port.Name != SampleHost.Uplink),
                            SampleHost.PortOf("enp59s0f1np1"),
                        ],
                    }),
                ],
            }),
            "enp59s0f1np1 of 0000:3b:00.1 (ConnectX-6 Dx); no bond of both is active in hardware",
            "ovs-vsctl del-port br1 enp59s0f1np1"),
        ["O42"] = new(
            Healthy.WithSwitch(state => state with
            {
                HwOffload = state.HwOffload.Map(effect => effect with
                {
                    TakenPorts = new HashSet<string> { SampleHost.Uplink, SampleHost.RepresentorName(1) },
                }),
            }),
            $"dpif/offload/show: no provider has {SampleHost.RepresentorName(0)}",
            "other_config:hw-offload-priority"),
        ["O43"] = new(
            SampleHost.ConnectX5(), "ovs-ofctl dump-flows br1: 5 rules with check_pkt_larger",
            "--disable-pkt-mtu-check")
        {
            LengthChecks = 5,
        },
        ["O44"] = SwitchLogs(
            "Kernel flower acknowledgment does not match request! Set dpif_netlink to dbg to see which rule caused "
                + "this error.",
            "upgrade Open vSwitch to 3.5.5 or 4.0"),
    };

    private static Reading<SwitchInstallation> Installed => Reading.Known(new SwitchInstallation(
        ["/usr/sbin/ovs-vswitchd", "openvswitch-switch.service"],
        "socket /run/openvswitch/db.sock; pid file: 812, no such process",
        "unit ovs-vswitchd.service: not running"));

    /// <summary>A host whose ovs-vswitchd has just logged a line, and whose NIC carries nothing.</summary>
    private static FaultyHost SwitchLogs(string line, string fix) => new(
        Healthy.WithSwitch(state => state with
        {
            Log = Reading.Known(new DaemonLogTail(
                [new DaemonLogLine(Healthy.ReadAt.AddMinutes(-1), "dpif_netlink(handler1)", "ERR", line)], true)),
        }) with
        { Filters = Reading.Known(new FlowerCounts(0, 3, 0)) },
        $"ovs-vswitchd.log: {line}",
        fix);

    /// <summary>A host whose driver refused a flow, and whose NIC carries nothing.</summary>
    private static FaultyHost Refused(string line, string fix) => new(
        Healthy.WithKernelLog(line) with { Filters = Reading.Known(new FlowerCounts(0, 3, 0)) },
        $"kernel log: {line}",
        fix);

    private static HostState WithUpcall(Func<UpcallShow, UpcallShow> change) => Healthy.WithSwitch(state => state with
    {
        Upcalls = state.Upcalls.Map<IReadOnlyList<UpcallShow>>(all => [.. all.Select(change)]),
    });

    private static OpenVSwitchState NotInForce(OpenVSwitchState state) => state with
    {
        HwOffload = Reading.Known(new HwOffloadEffect(false, $"no ingress qdisc on {SampleHost.Uplink}")),
    };
}
