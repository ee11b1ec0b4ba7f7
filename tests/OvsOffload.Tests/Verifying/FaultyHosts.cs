using System.Collections.Immutable;
using System.Net;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;
using OvsOffload.System;
using OvsOffload.Tests.Host;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>A host with one fault, and the words that the finding has to show.</summary>
internal sealed record FaultyHost(HostState Host, string Evidence, string Fix)
{
    public HostIntent Intent { get; init; } = SampleIntent.Switchdev(2, RepresentorPorts.All);

    public FlowCounts? Flows { get; init; }

    public ImmutableArray<JournalLine>? Journal { get; init; }

    /// <summary>Why some of the flows are not offloaded.</summary>
    public FlowReason? Reason { get; init; }

    /// <summary>Flows of the datapath with conntrack.</summary>
    public long Conntrack { get; init; }
}

/// <summary>One for each check, on which that check and no other finds a fault.</summary>
internal static class FaultyHosts
{
    private static readonly HostState Healthy = SampleHost.ConnectX6Dx();

    public static IReadOnlyDictionary<string, FaultyHost> ByCheck { get; } = new Dictionary<string, FaultyHost>
    {
        ["P01"] = new(
            Healthy.WithKernel(kernel => kernel with { Iommu = SampleHost.IommuOf(0) })
                .WithKernelFacts(facts => facts with
                {
                    CommandLine = Reading.Known(KernelCommandLine.Parse("root=/dev/sda1 ro quiet")),
                }),
            "/sys/kernel/iommu_groups: empty; /proc/cmdline: no intel_iommu=",
            "intel_iommu=on iommu=pt"),
        ["P06"] = new(
            SampleHost.Fresh().WithPf(pf => pf with { VfLimit = Reading.Known(0) }),
            "/sys/bus/pci/devices/0000:3b:00.0/sriov_totalvfs: 0",
            "SRIOV_EN=1 NUM_OF_VFS=16")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(null, 16)] },
        },
        ["P07"] = new(
            Healthy,
            "sriov_totalvfs: 64; defaults: vfs: 100",
            "NUM_OF_VFS=100")
        {
            Intent = SampleIntent.Switchdev(100, RepresentorPorts.All),
        },
        ["P09"] = new(
            Healthy.WithRepresentor(0, Fixed).WithRepresentor(1, Fixed)
                .WithKernelFacts(facts => facts with
                {
                    Configuration = SampleHost.Options(
                        [.. SampleHost.OffloadOptions.Where(name => name is not ("NET_TC_SKB_EXT" or "MLX5_CLS_ACT"))]),
                }),
            "ethtool -k enp59s0f0npf0vf0: hw-tc-offload: off [fixed]; /boot/config-6.8.0-49-generic",
            "DOCA-Host"),
        ["P10"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0: mlx5 tc ct offload isn't enabled.")
                .WithKernelFacts(facts => facts with
                {
                    Configuration = SampleHost.Options(
                        [.. SampleHost.OffloadOptions.Where(name => name != "MLX5_TC_CT")]),
                }),
            "CONFIG_MLX5_TC_CT not set",
            "security groups off"),
        ["N01"] = new(
            SampleHost.I350(),
            "8086:1521",
            "mode: legacy")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev, 2)] },
        },
        ["N02"] = new(
            SampleHost.Legacy(),
            "devlink dev eswitch show pci/0000:3b:00.0: mode legacy",
            "ovs-offload apply")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev, 2)] },
        },
        ["N04"] = new(
            SampleHost.Legacy().WithPf(pf => pf with
            {
                PortType = PortType.Infiniband,
                Eswitch = Reading.Absent<Eswitch>("the driver of 0000:3b:00.0 has no e-switch (EOPNOTSUPP)"),
            }),
            "type ib",
            "LINK_TYPE_P1=2")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev, 2)] },
        },
        ["N06"] = new(
            Healthy,
            "mlx5_core: Can't change mode, E-Switch is busy",
            "tc qdisc del")
        {
            // Back to legacy is wanted, so that the mode itself is no fault of another check.
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Legacy, 2)] },
            Journal =
            [
                new JournalLine("begin", "eswitch-mode:0000:3b:00.0", null),
                new JournalLine("failed", "eswitch-mode:0000:3b:00.0",
                    "mlx5_core: Can't change mode, E-Switch is busy"),
            ],
        },
        ["N07"] = new(
            Healthy.WithoutRepresentor(1),
            "sriov_numvfs: 2; devlink port show: no port for vf1",
            "journalctl -k"),
        ["N10"] = new(
            Healthy.WithRepresentor(1, device => device with
            {
                HwTcOffload = Reading.Known(new OffloadFeature(false, false)),
            }),
            "ethtool -k enp59s0f0npf0vf1: hw-tc-offload: off",
            "ethtool -K enp59s0f0npf0vf1 hw-tc-offload on"),
        ["N11"] = new(
            Healthy.WithRepresentor(1, device => device with { Up = false }),
            "ip link show enp59s0f0npf0vf1: state DOWN",
            "ip link set enp59s0f0npf0vf1 up"),
        ["N12"] = new(
            Healthy.WithBridges(
                SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink, SampleHost.RepresentorName(0))),
            "ovs-vsctl port-to-br enp59s0f0npf0vf1: no port",
            "ovs-offload apply"),
        ["N22"] = new(
            SampleHost.ConnectX4Lx().WithPf(pf => pf with
            {
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { InlineMode = EswitchInlineMode.Link }),
            }),
            "inline-mode link",
            "ovs-offload apply"),
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
        ["O05"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0 enp59s0f0np0: flow table is full"),
            "0 offloaded, 0 partly, 4 in tc and not in the NIC",
            "fewer flows")
        {
            Flows = new FlowCounts(0, 0, 4, 1, 0),
        },
        ["O27"] = new(
            Healthy.WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { DatapathType = "netdev" })],
            }),
            "datapath_type: netdev",
            "datapath_type=system"),
        ["P02"] = new(
            Healthy.WithKernelFacts(facts => facts with
            {
                CommandLine = Reading.Known(KernelCommandLine.Parse("root=/dev/sda1 ro intel_iommu=on")),
            }),
            "/sys/kernel/iommu_groups/0/type: DMA-FQ; /proc/cmdline: no iommu=pt",
            "iommu=pt"),
        ["P03"] = new(
            SampleHost.Fresh().WithKernelLog("mlx5_core 0000:3b:00.0: not enough MMIO resources for SR-IOV"),
            "kernel log: mlx5_core 0000:3b:00.0: not enough MMIO resources for SR-IOV",
            "pci=realloc")
        {
            Intent = HostIntent.Observe,
        },
        ["P04"] = new(
            SampleHost.Fresh().WithKernelLog(
                "mlx5_core 0000:3b:00.0: can't enable 64 VFs (bus 3c out of range of [bus 3b])"),
            "can't enable 64 VFs (bus 3c out of range of [bus 3b])",
            "ARI")
        {
            Intent = HostIntent.Observe,
        },
        ["P05"] = new(
            SampleHost.Fresh().WithKernelLog("mlx5_core 0000:3b:00.0: wait_func:1137:(pid 900): "
                + "ENABLE_HCA(0x104) timeout. Will cause a leak of a command resource"),
            "ENABLE_HCA(0x104) timeout",
            "ARI and ACS")
        {
            Intent = HostIntent.Observe,
        },
        ["P08"] = new(
            Healthy.WithPf(pf => pf with
            {
                Firmware = pf.Firmware.Map(firmware => firmware with { Stored = "22.45.1020" }),
            }),
            "running fw 22.43.2026, stored fw 22.45.1020",
            "cold reboot"),
        ["P12"] = new(
            Healthy.WithKernelFacts(facts => facts with { Release = KernelRelease.Parse("4.4.0-210-generic") }),
            "uname -r: 4.4.0-210-generic; flow offload since 4.8",
            "linux-generic-hwe"),
        ["P13"] = new(
            Healthy.WithOption("dpdk-init", "true"),
            "other_config:dpdk-init: true",
            "remove Open_vSwitch . other_config dpdk-init"),
        ["P17"] = new(
            SampleHost.Fresh().WithPf(pf => pf with
            {
                Model = NicModels.BuiltIn.Find(PciId.Parse("15b3:0212")),
                Driver = null,
                VfLimit = Reading.Absent<int>("no SR-IOV capability"),
                VfCount = Reading.Absent<int>("no SR-IOV capability"),
                Eswitch = Reading.Absent<Eswitch>("the driver of 0000:3b:00.0 does not register with devlink"),
            }),
            "/sys/bus/pci/devices/0000:3b:00.0/device: 15b3:0212",
            "burn")
        {
            Intent = HostIntent.Observe,
        },
        ["P18"] = new(
            Healthy.WithPf(pf => pf with
            {
                Health = Reading.Known<ImmutableArray<HealthReporter>>([new HealthReporter("fw_fatal", false, 1, 0)]),
            }),
            "reporter fw_fatal: state error, error 1, recover 0",
            "devlink health recover"),
        ["P19"] = new(
            Healthy.WithUptime(TimeSpan.FromMinutes(6)).WithKernelLog("mlx5_core 0000:3b:00.0: "
                + "mlx5_cmd_out_err:808:(pid "
                + "7): MODIFY_VPORT_CONTEXT(0x755) op_mod(0x0) failed, status bad parameter(0x3), syndrome (0x1e2c), "
                + "err(-22)"),
            "syndrome (0x1e2c)",
            "support"),
        ["P20"] = new(
            Healthy.WithUptime(TimeSpan.FromMinutes(6)).WithKernelLog("mlx5_core 0000:3b:00.0: wait_func:1137:(pid "
                + "900): "
                + "QUERY_VPORT_COUNTER(0x770) timeout. Will cause a leak of a command resource"),
            "QUERY_VPORT_COUNTER(0x770) timeout",
            "devlink health show pci/0000:3b:00.0"),
        ["N03"] = new(
            BondOfBoth(Healthy.WithSecondPort(pf => pf with
            {
                DriversAutoprobe = Reading.Known(false),
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = EswitchMode.Legacy }),
            })),
            "pci/0000:3b:00.1 mode legacy, pci/0000:3b:00.0 mode switchdev",
            "devlink dev eswitch set pci/0000:3b:00.1 mode switchdev"),
        ["N05"] = new(
            SampleHost.Fresh("15b3:a2d6").WithPf(pf => pf with
            {
                Eswitch = Reading.Absent<Eswitch>("the driver of 0000:3b:00.0 has no e-switch (EOPNOTSUPP)"),
            }),
            "BlueField-2 (15b3:a2d6); devlink dev eswitch show pci/0000:3b:00.0: the driver",
            "INTERNAL_CPU_OFFLOAD_ENGINE=1")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev)] },
        },
        ["N08"] = new(
            Healthy.WithDevice(SampleHost.RepresentorName(1), device => device with { Name = "eth7" })
                .WithBridges(SampleHost.BridgeOf(
                    SampleHost.Bridge, SampleHost.Uplink, SampleHost.RepresentorName(0), "eth7")),
            "ip link show eth7: phys_port_name pf0vf1; ovs-vsctl port-to-br eth7: br1",
            "udev rule"),
        ["N13"] = new(
            BondOfBoth(Healthy.WithSecondPort()),
            "/sys/bus/pci/devices/0000:3b:00.1/sriov_drivers_autoprobe: 1; sriov_numvfs: 0; bond bond0",
            "echo 0 > /sys/bus/pci/devices/0000:3b:00.1/sriov_drivers_autoprobe"),
        ["N14"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0: mlx5_activate_lag:684:(pid 7): Make sure all VFs are "
                + "unbound "
                + "prior to VF LAG activation or deactivation"),
            "Make sure all VFs are unbound",
            "unbind the VFs"),
        ["N15"] = new(
            Healthy.WithHolder(1, HolderKind.Vfio, "qemu-system-x86 (pid 4242) has /dev/vfio/17 open"),
            "sriov_numvfs: 2; defaults: vfs: 4; vf1: qemu-system-x86 (pid 4242)",
            "stop or move")
        {
            Intent = SampleIntent.Switchdev(4, RepresentorPorts.All),
        },
        ["N16"] = new(
            SampleHost.I350().WithUptime(TimeSpan.FromMinutes(6))
                .WithKernelLog("igb 0000:3b:00.0 enp59s0f0np0: Spoof event(s) detected on VF 1"),
            "Spoof event(s) detected on VF 1",
            "fail_over_mac=active")
        {
            Intent = HostIntent.Observe,
        },
        ["N17"] = new(
            SampleHost.I350().WithUptime(TimeSpan.FromMinutes(6))
                .WithKernelLog("i40e 0000:3b:00.0: Cannot add more MAC addresses, VF is not trusted, switch the VF"),
            "VF is not trusted",
            "trust on")
        {
            Intent = HostIntent.Observe,
        },
        ["N18"] = new(
            Healthy.WithVf(1, vf => vf with { Settings = vf.Settings.Map(set => set with { Vlan = 100 }) }),
            "vf 1 vlan 100",
            "vf 1 vlan 0"),
        ["N19"] = new(
            Healthy.WithVf(1, vf => vf with
            {
                Settings = vf.Settings.Map(set => set with { Address = HardwareAddress.Parse("02:42:a1:00:01:00") }),
            }),
            "vf 0 link/ether 02:42:a1:00:01:00",
            "vf-macs: stable"),
        ["N20"] = new(
            Healthy.WithRepresentor(1, device => device with { Mtu = 9000 }),
            "enp59s0f0npf0vf1 mtu 9000, enp59s0f0np0 mtu 1500",
            "ip link set enp59s0f0np0 mtu 9000"),
        ["N21"] = new(
            Healthy.WithKernelLog("ice 0000:3b:00.0: Not enough device MSI-X vectors, requested = 260, available = "
                + "253"),
            "Not enough device MSI-X vectors",
            "fewer VFs"),
        ["N23"] = new(
            WithTunnel(Healthy).WithPf(pf => pf with
            {
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { EncapMode = EswitchEncapMode.None }),
            }),
            "encap-mode none; tunnel vxlan0 (vxlan)",
            "encap-mode basic"),
        ["N24"] = new(
            Healthy.WithPf(pf => pf with { SteeringMode = Reading.Known("dmfs") }),
            "flow_steering_mode: dmfs; ConnectX-6 Dx can do smfs",
            "steering: smfs"),
        ["N26"] = new(
            SampleHost.ConnectX3Pro(),
            "vfs: 8; /etc/modprobe.d/mlx4_core.conf: options mlx4_core port_type_array=2,2 num_vfs=2,0,0",
            "num_vfs=8,0,0 probe_vf=8,0,0")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(null, 8)] },
        },
        ["N28"] = new(
            SampleHost.Legacy().WithPf(pf => pf with
            {
                PortType = PortType.Infiniband,
                Eswitch = Reading.Absent<Eswitch>("the driver of 0000:3b:00.0 has no e-switch (EOPNOTSUPP)"),
                VirtualFunctions =
                [
                    .. pf.VirtualFunctions.Select(vf => vf with
                    {
                        Settings = Reading.Failed<LinkVf>("list VFs of link ib0: Message too long (EMSGSIZE)"),
                    }),
                ],
            }),
            "Message too long (EMSGSIZE)",
            "mlnx-iproute2")
        {
            Intent = HostIntent.Observe,
        },
        ["N29"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0: Tc chains and priorities offload aren't supported, check "
                + "firmware version, or mlxconfig settings"),
            "Tc chains and priorities offload aren't supported",
            "update the firmware of 0000:3b:00.0"),
        ["N30"] = RefusedMode(
            "mlx5_core: Can't change eswitch mode when IPsec SA and/or policies are configured (EOPNOTSUPP)",
            "ip xfrm state"),
        ["N31"] = RefusedMode("mlx5_core: Rate node(s) exists. (EBUSY)", "devlink port function rate del"),
        ["O04"] = new(
            Healthy.WithOption("tc-policy", "skip_sw").WithModules("act_ct"),
            "other_config:tc-policy: skip_sw; /proc/modules: act_ct is loaded",
            "tc-policy=none"),
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
                    Mtu = 1500,
                    HardwareType = 1,
                    Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.9"), 24)],
                },
            ]),
            "options:local_ip: 192.0.2.9; ip address: on eno1",
            "put 192.0.2.9 on the uplink"),
        ["O17"] = Refused("mlx5_core: firmware vlan actions is not supported", "QinQ"),
        ["O18"] = Refused("mlx5_core: Matching on GENEVE options is not supported", "FLEX_PARSER_PROFILE_ENABLE=0"),
        ["O20"] = Refused(
            "mlx5_core: Offload not supported when conform action is not pipe or ok", "ingress_policing_rate"),
        ["O23"] = new(
            WithUpcall(datapath => datapath with { Flows = 195_000, FlowLimit = 200_000 }),
            "flows (current 195000) (limit 200000)",
            "flow-limit"),
        ["O24"] = new(
            WithUpcall(datapath => datapath with { DumpDurationMilliseconds = 900 }),
            "dump duration 900ms",
            "n-revalidator-threads"),
        ["O25"] = SwitchLogs("failed to offload flow: No space left on device: enp59s0f0npf0vf0", "fewer flows"),
        ["O26"] = new(
            Healthy.WithSwitch(state => state with { Daemon = Reading.Known("2.13.8") }),
            "version 2.13.8",
            "newer openvswitch-switch"),
        ["O28"] = new(
            SampleHost.ConnectX5(),
            "dpctl/dump-flows -m system@ovs-system: 7 flows with ct, from enp59s0f0npf0vf0",
            "disable_security_group")
        {
            Conntrack = 7,
        },
        ["O30"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0: tc ct offload not supported, register loopback isn't "
                + "supported"),
            "tc ct offload not supported",
            "security groups off"),
        ["O31"] = new(
            Healthy.WithSwitch(state => state with
            {
                Database = Reading.Absent<OpenVSwitchDatabase>("there is no socket /run/openvswitch/db.sock"),
                Daemon = Reading.Failed<string>("there is no ovs-vswitchd.pid below /run/openvswitch"),
            }),
            "10 flower filters in_hw, 0 not_in_hw",
            "systemctl restart openvswitch-switch"),
        ["O34"] = new(
            Healthy with { Filters = Reading.Known(new FlowerCounts(900, 0, 0)) },
            "dpctl/dump-flows -m: 10 offloaded; tc filter show: 900 flower filters in_hw",
            "systemctl restart openvswitch-switch"),
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
        ["P11"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                TrafficControlModules = platform.TrafficControlModules
                    .Map<IReadOnlySet<string>>(modules => modules.Except(["act_mirred"]).ToHashSet()),
            }),
            "/lib/modules/6.8.0-49-generic/modules.dep and modules.builtin: no act_mirred",
            "linux-modules-extra"),
        ["P14"] = new(
            BondOfBoth(Healthy.WithSecondPort(pf => pf with { DriversAutoprobe = Reading.Known(false) }))
                .WithKernelFacts(facts => facts with { Lockdown = Reading.Known("confidentiality") }),
            "/sys/kernel/security/lockdown: confidentiality",
            "lockdown=integrity"),
        ["P15"] = new(
            Healthy.WithPf(pf => pf with { NumaNode = 0 })
                .WithVf(0, vf => vf with
                {
                    Holder = Reading.Known(new Holder(HolderKind.Vfio, "qemu-system-x86 (pid 4711) has /dev/vfio/12 open")
                    {
                        Processes = [4711],
                    }),
                })
                .WithPlatform(platform => platform with
                {
                    HolderCpus = ImmutableDictionary<int, Reading<ImmutableHashSet<int>>>.Empty.Add(
                        4711, Reading.Known<ImmutableHashSet<int>>([8, 9])),
                }),
            "/proc/4711/task/*/status: Cpus_allowed_list without any CPU of node 0",
            "pin the guest to node 0"),
        ["P16"] = new(
            Healthy.WithAround(around => around with
            {
                Link = Reading.Known(new PcieLink("8.0 GT/s PCIe", 2, "16.0 GT/s PCIe", 16)),
            }),
            "current_link_speed: 8.0 GT/s PCIe, width 2; the card can do 16.0 GT/s PCIe, width 16",
            "another slot"),
        ["P21"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                ModuleOptions = Options("/etc/modprobe.d/vfio.conf", "vfio_pci", "ids=10de:1b39,15b3:101d"),
            }),
            "/etc/modprobe.d/vfio.conf: options vfio-pci ids=10de:1b39,15b3:101d; the PF is 15b3:101d",
            "take 15b3:101d out"),
        ["P22"] = new(
            SampleHost.I350().WithPlatform(platform => platform with
            {
                ModuleOptions = Options("/etc/modprobe.d/igb.conf", "igb", "max_vfs=7"),
            }),
            "/etc/modprobe.d/igb.conf: options igb max_vfs=7",
            "vfs: N in the configuration")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(null, 2)] },
        },
        ["P23"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                BootArguments = Reading.Known(new BootArguments(
                    "/etc/default/grub", KernelCommandLine.Parse("intel_iommu=on iommu=pt pci=realloc"))),
            }),
            "/etc/default/grub: pci=realloc; /proc/cmdline: intel_iommu=on iommu=pt",
            "update-grub and a reboot"),
        ["P24"] = new(
            Healthy.WithPlatform(platform => platform with { Mlx5Version = Reading.Known("24.10-1.1.4") }),
            "/sys/module/mlx5_core/version: 24.10-1.1.4",
            "dkms"),
        ["P25"] = new(
            SampleHost.Legacy().WithPf(pf => pf with { VfCount = Reading.Known(4) }),
            "sriov_numvfs: 4; virtfnN: 2; sriov_totalvfs: 64; configuration: says nothing",
            "echo 0, then 4")
        {
            Intent = HostIntent.Observe,
        },
        ["N09"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                ManagedDevices = Reading.Known<IReadOnlyList<ManagedDevice>>(
                    [new ManagedDevice("NetworkManager", 11, "/run/NetworkManager/devices/11: managed=true")]),
            }),
            "/run/NetworkManager/devices/11: managed=true",
            "unmanaged-devices=driver:mlx5e_rep"),
        ["N25"] = new(
            BondOfBoth(Healthy.WithSecondPort(pf => pf with { DriversAutoprobe = Reading.Known(false) }))
                .WithAround(around => around with { PortMetadata = Reading.Known(false) }),
            "esw_port_metadata: false; bond bond0",
            "name esw_port_metadata value true"),
        ["N27"] = new(
            Healthy.WithAround(around => around with
            {
                Interrupts = around.Interrupts.Map<IReadOnlyList<Interrupt>>(all =>
                    [.. all.Select(interrupt => interrupt with { Affinity = Reading.Known("0") })]),
            }),
            "msi_irqs: 0",
            "irqbalance"),
        ["N34"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                FunctionSettings = Reading.Known<IReadOnlyList<FunctionSetting>>(
                [
                    new FunctionSetting("netplan", "/etc/netplan/50.yaml", "virtual-function-count: 8", SampleHost.Uplink),
                ]),
            }),
            "/etc/netplan/50.yaml: virtual-function-count: 8",
            "managed: observe"),
        ["O09"] = new(Healthy, "2 of 12 flows: ct_icmp", "TCP or UDP") { Reason = FlowReason.CtIcmp },
        ["O22"] = new(Healthy, "2 of 12 flows: dp_hash", "select groups") { Reason = FlowReason.DpHash },
        ["O32"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                Counters = platform.Counters.Map<IReadOnlyDictionary<int, LinkCounters>>(counters =>
                    new Dictionary<int, LinkCounters>(counters)
                    {
                        [Healthy.FindDevice(SampleHost.RepresentorName(1))!.Index] = new(
                            new LinkTraffic { ReceivePackets = 1_000_000 }, new LinkTraffic { ReceivePackets = 900_000 }),
                    }),
            }),
            "enp59s0f0npf0vf1: 1000000 packets received, 900000 of them cpu_hit",
            "ovs-offload flows why --port enp59s0f0npf0vf1"),
        ["O33"] = new(Healthy, "2 of 12 flows: ipv6_fragments", "MTU") { Reason = FlowReason.Ipv6Fragments },
        ["O35"] = new(Healthy, "2 of 12 flows: too_many_outputs", "mcast_snooping_enable")
        {
            Reason = FlowReason.TooManyOutputs,
        },
        ["N35"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                Tuned = Reading.Known<IReadOnlyList<TunedSetting>>(
                    [new TunedSetting("/etc/tuned/site/tuned.conf", "net", "features = gro on, hw-tc-offload off")]),
            }),
            "/etc/tuned/site/tuned.conf: [net] features = gro on, hw-tc-offload off",
            "tuned-adm profile"),
        ["N32"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                LibvirtPools = Reading.Known<IReadOnlyList<LibvirtPool>>(
                    [new LibvirtPool("/etc/libvirt/qemu/networks/vfs.xml", SampleHost.Uplink)]),
            }),
            "/etc/libvirt/qemu/networks/vfs.xml: <pf dev='enp59s0f0np0'/>",
            "representors: all")
        {
            Intent = SampleIntent.Switchdev(2),
        },
        ["N33"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                Interfaces = Reading.Known<IReadOnlyList<InterfacesEntry>>(
                    [.. InterfacesFile.Parse("/etc/network/interfaces", "iface enp59s0f0npf0vf1 inet dhcp")]),
            }),
            "/etc/network/interfaces: iface enp59s0f0npf0vf1 inet dhcp",
            "take it out of /etc/network/interfaces"),
        ["O16"] = new(
            WithTunnel(Healthy).WithPlatform(platform => platform with
            {
                Neighbours = Reading.Known<IReadOnlyList<Neighbour>>(
                    [new Neighbour(IPAddress.Parse("192.0.2.20"), false, SampleHost.Uplink)]),
            }),
            "/proc/net/arp: 192.0.2.20 on enp59s0f0np0 is incomplete",
            "ping 192.0.2.20"),
        ["O19"] = new(
            SampleHost.ConnectX5().WithModules("act_ct").WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { Mirrors = 1 })],
            }),
            "ovs-vsctl get Bridge br1 mirrors: 1",
            "clear Bridge br1 mirrors"),
        ["O21"] = new(
            Healthy.WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { Samplers = ["sflow"] })],
            }),
            "ovs-vsctl get Bridge br1 sflow: set",
            "clear Bridge br1 sflow"),
        ["O29"] = new(
            Healthy.WithPlatform(platform => platform with { FlowTableTimeout = Reading.Known(1) }),
            "/proc/sys/net/netfilter/nf_flowtable_tcp_timeout: 1",
            "nf_flowtable_tcp_timeout=30"),
    }.Concat(FaultyBonds.ByCheck).ToDictionary();

    private static Reading<IReadOnlyList<ModuleOption>> Options(string file, string module, string text) =>
        Reading.Known<IReadOnlyList<ModuleOption>>([new ModuleOption(file, module, text)]);

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

    /// <summary>A host whose e-switch refused to go back to legacy mode.</summary>
    private static FaultyHost RefusedMode(string words, string fix) => new(Healthy, words, fix)
    {
        Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Legacy, 2)] },
        Journal = [new JournalLine("failed", "eswitch-mode:0000:3b:00.0", words)],
    };

    /// <summary>Puts the uplinks of all PFs under one bond.</summary>
    private static HostState BondOfBoth(HostState host)
    {
        string[] uplinks = [.. host.KnownFunctions.Select(pf => pf.Uplink!.Name)];
        return uplinks.Aggregate(
            host.WithDevices(devices =>
                [.. devices, new NetDevice { Index = 50, Name = "bond0", Kind = "bond", Up = true, Mtu = 1500 }]),
            (state, uplink) => state.WithDevice(uplink, device => device with { Master = 50 }));
    }

    /// <summary>
    /// Adds a VXLAN tunnel to the bridge, with its own address on the uplink unless another is given.
    /// </summary>
    private static HostState WithTunnel(HostState host, string? local = null)
    {
        OvsPort plain = SampleHost.PortOf("vxlan0", "vxlan");
        var options = new Dictionary<string, string>
        {
            ["remote_ip"] = "192.0.2.20",
            ["local_ip"] = local ?? "192.0.2.10",
        };
        OvsPort tunnel = plain with { Interfaces = [plain.Interfaces[0] with { Options = options }] };
        return host
            .WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { Ports = [.. bridge.Ports, tunnel] })],
            })
            .WithDevice(SampleHost.Uplink, device => device with
            {
                Mtu = 1600,
                Addresses = local is null ? [new IPNetworkAddress(IPAddress.Parse("192.0.2.10"), 24)] : [],
            });
    }

    private static HostState WithUpcall(Func<UpcallShow, UpcallShow> change) => Healthy.WithSwitch(state => state with
    {
        Upcalls = state.Upcalls.Map<IReadOnlyList<UpcallShow>>(all => [.. all.Select(change)]),
    });

    private static NetDevice Fixed(NetDevice device) =>
        device with { HwTcOffload = Reading.Known(new OffloadFeature(false, true)) };

    private static OpenVSwitchState NotInForce(OpenVSwitchState state) => state with
    {
        HwOffload = Reading.Known(new HwOffloadEffect(false, $"no ingress qdisc on {SampleHost.Uplink}")),
    };
}
