using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Testing;

/// <summary>
/// Makes whole <see cref="HostState"/>s without a host: healthy ones, to be changed in one place by the methods of
/// <see cref="SampleHostChanges"/>. Names and addresses are those of a card in slot 3b with one port used.
/// </summary>
internal static partial class SampleHost
{
    /// <summary>An IOMMU with so many groups; none means that it is off.</summary>
    public static Iommu IommuOf(int groups) => new(
        Reading.Known<IReadOnlyList<string>>(groups > 0 ? ["dmar0"] : []),
        Reading.Known<IReadOnlyList<IommuGroup>>(
            [.. Enumerable.Range(0, groups).Select(number => new IommuGroup(number, Reading.Known("DMA-FQ")))]));

    /// <summary>The PF of every host that has one.</summary>
    public const string Pf = "0000:3b:00.0";

    /// <summary>The PF's network device.</summary>
    public const string Uplink = "enp59s0f0np0";

    /// <summary>The bridge of every host with Open vSwitch.</summary>
    public const string Bridge = "br1";

    /// <summary>The switch id of the card.</summary>
    public const string SwitchId = "a0b1c2d3e4f50607";

    /// <summary>Kernel options that offload by mlx5 stands on.</summary>
    public static readonly ImmutableArray<string> OffloadOptions =
    [
        "NET_CLS_FLOWER", "NET_TC_SKB_EXT", "NET_ACT_CT", "NF_FLOW_TABLE",
        "MLX5_ESWITCH", "MLX5_CLS_ACT", "MLX5_TC_CT",
    ];

    /// <summary>Healthy in switchdev mode, with Open vSwitch and its offload in force: <c>15b3:1015</c>.</summary>
    public static HostState ConnectX4Lx(int vfs = 2) => Switchdev("15b3:1015", vfs)
        .WithPf(pf => pf with { SteeringMode = Reading.Known("dmfs") });

    /// <summary>Healthy, as the one above: <c>15b3:1017</c>.</summary>
    public static HostState ConnectX5(int vfs = 2) => Switchdev("15b3:1017", vfs);

    /// <summary>Healthy, as the one above: <c>15b3:101d</c>.</summary>
    public static HostState ConnectX6Dx(int vfs = 2) => Switchdev("15b3:101d", vfs);

    /// <summary>The same with a ConnectX-7.</summary>
    public static HostState ConnectX7(int vfs = 2) => Switchdev("15b3:1021", vfs);

    /// <summary>
    /// A card that can switchdev, but is in legacy mode, with VFs; Open vSwitch runs with one empty bridge.
    /// </summary>
    public static HostState Legacy(string id = "15b3:101d", int vfs = 2)
    {
        HostState host = Switchdev(id, vfs);
        return host
            .WithPf(pf => pf with
            {
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = EswitchMode.Legacy }),
                Representors = Reading.Known(ImmutableArray<Representor>.Empty),
            })
            .WithDevices(devices => [.. devices.Where(device => device.PhysPortName?.Contains("vf") != true)])
            .WithDatabase(database => database with
            {
                OtherConfig = new Dictionary<string, string>(),
                Bridges = [BridgeOf(Bridge)],
            })
            .WithSwitch(state => state with
            {
                HwOffload = Reading.Absent<HwOffloadEffect>("the switch has no port to read it from"),
            });
    }

    /// <summary>The same without VFs, as after a boot.</summary>
    public static HostState Fresh(string id = "15b3:101d") => Legacy(id, 0);

    /// <summary>An I350 (igb): VFs, and no e-switch to ask for; Open vSwitch without offload.</summary>
    public static HostState I350(int vfs = 2) => Legacy("8086:1521", vfs).WithPf(pf => pf with
    {
        Driver = "igb",
        VfLimit = Reading.Known(7),
        Eswitch = Reading.Absent<Eswitch>($"the driver of {Pf} does not register with devlink"),
        SteeringMode = Reading.Absent<string>("the driver does not register with devlink"),
        Firmware = Reading.Absent<Firmware>("the driver does not register with devlink"),
        SwitchId = null,
        PfNumber = null,
        VirtualFunctions = [.. pf.VirtualFunctions.Select(vf => vf with { Driver = "igbvf" })],
    });

    /// <summary>
    /// A ConnectX-3 Pro (mlx4) on Proxmox VE: VFs by an option of the module, no e-switch, a plain bridge.
    /// </summary>
    public static HostState ConnectX3Pro(int vfs = 2) => I350(vfs)
        .WithPf(pf => pf with
        {
            Model = NicModels.BuiltIn.Find(PciId.Parse("15b3:1007")),
            Driver = "mlx4_core",
            VfLimit = Reading.Known(8),
            VirtualFunctions = [.. pf.VirtualFunctions.Select(vf => vf with { Driver = "mlx4_core" })],
        })
        .WithKernelFacts(facts => facts with { Release = KernelRelease.Parse("6.8.12-4-pve") })
        .WithPlatform(platform => platform with
        {
            ModuleOptions = Reading.Known<IReadOnlyList<ModuleOption>>(
            [
                new ModuleOption(
                    "/etc/modprobe.d/mlx4_core.conf", "mlx4_core", $"port_type_array=2,2 num_vfs={vfs},0,0"),
            ]),
        });

    /// <summary>A machine without a NIC that has PFs, and without Open vSwitch.</summary>
    public static HostState Bare() => new()
    {
        ReadAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        HostName = "hv1",
        Kernel = new KernelState
        {
            Facts = new KernelFacts
            {
                Release = KernelRelease.Parse("6.8.0-49-generic"),
                CommandLine = Reading.Known(KernelCommandLine.Parse("root=/dev/sda1 ro intel_iommu=on iommu=pt")),
                Configuration = Options([.. OffloadOptions]),
                Lockdown = Reading.Known("none"),
                Modules = Reading.Known<IReadOnlySet<string>>(new HashSet<string> { "openvswitch", "mlx5_core" }),
                BootId = Reading.Known("7d3c2a10-0000-4000-8000-000000000001"),
                Uptime = Reading.Known(TimeSpan.FromHours(3)),
            },
            Iommu = IommuOf(84),
            Log = Reading.Known<IReadOnlyList<KernelLogRecord>>([]),
            Devlink = Reading.Known(true),
        },
        PhysicalFunctions = Reading.Known(ImmutableArray<PhysicalFunction>.Empty),
        Devices = Reading.Known<ImmutableArray<NetDevice>>(
            [new NetDevice { Index = 1, Name = "lo", Up = true, Mtu = 65536, HardwareType = 772 }]),
        Bonds = Reading.Known(ImmutableArray<BondState>.Empty),
        OpenVSwitch = new OpenVSwitchState
        {
            Database = Reading.Absent<OpenVSwitchDatabase>("no socket /run/openvswitch/db.sock"),
            Daemon = Reading.Failed<string>("there is no ovs-vswitchd.pid below /run/openvswitch"),
            HwOffload = Reading.Failed<HwOffloadEffect>("there is no ovs-vswitchd.pid below /run/openvswitch"),
            Upcalls = Reading.Failed<IReadOnlyList<UpcallShow>>("there is no ovs-vswitchd.pid below /run/openvswitch"),
            Log = Reading.Absent<DaemonLogTail>("no /var/log/openvswitch/ovs-vswitchd.log"),
        },
        Protected = Reading.Known<ImmutableArray<ProtectedDevice>>([]),
        Filters = Reading.Known(new FlowerCounts(0, 0, 0)),
        SecurityGroups = SecurityGroupState.None,
        Shapers = Reading.Known(ImmutableArray<Shaper>.Empty),
        Platform = Platform(),
    };

    private static HostState Switchdev(string id, int vfs)
    {
        NicModel model = NicModels.BuiltIn.Find(PciId.Parse(id));
        NetDevice uplink = Device(2, Uplink, "p0") with
        {
            PermanentAddress = HardwareAddress.Parse("0c:42:a1:00:00:0a"),
            Address = HardwareAddress.Parse("0c:42:a1:00:00:0a"),
        };
        NetDevice[] representors =
            [.. Enumerable.Range(0, vfs).Select(vf => Device(10 + vf, RepresentorName(vf), $"pf0vf{vf}"))];
        HostState bare = Bare();
        return bare with
        {
            PhysicalFunctions = Reading.Known<ImmutableArray<PhysicalFunction>>(
                [Function(model, uplink, representors)]),
            Devices = bare.Devices.Map<ImmutableArray<NetDevice>>(devices => [.. devices, uplink, .. representors]),
            OpenVSwitch = bare.OpenVSwitch with
            {
                Database = Reading.Known(new OpenVSwitchDatabase
                {
                    RootId = IdOf("Open_vSwitch"),
                    OvsVersion = "3.5.0",
                    DbVersion = "8.8.0",
                    OtherConfig = new Dictionary<string, string> { ["hw-offload"] = "true" },
                    ExternalIds = new Dictionary<string, string>(),
                    NextCfg = 7,
                    CurCfg = 7,
                    Managers = [],
                    Bridges = [BridgeOf(Bridge, [Uplink, .. representors.Select(device => device.Name)])],
                }),
                Daemon = Reading.Known("3.5.0"),
                HwOffload = Reading.Known(new HwOffloadEffect(true, $"ingress qdisc on {Uplink}")
                {
                    PortsWithoutQdisc = Reading.Known<ImmutableArray<string>>([]),
                }),
                Upcalls = Reading.Known<IReadOnlyList<UpcallShow>>(
                [
                    new UpcallShow
                    {
                        Datapath = "system@ovs-system",
                        Flows = 12,
                        AverageFlows = 10,
                        MaxFlows = 40,
                        FlowLimit = 200_000,
                        HandedOverFlows = 10,
                        DumpDurationMilliseconds = 1,
                    },
                ]),
                Log = Reading.Known(new DaemonLogTail([], true)),
            },
            Filters = Reading.Known(new FlowerCounts(10, 0, 0)),
        };
    }

    private static PhysicalFunction Function(NicModel model, NetDevice uplink, NetDevice[] representors) => new()
    {
        Address = PciAddress.Parse(Pf),
        Model = model,
        Driver = "mlx5_core",
        NumaNode = 0,
        Uplink = uplink,
        PortType = PortType.Ethernet,
        RdmaUser = Reading.Absent<Holder>("its RDMA device is not in use"),
        VfLimit = Reading.Known(64),
        VfCount = Reading.Known(representors.Length),
        DriversAutoprobe = Reading.Known(true),
        Eswitch = Reading.Known(new Eswitch(
            EswitchMode.Switchdev,
            model.NeedsInlineTransport ? EswitchInlineMode.Transport : EswitchInlineMode.None,
            EswitchEncapMode.Basic)),
        SteeringMode = Reading.Known("smfs"),
        SwitchId = SwitchId,
        Firmware = Reading.Known(new Firmware("22.43.2026", "22.43.2026", "MT_0000000359", "MT2041X01234")),
        Health = Reading.Known<ImmutableArray<HealthReporter>>([new HealthReporter("fw", true, 0, 0)]),
        PfNumber = 0,
        VirtualFunctions =
        [
            .. representors.Select((_, index) => new VirtualFunction
            {
                Index = index,
                Address = new PciAddress(0, 0x3b, (byte)((index + 2) / 8), (byte)((index + 2) % 8)),
                Driver = "mlx5_core",
                Devices = [$"enp59s0f0v{index}"],
                Settings = Reading.Known(new LinkVf
                {
                    Index = index,
                    Address = HardwareAddress.Parse($"02:42:a1:00:01:{index:x2}"),
                }),
                Holder = Reading.Absent<Holder>("not in use"),
            }),
        ],
        Representors = Reading.Known<ImmutableArray<Representor>>(
        [
            .. representors.Select((device, index) => new Representor
            {
                Function = $"vf{index}",
                VfIndex = index,
                PortIndex = (uint)(65537 + index),
                Device = device,
            }),
        ]),
    };
}
