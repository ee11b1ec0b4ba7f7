using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;
using static OvsOffload.Tests.Verifying.FaultyParts;

namespace OvsOffload.Tests.Verifying;

/// <summary>Hosts with one fault of an e-switch, its VFs or representors, one for each check of NICs.</summary>
internal static class FaultyNics
{
    public static IReadOnlyDictionary<string, FaultyHost> ByCheck { get; } = new Dictionary<string, FaultyHost>
    {
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
        ["N03"] = new(
            BondOfBoth(Healthy.WithSecondPort(pf => pf with
            {
                DriversAutoprobe = Reading.Known(false),
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = EswitchMode.Legacy }),
            })),
            "pci/0000:3b:00.1 mode legacy, pci/0000:3b:00.0 mode switchdev",
            "devlink dev eswitch set pci/0000:3b:00.1 mode switchdev"),
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
        ["N08"] = new(
            Healthy.WithDevice(SampleHost.RepresentorName(1), device => device with { Name = "eth7" })
                .WithBridges(SampleHost.BridgeOf(
                    SampleHost.Bridge, SampleHost.Uplink, SampleHost.RepresentorName(0), "eth7")),
            "ip link show eth7: phys_port_name pf0vf1; ovs-vsctl port-to-br eth7: br1",
            "udev rule"),
        ["N09"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                ManagedDevices = Reading.Known<IReadOnlyList<ManagedDevice>>(
                    [new ManagedDevice("NetworkManager", 11, "/run/NetworkManager/devices/11: managed=true")]),
            }),
            "/run/NetworkManager/devices/11: managed=true",
            "unmanaged-devices=driver:mlx5e_rep"),
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
            "stop or migrate")
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
        ["N22"] = new(
            SampleHost.ConnectX4Lx().WithPf(pf => pf with
            {
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { InlineMode = EswitchInlineMode.Link }),
            }),
            "inline-mode link",
            "ovs-offload apply"),
        ["N23"] = new(
            WithTunnel(Healthy).WithPf(pf => pf with
            {
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { EncapMode = EswitchEncapMode.None }),
            }),
            "encap-mode none; tunnel vxlan0 (vxlan)",
            "encap-mode basic"),
        ["N24"] = new(
            Healthy.WithPf(pf => pf with { SteeringMode = Reading.Known("dmfs") }),
            "flow_steering_mode: dmfs; ConnectX-6 Dx supports smfs",
            "steering: smfs"),
        ["N25"] = new(
            BondOfBoth(Healthy.WithSecondPort(pf => pf with { DriversAutoprobe = Reading.Known(false) }))
                .WithAround(around => around with { PortMetadata = Reading.Known(false) }),
            "esw_port_metadata: false; bond bond0",
            "name esw_port_metadata value true"),
        ["N26"] = new(
            SampleHost.ConnectX3Pro(),
            "vfs: 8; /etc/modprobe.d/mlx4_core.conf: options mlx4_core port_type_array=2,2 num_vfs=2,0,0",
            "num_vfs=8,0,0 probe_vf=8,0,0")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(null, 8)] },
        },
        ["N27"] = new(
            Healthy.WithAround(around => around with
            {
                Interrupts = around.Interrupts.Map<IReadOnlyList<Interrupt>>(all =>
                    [.. all.Select(interrupt => interrupt with { Affinity = Reading.Known("0") })]),
            }),
            "msi_irqs: 0",
            "irqbalance"),
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
            "remove it from /etc/network/interfaces"),
        ["N34"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                FunctionSettings = Reading.Known<IReadOnlyList<FunctionSetting>>(
                [
                    new FunctionSetting(
                        "netplan", "/etc/netplan/50.yaml", "virtual-function-count: 8", SampleHost.Uplink),
                ]),
            }),
            "/etc/netplan/50.yaml: virtual-function-count: 8",
            "managed: observe"),
        ["N35"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                Tuned = Reading.Known<IReadOnlyList<TunedSetting>>(
                    [new TunedSetting("/etc/tuned/site/tuned.conf", "net", "features = gro on, hw-tc-offload off")]),
            }),
            "/etc/tuned/site/tuned.conf: [net] features = gro on, hw-tc-offload off",
            "tuned-adm profile"),
        ["N36"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                Irqbalance = Reading.Known(new Irqbalance(812, null, null, [])),
                AffinitySettings = Reading.Known<IReadOnlyList<AffinitySetting>>(
                    [new AffinitySetting("/etc/rc.local", "set_irq_affinity_bynode.sh 0 enp59s0f0np0")]),
            }),
            "/proc/812/comm: irqbalance; /etc/rc.local: set_irq_affinity_bynode.sh 0 enp59s0f0np0",
            "systemctl disable --now irqbalance"),
        ["N37"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                IpsecOffloads = Reading.Known<ImmutableArray<IpsecOffload>>(
                [
                    .. new[] { true, false }.Select(packet =>
                        new IpsecOffload(Healthy.KnownFunctions[0].Uplink!.Index, packet)),
                    new IpsecOffload(1, true),
                ]),
            }),
            "1 with packet offload and 1 with crypto offload on enp59s0f0np0 or its bond",
            "nic-offload=no"),
        ["N38"] = new(
            Healthy.WithAround(around => around with
            {
                SocketDirect = Reading.Known(new Mlx5SocketDirect(
                    PciAddress.Parse(SampleHost.Pf), [PciAddress.Parse("0000:d8:00.0")])),
            }),
            "mlx5/0000:3b:00.0/multi-pf: primary 0000:3b:00.0, secondary 0000:d8:00.0",
            "kernel 7.2 or later"),
    };

    /// <summary>A host whose e-switch refused to go back to legacy mode.</summary>
    private static FaultyHost RefusedMode(string words, string fix) => new(Healthy, words, fix)
    {
        Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Legacy, 2)] },
        Journal = [new JournalLine("failed", "eswitch-mode:0000:3b:00.0", words)],
    };
}
