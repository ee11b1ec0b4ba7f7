using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Sysfs;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Verifying;

/// <summary>Hosts with a bond that has one fault, one for each check of bonds.</summary>
internal static class FaultyBonds
{
    private const string Mlx5Log = "mlx5_core 0000:3b:00.0: ";

    private static readonly HostState Healthy = BondSample.Healthy();

    public static IReadOnlyDictionary<string, FaultyHost> ByCheck { get; } = new Dictionary<string, FaultyHost>
    {
        ["B01"] = new(
            NotTaken.WithBond(bond => bond with { Options = bond.Options with { Mode = BondMode.BalanceRoundRobin } }),
            "mode balance-rr",
            "ovs-offload apply")
        {
            Intent = BondSample.Intent(),
        },
        ["B02"] = new(
            NotTaken.WithPf(pf => pf with { SwitchId = "ffff" }, 1),
            "0000:3b:00.1: phys_switch_id ffff",
            "ports of one card")
        {
            Intent = BondSample.Intent(),
        },
        ["B03"] = new(
            NotTaken.WithBond(bond => bond with
            {
                Members =
                [
                    .. bond.Members,
                    bond.Members[0] with { Device = new NetDevice { Index = 7, Name = "enp59s0f0v1" }, Pf = null },
                ],
            }),
            "enp59s0f1np1 enp59s0f0v1",
            "ip link set enp59s0f0v1 nomaster")
        {
            Intent = Observed,
        },
        ["B04"] = new(
            NotTaken.WithBond(bond => bond with { Members = [bond.Members[0]] }),
            "ip link show master bond0: enp59s0f0np0",
            "master bond0")
        {
            Intent = Observed,
        },
        ["B05"] = new(
            NotTaken.WithPf(pf => pf with { VfLimit = Reading.Known(127) })
                .WithBond(bond => bond with
                {
                    Lag = Reading.Absent<Mlx5Lag>("lag/state: No such file or directory (ENOENT)"),
                }),
            "sriov_totalvfs: 127",
            "NUM_OF_VFS=64")
        {
            Intent = BondSample.Intent(),
        },
        ["B06"] = new(
            NotTaken,
            "lag/state: disabled",
            "ovs-offload apply")
        {
            Intent = BondSample.Intent(),
        },
        ["B07"] = new(
            NotTaken.WithBond(bond => bond with
            {
                Lag = Reading.Known(BondSample.ActiveLag with { Type = Reading.Known("roce") }),
            }),
            "lag/type: roce",
            "ovs-offload apply")
        {
            Intent = BondSample.Intent(),
        },
        ["B08"] = new(
            Healthy.WithBond(bond => bond with
            {
                Aggregator =
                    bond.Aggregator! with { PartnerAddress = HardwareAddress.Parse("00:00:00:00:00:00"), Ports = 1 },
                Members = [.. bond.Members.Select((member, i) => member with
                {
                    Slave = member.Slave with { ActorState = (LacpState)0x47, AggregatorId = (ushort)(i + 1) },
                })],
            }),
            "ad_partner_mac 00:00:00:00:00:00; actor state enp59s0f0np0 0x47",
            "configure LACP")
        {
            Intent = BondSample.Intent(),
        },
        ["B09"] = new(
            WithMember(member => member with
            {
                Slave = member.Slave with { AggregatorId = 2 },
                Churn = Reading.Known(new BondChurn("churned", "churned")),
            }),
            "enp59s0f1np1 aggregator 2, churn churned/churned",
            "MLAG")
        {
            Intent = BondSample.Intent(),
        },
        ["B10"] = new(
            WithMember(member => member with { Speed = Reading.Known(25_000) }),
            "ethtool enp59s0f1np1: 25000 Mb/s",
            "ethtool -m")
        {
            Intent = BondSample.Intent(),
        },
        ["B11"] = new(
            Healthy.WithBond(
                bond => bond with { Options = bond.Options with { TransmitHash = BondTransmitHash.Layer2 } }),
            "xmit_hash_policy layer2",
            "in bond profile lacp")
        {
            Intent = BondSample.Intent(),
        },
        ["B12"] = new(
            Healthy,
            "lag/port_sel_mode: hash",
            "none needed")
        {
            Intent = BondSample.Intent(),
        },
        ["B13"] = new(
            Healthy.WithBond(bond => bond with { Options = bond.Options with { MiiMonitor = 0 } }),
            "miimon 0, arp_interval 0",
            "miimon 100")
        {
            Intent = Observed,
        },
        ["B14"] = new(
            BondSample.Switchdev().WithBridges(SampleHost.BridgeOf(SampleHost.Bridge) with
            {
                Ports =
                [
                    SampleHost.PortOf(SampleHost.Uplink) with
                    {
                        Name = "ovsbond",
                        Interfaces =
                        [
                            .. SampleHost.PortOf(SampleHost.Uplink).Interfaces,
                            .. SampleHost.PortOf(BondSample.SecondUplink).Interfaces,
                        ],
                    },
                ],
            }),
            "interfaces: enp59s0f0np0 enp59s0f1np1",
            "del-port ovsbond")
        {
            Intent = HostIntent.Observe,
        },
        ["B15"] = new(
            Healthy.WithBridges(SampleHost.BridgeOf(SampleHost.Bridge, "bond0", SampleHost.Uplink)),
            "ovs-vsctl port-to-br enp59s0f0np0: br1",
            "ovs-vsctl del-port br1 enp59s0f0np0")
        {
            Intent = BondSample.Intent(),
        },
        ["B16"] = new(
            Healthy.WithDevice(SampleHost.Uplink, device => device with
            {
                Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.7"), 24)],
            }),
            "ip address show dev enp59s0f0np0: 192.0.2.7/24",
            "ip address add 192.0.2.7/24 dev bond0")
        {
            Intent = BondSample.Intent(),
        },
        ["B17"] = new(
            BondSample.Healthy("active-backup").WithKernelLog(Mlx5Log + "Failed to create lag drop rule, error: -22"),
            "Failed to create lag drop rule",
            "reload mlx5_core")
        {
            Intent = BondSample.Intent("active-backup"),
        },
        ["B18"] = new(
            Healthy.WithKernelLog(Mlx5Log + "Failed to deactivate VF LAG; driver restart required"),
            "driver restart required",
            "modprobe -r")
        {
            Intent = BondSample.Intent(),
        },
        ["B19"] = new(
            Healthy.WithPf(
                pf => pf with { Firmware = pf.Firmware.Map(firmware => firmware with { Stored = "22.45.1020" }) }),
            "running 22.43.2026, stored 22.45.1020",
            "reboot")
        {
            Intent = BondSample.Intent(),
        },
        ["B20"] = new(
            BondSample.Switchdev().WithPf(pf => pf with { Uplink = null }, 1)
                .WithBridges(SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink)),
            "/sys/bus/pci/devices/0000:3b:00.1/net: none here",
            "netns 1")
        {
            Intent = BondSample.Intent(),
        },
        ["B21"] = new(
            NotTaken.WithPf(Ice).WithPf(Ice, 1)
                .WithKernelLog("ice 0000:3b:00.0: Bond Mode not ACTIVE-BACKUP - VF LAG disabled")
                .WithBond(bond => bond with { Lag = Reading.Absent<Mlx5Lag>("not an mlx5 card") }),
            "Bond Mode not ACTIVE-BACKUP",
            "fw-lldp-agent off")
        {
            Intent = BondSample.Intent(),
        },
        ["B22"] = new(
            BondSample.Healthy("active-backup-kvm-guest"),
            "updelay 30000",
            "none needed if intended")
        {
            Intent = BondSample.Intent("active-backup-kvm-guest"),
        },
        ["B23"] = new(
            Healthy.WithBond(bond => bond with
            {
                Rules = Reading.Known(
                    new BondRules(14, 2, ImmutableSortedDictionary<uint, int>.Empty.Add(1, 3).Add(2, 7), 1)),
            }),
            "tc filter show block 14: 3 with in_hw_count 1, 7 with in_hw_count 2, 1 not in hardware; 2 members share "
                + "it",
            "hw-tc-offload on")
        {
            Intent = BondSample.Intent(),
        },
        ["B24"] = new(
            BondSample.Healthy("active-backup").WithBond(bond => bond with
            {
                Lag = bond.Lag.Map(lag => lag with
                {
                    PortSelection = Reading.Known("queue_affinity"),
                    Mapping = Reading.Known<ImmutableArray<string>>(["1:1", "2:1"]),
                }),
                Members =
                [
                    bond.Members[0] with { Slave = bond.Members[0].Slave with { Link = BondSlaveLink.Down } },
                    .. bond.Members[1..],
                ],
            }),
            "lag/mapping: 1:1 2:1; ",
            "nomaster")
        {
            Intent = BondSample.Intent("active-backup"),
        },
    };

    /// <summary>The NIC has not taken the bond.</summary>
    private static HostState NotTaken => BondSample.Healthy().WithBond(bond => bond with
    {
        VfLag = VfLag.Inactive("the driver did not activate "
            + "VF-LAG", "/sys/kernel/debug/mlx5/0000:3b:00.0/lag/state: disabled"),
    });

    /// <summary>The bond is somebody else's.</summary>
    private static HostIntent Observed => BondSample.Intent() with
    {
        Bonds = [BondSample.Intent().Bonds[0] with { Managed = Management.Observe }],
    };

    private static HostState WithMember(Func<BondMember, BondMember> change) => Healthy.WithBond(bond => bond with
    {
        Members = [bond.Members[0], change(bond.Members[1])],
    });

    private static PhysicalFunction Ice(PhysicalFunction pf) => pf with
    {
        Driver = "ice",
        Model = NicModels.BuiltIn.Find(PciId.Parse("8086:1592")),
        SteeringMode = Reading.Absent<string>("the driver has no parameter flow_steering_mode"),
        VirtualFunctions = [.. pf.VirtualFunctions.Select(vf => vf with { Driver = "iavf" })],
    };
}
