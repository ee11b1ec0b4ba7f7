using System.Collections.Immutable;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// Reads a <see cref="HostState"/>: asks sysfs, netlink and Open vSwitch once, side by side. What cannot be read says
/// so in its place; the reading itself does not fail. Safe for concurrent use; every call reads anew.
/// </summary>
internal sealed class HostReader(HostPaths paths, OvsdbOptions database, UnixctlOptions daemon, TimeProvider time)
{
    /// <summary>Opens the channels to the kernel.</summary>
    public INetlinkOpener Netlink { get; init; } = LiveNetlink.Instance;

    /// <summary>
    /// Which agents of security groups are asked; by default none that has to be run, so that nothing is started that
    /// nobody named.
    /// </summary>
    public Func<SecurityGroupIntent> SecurityGroups { get; init; } = static () => new SecurityGroupIntent();

    /// <summary>Reads the host.</summary>
    public async Task<HostState> ReadAsync(CancellationToken cancellation)
    {
        (DateTimeOffset begin, long timestamp) = (time.GetUtcNow(), time.GetTimestamp());

        // Read and checked at its first use, which is best while the kernel answers.
        Task<NicModels> models = Task.Run(static () => NicModels.BuiltIn, cancellation);
        using var route = new RouteSession(Netlink);
        using var generic = new GenericSession(Netlink);
        Task<Reading<IReadOnlyList<Link>>> links = SafeRead.TryAsync(() => route.Links.AllAsync(cancellation));
        Task<Reading<bool>> devlink = SafeRead.TryAsync(() => generic.Devlink.IsPresentAsync(cancellation));
        Task<KernelState> kernel = Task.Run(() => ReadKernel(), cancellation);
        var openVSwitch = new OpenVSwitchSource(database, daemon, paths, time);
        Task<OpenVSwitchSource.Answer> answer = openVSwitch.ReadAsync(cancellation);
        Task<SecurityGroupState> groups = new SecurityGroupSource(paths, new ProcessRunner(time))
            .ReadAsync(SecurityGroups(), cancellation);

        DevlinkFacts facts = await DevlinkSource.ReadAsync(generic.Devlink, await devlink, cancellation);
        Reading<ImmutableArray<NetDevice>> devices =
            await new DeviceSource(route, generic).ReadAsync(await links, cancellation);
        OpenVSwitchSource.Answer switchAnswer = await answer;
        SwitchPorts ports =
            await OpenVSwitchSource.PortsAsync(paths, switchAnswer.Database, devices, generic, cancellation);
        var nics = new NicSource(paths, Netlink, await models, route, generic);
        Reading<ImmutableArray<PhysicalFunction>> functions =
            await nics.ReadAsync(facts, await links, devices, ports, cancellation);
        KernelState kernelState = (await kernel) with { Devlink = await devlink };
        var bonds = new BondSource(paths, route);
        return new HostState
        {
            ReadAt = begin,
            ReadTimestamp = timestamp,
            HostName = paths.Files.Text(Path.Combine(paths.Proc, "sys/kernel/hostname")).ValueOr("unknown"),
            Kernel = kernelState,
            PhysicalFunctions = functions,
            Devices = devices,
            Bonds = await bonds.ReadAsync(await links, devices, functions, kernelState, cancellation),
            OpenVSwitch = await openVSwitch.JudgeAsync(switchAnswer, devices, ports, route, cancellation),
            Protected = await new ProtectionSource(paths, route).ReadAsync(devices, ports, cancellation),
            Platform = await new PlatformSource(paths, Netlink, generic, route)
                .ReadAsync((await kernel).Facts.Release, functions.ValueOr([]), cancellation),
            SecurityGroups = await groups,
            Changes = new ChangeRecords(paths).Read(),
            Shapers = await ShapersAsync(route.TrafficControl, devices, cancellation),
            Routing = await SafeRead.TryAsync(() => RoutingSource.ReadAsync(route, cancellation)),
            DhcpClients = devices.ValueOr([]).Any(device => !device.Leases.IsEmpty)
                ? DhcpClient.Read(paths)
                : Reading.Known<ImmutableArray<DhcpClient>>([]),
            Filters = await SafeRead.TryAsync(() => CountAsync(route.TrafficControl, cancellation)),
        };
    }

    /// <summary>
    /// Reads the PFs alone, with who holds their VFs: what has to be known again immediately before a step.
    /// </summary>
    public async Task<Reading<ImmutableArray<PhysicalFunction>>> ReadFunctionsAsync(CancellationToken cancellation)
    {
        using var route = new RouteSession(Netlink);
        using var generic = new GenericSession(Netlink);
        Task<Reading<OpenVSwitchDatabase>> rows =
            new OpenVSwitchSource(database, daemon, paths, time).ReadDatabaseAsync(cancellation);
        Reading<IReadOnlyList<Link>> links = await SafeRead.TryAsync(() => route.Links.AllAsync(cancellation));
        DevlinkFacts facts = await DevlinkSource.ReadAsync(
            generic.Devlink, await SafeRead.TryAsync(() => generic.Devlink.IsPresentAsync(cancellation)), cancellation);
        Reading<ImmutableArray<NetDevice>> devices =
            await new DeviceSource(route, generic).ReadAsync(links, cancellation);
        SwitchPorts ports = await OpenVSwitchSource.PortsAsync(paths, await rows, devices, generic, cancellation);
        return await new NicSource(paths, Netlink, NicModels.BuiltIn, route, generic)
            .ReadAsync(facts, links, devices, ports, cancellation);
    }

    /// <summary>Counts tc's flower filters over the host, each shared block once.</summary>
    public static async Task<FlowerCounts> CountAsync(TrafficControl traffic, CancellationToken cancellation)
    {
        var sum = new FlowerCounts(0, 0, 0);
        foreach (FilterTarget target in FilterTarget.Of(await traffic.IngressQdiscsAsync(cancellation)))
        {
            FlowerCounts counts = await traffic.CountFlowerAsync(target, cancellation);
            sum = new FlowerCounts(
                sum.InHardware + counts.InHardware,
                sum.NotInHardware + counts.NotInHardware,
                sum.Unknown + counts.Unknown);
        }

        return sum;
    }

    private static async Task<Reading<ImmutableArray<Shaper>>> ShapersAsync(
        TrafficControl traffic, Reading<ImmutableArray<NetDevice>> devices, CancellationToken cancellation)
    {
        Reading<IReadOnlyList<RootQdisc>> read =
            await SafeRead.TryAsync(() => traffic.ShapersAsync(cancellation));
        return devices.Then(known => read.Map(qdiscs => Shaper.Of(qdiscs, known)));
    }

    private KernelState ReadKernel() => new()
    {
        Facts = KernelFacts.Read(paths),
        Iommu = Iommu.Read(paths),
        Log = new KernelLog(paths).Read(),
        Devlink = default,
    };
}
