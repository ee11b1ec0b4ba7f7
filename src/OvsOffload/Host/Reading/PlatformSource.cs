using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>Reads what stands around NICs and Open vSwitch.</summary>
internal sealed class PlatformSource(
    HostPaths paths, INetlinkOpener netlink, GenericSession generic, RouteSession route)
{
    private const string MetadataParameter = "esw_port_metadata", MultiportParameter = "esw_multiport";

    /// <summary>Reads all of it, for the PFs that are known.</summary>
    public async Task<PlatformState> ReadAsync(
        Reading<KernelRelease> release, ImmutableArray<PhysicalFunction> functions, CancellationToken cancellation)
    {
        ImmutableDictionary<PciAddress, FunctionPlatform>.Builder around =
            ImmutableDictionary.CreateBuilder<PciAddress, FunctionPlatform>();
        foreach (PhysicalFunction pf in functions)
        {
            around[pf.Address] = await ReadAsync(pf, cancellation);
        }

        var places = new CpuTopology(paths);
        return new PlatformState
        {
            Distribution = OsRelease.Read(paths),
            BootArguments = BootArguments.Read(paths),
            ModuleOptions = ModuleOption.Read(paths),
            TrafficControlModules = release.Then(known => ModuleFiles.TrafficControl(paths, known)),
            Mlx5Version = KernelFacts.ModuleVersion(paths, DriverNames.Mlx5),
            DebugFileSystem = paths.Files.LooseText(Path.Combine(paths.Proc, "mounts")).Map(HasDebugFileSystem),
            ManagedDevices = NetworkManagers.Read(paths),
            LibvirtPools = LibvirtPools.Read(paths),
            Interfaces = InterfacesFile.Read(paths),
            FunctionSettings = FunctionSettings.Read(paths),
            Tuned = TunedProfile.Read(paths),
            Irqbalance = Irqbalance.Read(paths),
            AffinitySettings = AffinitySettings.Read(paths),
            IsolatedCpus = places.Isolated(),
            Neighbours = Neighbours.Read(paths),
            FlowTableTimeout =
                paths.Files.Number<int>(Path.Combine(paths.Proc, "sys/net/netfilter/nf_flowtable_tcp_timeout")),
            NumaNodes = places.Nodes(),
            HolderCpus = functions.SelectMany(pf => pf.VirtualFunctions)
                .SelectMany(vf => vf.Holder.ValueOrDefault()?.Processes ?? []).Distinct()
                .ToImmutableDictionary(process => process, places.AllowedTo),
            IpsecOffloads = await IpsecSource.ReadAsync(paths, netlink, functions, cancellation),
            Counters = await SafeRead.TryAsync(() => route.Statistics.ReadAsync(cancellation)),
            Functions = around.ToImmutable(),
        };
    }

    /// <summary>
    /// Whether a line of <c>/proc/mounts</c> mounts debugfs (proc_mounts(5): device, place, type, ..).
    /// </summary>
    private static bool HasDebugFileSystem(string mounts) => mounts.Split('\n')
        .Any(line => line.Split(' ') is [_, _, "debugfs", ..]);

    private async Task<FunctionPlatform> ReadAsync(PhysicalFunction pf, CancellationToken cancellation) => new()
    {
        Link = new PciFunctions(paths).Read(pf.Address).Then(Link),
        PortSpeed = pf.Uplink is null
            ? Reading.Absent<int>("the PF has no network device in this namespace")
            : LinkSettings.Speed(paths, pf.Uplink.Name),
        Interrupts = new Interrupts(paths).Of(pf.Address),
        SocketDirect = pf.IsMlx5
            ? Mlx5SocketDirect.Read(paths, pf.Address)
            : Reading.Absent<Mlx5SocketDirect>("only mlx5 has it"),
        PortMetadata = await FlagAsync(pf, MetadataParameter, cancellation),
        Multiport = pf.Model[NicFeature.MultiportEswitch] == SupportLevel.None
            ? Reading.Absent<bool>("the NIC has no multiport e-switch")
            : await FlagAsync(pf, MultiportParameter, cancellation),
    };

    private static Reading<PcieLink> Link(PciFunction function) =>
        function.CurrentLinkSpeed.Then(speed => function.CurrentLinkWidth.Then(width =>
            function.MaxLinkSpeed.Then(maxSpeed => function.MaxLinkWidth.Map(maxWidth =>
                new PcieLink(speed, width, maxSpeed, maxWidth)))));

    private async Task<Reading<bool>> FlagAsync(PhysicalFunction pf, string name, CancellationToken cancellation)
    {
        if (!pf.Eswitch.IsKnown || !pf.IsMlx5)
        {
            return Reading.Absent<bool>("the driver has no such parameter");
        }

        Reading<DevlinkParameter?> read = await SafeRead.TryAsync(() => generic.Devlink.ParameterAsync(
            DevlinkHandle.Pci(pf.Address.ToString()), name, cancellation));
        return read.Then(parameter => parameter?.ValueIn(DevlinkParameterMode.Runtime) is { } value
            ? Reading.Known(value.Text == "true")
            : Reading.Absent<bool>($"the driver has no parameter {name}"));
    }
}
