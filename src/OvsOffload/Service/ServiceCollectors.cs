using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;
using OvsOffload.Verifying;

namespace OvsOffload.Service;

/// <summary>Puts the collectors together with what they read from. Dispose closes their sockets.</summary>
internal sealed class ServiceCollectors(
    ServiceParts parts, Func<ServiceIntent> intent, Func<ReconcileStatus> status) : IDisposable
{
    private readonly ProcessProbe _process = new(parts.Paths);
    private readonly NicProbe _nics = new(parts.Paths);
    private readonly NicProbe _representors = new(parts.Paths);
    private readonly BondProbe _bonds = new(parts.Paths);

    /// <summary>The collectors, in the order of the exposition.</summary>
    public ImmutableArray<ICollector> All =>
    [
        BuildCollector.Create(),
        Make(ProcessCollector.Declaration, _ => Task.FromResult(_process.Read()), ProcessCollector.Samples),
        Make(NicsCollector.Declaration, ReadNicsAsync, NicsCollector.Samples),
        Make(RepresentorsCollector.Declaration, ReadRepresentorsAsync, RepresentorsCollector.Samples),
        Make(
            BondsCollector.Declaration,
            cancellation => _bonds.ReadAsync(Host, intent().Intent, cancellation),
            BondsCollector.Samples),
        Make(FlowsCollector.Declaration, ReadFlowsAsync, FlowsCollector.Samples),
        Make(OpenVSwitchCollector.Declaration, ReadSwitchAsync, OpenVSwitchCollector.Samples),
        Make(TrafficControlCollector.Declaration, ReadFiltersAsync, TrafficControlCollector.Samples),
        Make(ConntrackCollector.Declaration, _ => Task.FromResult(ReadConntrack()), ConntrackCollector.Samples),
        Make(
            SecurityGroupsCollector.Declaration,
            _ => Task.FromResult(SecurityGroupFacts.Of(intent().Intent, Host)),
            SecurityGroupsCollector.Samples),
        Make(ReconcileCollector.Declaration, _ => Task.FromResult(Reconciled()), ReconcileCollector.Samples),
        Make(ChecksCollector.Declaration, _ => Task.FromResult(parts.Checks.Value), ChecksCollector.Samples),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _nics.Dispose();
        _representors.Dispose();
        _bonds.Dispose();
    }

    private static Collector<T> Make<T>(
        CollectorDeclaration declaration,
        Func<CancellationToken, Task<T>> read,
        Func<T, IEnumerable<Sample>> samples) =>
        new(declaration, read, samples);

    private HostState Host => status() is var now && now.State is { } state
        ? state
        : throw new CollectorException(now.Missing) { NotYet = now.ReadFailure is null };

    private Task<ImmutableArray<NicFacts>> ReadNicsAsync(CancellationToken cancellation) =>
        _nics.NicsAsync(Host, Host.Managed(intent().Intent), cancellation);

    private Task<ImmutableArray<RepresentorFacts>> ReadRepresentorsAsync(CancellationToken cancellation)
    {
        Dictionary<string, string> bridges = parts.Database.Current?.BridgesByInterface() ?? [];
        return _representors.RepresentorsAsync(Host, bridges, cancellation);
    }

    private async Task<Metrics.FlowFacts> ReadFlowsAsync(CancellationToken cancellation)
    {
        Metrics.FlowFacts facts = await parts.Flows.NowAsync(FlowDevices.Of(status().State), cancellation);

        // A host without any Open vSwitch has no flows, which is no failure.
        return facts.Failure is not null && facts.Datapaths.IsEmpty && !parts.Database.IsThere
            ? facts with { Failure = null }
            : facts;
    }

    private async Task<TrafficControlFacts> ReadFiltersAsync(CancellationToken cancellation) => TrafficControlFacts.Of(
        parts.Filters.Value, await parts.Flows.NowAsync(new HashSet<string>(), cancellation));

    private ImmutableArray<ConntrackFacts> ReadConntrack() =>
    [
        .. Host.KnownFunctions.Select(
            pf => new ConntrackFacts(pf.Address, Mlx5Conntrack.Offloaded(parts.Paths, pf.Address))),
    ];

    private async Task<SwitchFacts> ReadSwitchAsync(CancellationToken cancellation)
    {
        bool up = await parts.Daemon.ListeningAsync(cancellation) is not null;
        if (!parts.Database.IsTried)
        {
            throw new CollectorException("ovsdb-server has not been read yet") { NotYet = true };
        }

        return SwitchFacts.Of(status().Host, parts.Database.Current, up);
    }

    private ReconcileFacts Reconciled()
    {
        ReconcileStatus now = status();
        return new ReconcileFacts(now.Plan, now.LastApply, intent().ReloadSucceeded);
    }
}

/// <summary>What the collectors read from.</summary>
/// <param name="Paths">The host's trees.</param>
/// <param name="Daemon">ovs-vswitchd.</param>
/// <param name="Database">Open vSwitch's database.</param>
/// <param name="Flows">The flows.</param>
/// <param name="Filters">Counts of tc filters.</param>
/// <param name="Checks">What the checks found.</param>
internal sealed record ServiceParts(
    HostPaths Paths,
    UnixctlClient Daemon,
    DatabaseWatch Database,
    FlowWatch Flows,
    TimedReading<FlowerCounts> Filters,
    TimedReading<VerifyReport> Checks);
