using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Host;

/// <summary>Reads Open vSwitch: its database, its daemon, its log, and the effects of hw-offload.</summary>
internal sealed class OpenVSwitchSource(
    OvsdbOptions database, UnixctlOptions daemon, HostPaths paths, TimeProvider time)
{
    /// <summary>So long a change may be on its way to ovs-vswitchd before it counts as not taken up.</summary>
    private static readonly RetryOptions Settle = new() { Retries = 3, Delay = TimeSpan.FromSeconds(1) };

    /// <summary>What database and daemon answered.</summary>
    internal sealed record Answer(
        Reading<OpenVSwitchDatabase> Database,
        Reading<string> Daemon,
        Reading<IReadOnlyList<UpcallShow>> Upcalls,
        Reading<OffloadShow?> Offload,
        Reading<IReadOnlySet<string>> LogModules);

    /// <summary>Asks both.</summary>
    public async Task<Answer> ReadAsync(CancellationToken cancellation)
    {
        var client = new UnixctlClient(daemon, time);
        Task<Reading<OpenVSwitchDatabase>> rows = ReadSettledAsync(cancellation);
        Reading<string> version = await SafeRead.TryAsync(() => client.VersionAsync(cancellation));
        bool answers = version.IsKnown;
        Reading<IReadOnlyList<UpcallShow>> upcalls = answers
            ? await SafeRead.TryAsync(() => client.UpcallShowAsync(cancellation))
            : Reading.Failed<IReadOnlyList<UpcallShow>>(version.Why);
        Reading<OffloadShow?> offload = answers
            ? await SafeRead.TryAsync(() => client.OffloadShowAsync(cancellation))
            : Reading.Failed<OffloadShow?>(version.Why);
        Reading<IReadOnlySet<string>> modules = answers
            ? await SafeRead.TryAsync(() => client.LogModulesAsync(cancellation))
            : Reading.Failed<IReadOnlySet<string>>(version.Why);
        return new Answer(await rows, version, upcalls, offload, modules);
    }

    /// <summary>
    /// Asks the database, and again where ovs-vswitchd has not taken its last change up: it may be about to.
    /// </summary>
    private Task<Reading<OpenVSwitchDatabase>> ReadSettledAsync(CancellationToken cancellation) =>
        database.Recorded is null
            ? Settle.UntilAsync(
                ReadDatabaseAsync, rows => rows.ValueOrDefault() is not { IsTakenUp: false }, time, cancellation)
            : ReadDatabaseAsync(cancellation);

    /// <summary>Asks the database; absent where it has no socket.</summary>
    public Task<Reading<OpenVSwitchDatabase>> ReadDatabaseAsync(CancellationToken cancellation) =>
        database.Absence is { } why
            ? Task.FromResult(Reading.Absent<OpenVSwitchDatabase>(why))
            : SafeRead.TryAsync(() => new OpenVSwitchReader(database, time).ReadAsync(cancellation));

    /// <summary>
    /// Which devices are ports. The kernel is asked only where it has a device of its Open vSwitch: the question alone
    /// would load the module.
    /// </summary>
    public static async Task<SwitchPorts> PortsAsync(
        HostPaths paths, Reading<OpenVSwitchDatabase> database, Reading<ImmutableArray<NetDevice>> devices,
        GenericSession generic, CancellationToken cancellation) => new()
        {
            Database = database,
            Datapaths = !devices.TryGet(out ImmutableArray<NetDevice> known)
                ? devices.Map(_ => ImmutableArray<KernelDatapath>.Empty)
                : known.Any(device => device.Kind == SwitchPorts.KernelKind)
                    ? await SafeRead.TryAsync(() => generic.Datapaths.AllAsync(cancellation))
                    : Reading.Known<ImmutableArray<KernelDatapath>>([]),
            DaemonRuns = database.IsKnown
                ? Reading.Failed<bool>("not checked, because the database responds")
                : new OpenFiles(paths).Runs("ovs-vswitchd"),
        };

    /// <summary>Adds what the kernel shows of it.</summary>
    public async Task<OpenVSwitchState> JudgeAsync(
        Answer answer, Reading<ImmutableArray<NetDevice>> devices, SwitchPorts ports, RouteSession route,
        CancellationToken cancellation)
    {
        Reading<IReadOnlyList<IngressQdisc>> qdiscs =
            await SafeRead.TryAsync(() => route.TrafficControl.IngressQdiscsAsync(cancellation));
        return new OpenVSwitchState
        {
            Database = answer.Database,
            Daemon = answer.Daemon,
            Upcalls = answer.Upcalls,
            HwOffload = HwOffloadEvidence.Of(answer.Database, answer.Daemon, answer.Offload, devices, qdiscs),
            LogModules = answer.LogModules.ValueOrDefault(),
            Log = DaemonLog.Read(paths.Files, DaemonLog.VswitchdLog(paths)),
            Installation = new SwitchInstallationSource(paths, database, daemon).Read(devices),
            Ports = ports,
            Agents = answer.Database.IsKnown ? Agents.Of(answer.Database.Value) : [],
        };
    }
}
