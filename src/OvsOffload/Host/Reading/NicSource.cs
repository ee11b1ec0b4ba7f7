using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>Reads the PFs of network cards, with their e-switches, VFs and representors.</summary>
internal sealed class NicSource(
    HostPaths paths, INetlinkOpener netlink, NicModels models, RouteSession route, GenericSession generic)
{
    private const string SteeringParameter = "flow_steering_mode";

    /// <summary>Reads all PFs; failed where the PCI functions of the host could not be listed.</summary>
    public async Task<Reading<ImmutableArray<PhysicalFunction>>> ReadAsync(
        DevlinkFacts devlink,
        Reading<IReadOnlyList<Link>> links,
        Reading<ImmutableArray<NetDevice>> devices,
        SwitchPorts switchPorts,
        CancellationToken cancellation)
    {
        Reading<IReadOnlyList<PciFunction>> functions = new PciFunctions(paths).Read(models.Knows);
        if (!functions.TryGet(out IReadOnlyList<PciFunction>? all))
        {
            return functions.Map(_ => ImmutableArray<PhysicalFunction>.Empty);
        }

        var byAddress =
            all.ToImmutableDictionary(function => function.Address);
        NamespacedDevices elsewhere = all.Any(HolderSource.MayBeInOtherNamespace)
            ? await NamespaceSource.ReadAsync(paths, netlink, cancellation)
            : NamespacedDevices.None;
        RdmaUsers rdma = await RdmaSource.ReadAsync(paths, netlink, all, cancellation);
        var holders = new HolderSource(paths, devices, switchPorts, elsewhere, rdma);
        ImmutableArray<PhysicalFunction>.Builder read = ImmutableArray.CreateBuilder<PhysicalFunction>();
        foreach (PciFunction function in all.Where(IsPhysical))
        {
            read.Add(await ReadAsync(function));
        }

        return Reading.Known(read.ToImmutable());

        // A NIC without SR-IOV that no model names (a virtual machine's own, say) has nothing to be switched.
        bool IsPhysical(PciFunction function) =>
            !function.IsVirtualFunction && (!function.SriovTotalVfs.IsAbsent || models.Knows(function.Id));

        // The ports of a bond in hardware share one RDMA device, which stands below the first of them
        // (drivers/infiniband/hw/mlx5/main.c, mlx5_bond_0).
        PciFunction RdmaOf(PciFunction function, Link? uplink) =>
            function.RdmaDevices.IsAbsent && uplink?.Master is { } master
                ? all.FirstOrDefault(other => !other.RdmaDevices.IsAbsent && !other.IsVirtualFunction
                    && links.ValueOr([]).Any(link => link.Master == master
                        && link.ParentDeviceName == other.Address.ToString())) ?? function
                : function;

        async Task<PhysicalFunction> ReadAsync(PciFunction function)
        {
            var handle = DevlinkHandle.Pci(function.Address.ToString());
            bool known = devlink.Has(handle);
            Link? uplink = links.IsKnown
                ? FunctionPorts.Uplink(function.Address, devlink.Ports.ValueOr([]), links.Value)
                : null;
            IReadOnlyList<FunctionPort> ports = links.IsKnown
                ? FunctionPorts.Functions(function.Address, devlink.Ports.ValueOr([]), links.Value)
                : [];
            Reading<ImmutableArray<Representor>> representors = devlink.Ports.IsFailed || !devices.IsKnown
                ? Reading.Failed<ImmutableArray<Representor>>(devlink.Ports.IsFailed ? devlink.Ports.Why : devices.Why)
                : Reading.Known<ImmutableArray<Representor>>([.. ports.Select(port => Representor(port, devices))]);
            Reading<IReadOnlyList<LinkVf>> settings = uplink is null
                ? Reading.Absent<IReadOnlyList<LinkVf>>("the PF has no network device in this namespace")
                : await SafeRead.TryAsync(() => route.Links.VfsAsync(uplink, cancellation));
            return new PhysicalFunction
            {
                Address = function.Address,
                Model = models.ForFunction(function, physicalFunction: null),
                Driver = function.Driver.ValueOrDefault(),
                NumaNode = function.NumaNode.TryGet(out int node) ? node : null,
                Uplink = Device(uplink, devices),
                PortType = PortTypeOf(FunctionPorts.Physical(function.Address, devlink.Ports.ValueOr([])), uplink),
                RdmaUser = rdma.Of(RdmaOf(function, uplink)),
                VfLimit = function.SriovTotalVfs,
                VfCount = function.SriovNumVfs,
                DriversAutoprobe = function.DriversAutoprobe,
                Eswitch = await EswitchAsync(handle, known, devlink, cancellation),
                SteeringMode = await SteeringAsync(handle, known, devlink, cancellation),
                SwitchId = uplink?.PhysicalSwitchId ?? ports.Select(port => port.Device?.PhysicalSwitchId)
                    .FirstOrDefault(id => id is not null),
                Chip = devlink.ChipOf(handle),
                Firmware = await FirmwareAsync(handle, known, cancellation),
                Health = devlink.Health.Map<ImmutableArray<HealthReporter>>(reporters =>
                [
                    .. reporters.Where(reporter => reporter.Handle == handle).Select(reporter => new HealthReporter(
                        reporter.Name, reporter.State == DevlinkHealthState.Healthy, (long)reporter.Errors,
                        (long)reporter.Recoveries, reporter.GracePeriod is not null)),
                ]),
                VirtualFunctions = Vfs(function, byAddress, settings, representors, holders),
                NameRules = NameRulesFile.Read(paths, function.Address),
                PfNumber = ports.Count > 0 ? ports[0].PfNumber : null,
                Representors = representors,
            };
        }
    }

    private static ImmutableArray<VirtualFunction> Vfs(
        PciFunction pf,
        ImmutableDictionary<PciAddress, PciFunction> functions,
        Reading<IReadOnlyList<LinkVf>> settings,
        Reading<ImmutableArray<Representor>> representors,
        HolderSource holders) =>
    [
        .. pf.VirtualFunctions.ValueOr([]).Where(link => functions.ContainsKey(link.Address)).Select(link =>
        {
            PciFunction vf = functions[link.Address];
            Reading<NetDevice> representor = representors.Then(all => all.FirstOrDefault(port =>
                port.VfIndex == link.Index && !port.External)?.Device is { } device
                    ? Reading.Known(device)
                    : Reading.Absent<NetDevice>($"VF {link.Index} has no representor on this host"));
            return new VirtualFunction
            {
                Index = link.Index,
                Address = link.Address,
                Driver = vf.Driver.ValueOrDefault(),
                DriverOverride = vf.DriverOverride.ValueOrDefault(),
                Devices = [.. vf.NetDevices.ValueOr([])],
                Settings = settings.Then(all => all.FirstOrDefault(one => one.Index == link.Index) is { } found
                    ? Reading.Known(found)
                    : Reading.Absent<LinkVf>($"the PF's driver reports nothing for VF {link.Index}")),
                Holder = holders.Of(vf, representor),
            };
        }),
    ];

    private static Representor Representor(FunctionPort port, Reading<ImmutableArray<NetDevice>> devices) => new()
    {
        Function = port.Function,
        VfIndex = port.VfIndex,
        Controller = port.Controller,
        External = port.External,
        PortIndex = port.PortIndex,
        Device = Device(port.Device, devices),
    };

    private static NetDevice? Device(Link? link, Reading<ImmutableArray<NetDevice>> devices) =>
        link is null ? null : devices.ValueOr([]).FirstOrDefault(device => device.Index == link.Index);

    private static PortType PortTypeOf(DevlinkPort? physical, Link? uplink) =>
        physical?.Type switch
        {
            DevlinkPortType.InfiniBand => PortType.Infiniband,
            DevlinkPortType.Ethernet => PortType.Ethernet,
            _ => uplink?.HardwareType switch
            {
                LinkHardwareType.InfiniBand => PortType.Infiniband,
                LinkHardwareType.Ethernet => PortType.Ethernet,
                _ => PortType.Unknown,
            },
        };

    private async Task<Reading<Eswitch>> EswitchAsync(
        DevlinkHandle handle, bool known, DevlinkFacts facts, CancellationToken cancellation)
    {
        if (!known)
        {
            return facts.Devices.Then(_ =>
                Reading.Absent<Eswitch>($"the driver of {handle.Device} does not register with devlink"));
        }

        Reading<DevlinkEswitch> read =
            await SafeRead.TryAsync(() => generic.Devlink.EswitchAsync(handle, cancellation));
        return read.Then(eswitch => eswitch == DevlinkEswitch.Unsupported
            ? Reading.Absent<Eswitch>($"the driver of {handle.Device} has no e-switch (EOPNOTSUPP)")
            : Reading.Known(new Eswitch(eswitch.Mode, eswitch.InlineMode, eswitch.EncapMode)));
    }

    private async Task<Reading<string>> SteeringAsync(
        DevlinkHandle handle, bool known, DevlinkFacts facts, CancellationToken cancellation)
    {
        if (!known)
        {
            return facts.Devices.Then(_ => Reading.Absent<string>("the driver does not register with devlink"));
        }

        Reading<DevlinkParameter?> read = await SafeRead.TryAsync(
            () => generic.Devlink.ParameterAsync(handle, SteeringParameter, cancellation));
        return read.Then(parameter => parameter?.ValueIn(DevlinkParameterMode.Runtime) is { } value
            ? Reading.Known(value.Text)
            : Reading.Absent<string>($"the driver has no parameter {SteeringParameter}"));
    }

    private async Task<Reading<Firmware>> FirmwareAsync(
        DevlinkHandle handle, bool known, CancellationToken cancellation)
    {
        if (!known)
        {
            return Reading.Absent<Firmware>("the driver does not register with devlink");
        }

        Reading<DevlinkInfo?> read = await SafeRead.TryAsync(() => generic.Devlink.InfoAsync(handle, cancellation));
        return read.Then(info => info is null
            ? Reading.Absent<Firmware>("the driver reports no versions")
            : Reading.Known(new Firmware(
                Version(info.RunningVersions), Version(info.StoredVersions),
                info.FixedVersions.GetValueOrDefault("fw.psid"), info.Serial)));
    }

    /// <summary>mlx5 names its version fw.version and, since 5.x, fw as well; others have fw alone.</summary>
    private static string? Version(IReadOnlyDictionary<string, string> versions) =>
        versions.GetValueOrDefault("fw.version") ?? versions.GetValueOrDefault("fw");
}
