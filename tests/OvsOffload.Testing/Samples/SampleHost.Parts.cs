using System.Collections.Immutable;
using System.Text;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Testing;

/// <content>The parts that the hosts are made of.</content>
internal static partial class SampleHost
{
    /// <summary>Well set up: nothing stands in the way of the only PF.</summary>
    private static PlatformState Platform() => new()
    {
        Distribution = Reading.Known(new OsRelease("ubuntu", ["debian"], "Ubuntu 24.04.1 LTS")),
        BootArguments = Reading.Known(new BootArguments(
            "/etc/default/grub", KernelCommandLine.Parse("quiet"))),
        ModuleOptions = Reading.Known<IReadOnlyList<ModuleOption>>([]),
        TrafficControlModules = Reading.Known<IReadOnlySet<string>>(new HashSet<string>
        {
            "cls_flower", "sch_ingress", "act_mirred", "act_vlan", "act_tunnel_key", "act_pedit", "act_csum",
            "act_police", "act_ct",
        }),
        Mlx5Version = Reading.Absent<string>("/sys/module/mlx5_core/version: No such file or directory (ENOENT)"),
        DebugFileSystem = Reading.Known(true),
        ManagedDevices = Reading.Known<IReadOnlyList<ManagedDevice>>([]),
        FunctionSettings = Reading.Known<IReadOnlyList<FunctionSetting>>([]),
        Tuned = Reading.Known<IReadOnlyList<TunedSetting>>([]),
        LibvirtPools = Reading.Known<IReadOnlyList<LibvirtPool>>([]),
        Irqbalance = Reading.Absent<Irqbalance>("irqbalance is not running"),
        AffinitySettings = Reading.Known<IReadOnlyList<AffinitySetting>>([]),
        IsolatedCpus = Reading.Known<ImmutableHashSet<int>>([]),
        Interfaces = Reading.Known<IReadOnlyList<InterfacesEntry>>([]),
        Neighbours = Reading.Known<IReadOnlyList<Neighbour>>([]),
        FlowTableTimeout = Reading.Known(30),
        IpsecOffloads = Reading.Known<ImmutableArray<IpsecOffload>>([]),
        NumaNodes = Reading.Known(ImmutableSortedDictionary<int, ImmutableHashSet<int>>.Empty
            .Add(0, [.. Enumerable.Range(0, 8)]).Add(1, [.. Enumerable.Range(8, 8)])),
        Counters = Reading.Known<IReadOnlyDictionary<int, LinkCounters>>(
            Enumerable.Range(0, 64).ToDictionary(index => index, _ => new LinkCounters(default, default(LinkTraffic)))),
        Functions = ImmutableDictionary<PciAddress, FunctionPlatform>.Empty.Add(
            PciAddress.Parse(Pf),
            new FunctionPlatform
            {
                Link = Reading.Known(new PcieLink("16.0 GT/s PCIe", 8, "16.0 GT/s PCIe", 8)),
                PortSpeed = Reading.Known(25_000),
                Interrupts = Reading.Known<IReadOnlyList<Interrupt>>(
                [
                    .. Enumerable.Range(0, 8).Select(number => new Interrupt(
                        40 + number, Reading.Known($"{number}"), [$"mlx5_comp{number}@pci:{Pf}"])),
                ]),
                PortMetadata = Reading.Known(true),
                Multiport = Reading.Known(false),
                SocketDirect = Reading.Absent<Mlx5SocketDirect>("no multi-pf"),
            }),
    };

    /// <summary>A kernel configuration with just these options built in.</summary>
    public static Reading<KernelConfiguration> Options(params string[] names) => KernelConfiguration.Parse(
        "/boot/config-6.8.0-49-generic",
        Encoding.UTF8.GetBytes("CONFIG_NET=y\n" + string.Concat(names.Select(name => $"CONFIG_{name}=m\n"))));

    /// <summary>Name of the representor of a VF.</summary>
    public static string RepresentorName(int vf) => $"enp59s0f0npf0vf{vf}";

    /// <summary>A record of the kernel's log.</summary>
    public static KernelLogRecord Logged(string text, KernelLogLevel level = KernelLogLevel.Warning) =>
        new(1, TimeSpan.FromMinutes(5), level, text);

    /// <summary>A bridge whose ports are its own internal one and plain ones with these names.</summary>
    public static OvsBridge BridgeOf(string name, params string[] ports) => new()
    {
        Id = IdOf(name),
        Name = name,
        DatapathType = "",
        Controllers = [],
        OtherConfig = new Dictionary<string, string>(),
        ExternalIds = new Dictionary<string, string>(),
        Ports = [PortOf(name, "internal"), .. ports.Select(port => PortOf(port))],
    };

    /// <summary>A port with one interface.</summary>
    public static OvsPort PortOf(string name, string type = "") => new()
    {
        Id = IdOf("port " + name),
        Name = name,
        Trunks = [],
        ExternalIds = new Dictionary<string, string>(),
        OtherConfig = new Dictionary<string, string>(),
        Interfaces =
        [
            new OvsInterface
            {
                Id = IdOf("interface " + name),
                Name = name,
                Type = type,
                OfPort = 1,
                IngressPolicingRate = 0,
                IngressPolicingBurst = 0,
                ExternalIds = new Dictionary<string, string>(),
                Options = new Dictionary<string, string>(),
                Status = new Dictionary<string, string>(),
                OtherConfig = new Dictionary<string, string>(),
            },
        ],
    };

    private static NetDevice Device(int index, string name, string port) => new()
    {
        Index = index,
        Name = name,
        Up = true,
        Carrier = true,
        Mtu = 1500,
        Address = HardwareAddress.Parse($"02:00:00:00:00:{index:x2}"),
        HardwareType = 1,
        PhysSwitchId = SwitchId,
        PhysPortName = port,
        ParentDevice = Pf,
        HwTcOffload = Reading.Known(new OffloadFeature(true, false)),
    };

    /// <summary>The same id for the same row whenever it is made.</summary>
    private static Guid IdOf(string row)
    {
        Span<byte> bytes = stackalloc byte[16];
        int length = 0;
        foreach (byte letter in Encoding.UTF8.GetBytes(row))
        {
            bytes[length++ % 16] ^= letter;
        }

        return new Guid(bytes);
    }
}
