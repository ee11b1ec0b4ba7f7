using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.Sysfs;
using OvsOffload.Verifying;
using FlowFacts = OvsOffload.Metrics.FlowFacts;

namespace OvsOffload.Bench;

/// <summary>
/// A host with 2 PFs of 127 VFs each, as the service knows it. Links, counters, devlink and sysfs are read anew at each
/// scrape as on a host, from a kernel and a tree made up; flows, filters and checks stand as their timers left them.
/// Dispose takes the tree away.
/// </summary>
internal sealed class LargeHost : IDisposable
{
    private static readonly ImmutableDictionary<PciAddress, NicIntent> Nothing =
        ImmutableDictionary<PciAddress, NicIntent>.Empty;

    private readonly DirectoryInfo _tree = Directory.CreateTempSubdirectory("ovs-offload-bench-");
    private readonly HostState _state;
    private readonly ProcessProbe _process = new(HostPaths.Real);
    private readonly NicProbe _nics;
    private readonly NicProbe _representors;
    private readonly BondProbe _bonds;
    private readonly HostPaths _paths;
    private readonly FlowFacts _flows;
    private readonly VerifyReport _checks;
    private readonly Dictionary<string, string> _bridges;

    /// <summary>Makes it.</summary>
    public LargeHost()
    {
        foreach (string pf in LargeKernel.Functions)
        {
            string folder = Path.Combine(_tree.FullName, "sys/bus/pci/devices", pf);
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "sriov_numvfs"), $"{LargeKernel.Vfs}\n");
            File.WriteAllText(Path.Combine(folder, "sriov_totalvfs"), $"{LargeKernel.Vfs}\n");
        }

        _state = SampleHost.ConnectX6Dx(LargeKernel.Vfs).WithSecondPort();
        _paths = HostPaths.Below(_tree.FullName);
        _nics = new NicProbe(_paths, new GenericSession(new LargeKernel()), new LargeKernel());
        _representors = new NicProbe(_paths, new GenericSession(new LargeKernel()), new LargeKernel());
        _bonds = new BondProbe(_paths, new RouteSession(new LargeKernel()));
        string[] devices =
        [
            .. LargeKernel.Functions.SelectMany((_, pf) =>
                Enumerable.Range(0, LargeKernel.Vfs).Select(vf => $"eth{pf}_{vf}").Prepend($"eth{pf}")),
        ];
        _bridges = devices.ToDictionary(device => device, _ => "br1");
        _flows = new FlowFacts(null, [Datapath(devices)], devices.ToHashSet());
        _checks = VerifyReport.Of(new Observation(HostIntent.Observe, _state), Checks.All);
    }

    /// <summary>The collectors of the service, over what is made up.</summary>
    public ImmutableArray<ICollector> Collectors() =>
    [
        BuildCollector.Create(),
        Make(ProcessCollector.Declaration, _ => Task.FromResult(_process.Read()), ProcessCollector.Samples),
        Make(NicsCollector.Declaration, token => _nics.NicsAsync(_state, Nothing, token), NicsCollector.Samples),
        Make(
            RepresentorsCollector.Declaration,
            token => _representors.RepresentorsAsync(_state, _bridges, token),
            RepresentorsCollector.Samples),
        Make(
            BondsCollector.Declaration,
            token => _bonds.ReadAsync(_state, HostIntent.Observe, token),
            BondsCollector.Samples),
        Make(FlowsCollector.Declaration, _ => Task.FromResult(_flows), FlowsCollector.Samples),
        Make(
            OpenVSwitchCollector.Declaration,
            _ => Task.FromResult(new SwitchFacts(new DatabaseFacts("3.5.0", "8.8.0", true), true, true, false)),
            OpenVSwitchCollector.Samples),
        Make(
            TrafficControlCollector.Declaration,
            _ => Task.FromResult(TrafficControlFacts.Of(new FlowerCounts(2550, 12, 0), _flows)),
            TrafficControlCollector.Samples),
        Make(ConntrackCollector.Declaration, _ => Task.FromResult(Conntrack()), ConntrackCollector.Samples),
        Make(
            SecurityGroupsCollector.Declaration,
            _ => Task.FromResult(SecurityGroupFacts.Of(HostIntent.Observe, _state)),
            SecurityGroupsCollector.Samples),
        Make(
            ReconcileCollector.Declaration,
            _ => Task.FromResult(new ReconcileFacts(new Plan([], [], []), null, true)),
            ReconcileCollector.Samples),
        Make(ChecksCollector.Declaration, _ => Task.FromResult(_checks), ChecksCollector.Samples),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _nics.Dispose();
        _representors.Dispose();
        _bonds.Dispose();
        _tree.Delete(recursive: true);
    }

    private ImmutableArray<ConntrackFacts> Conntrack() =>
    [
        .. _state.KnownFunctions.Select(pf => new ConntrackFacts(pf.Address, Mlx5Conntrack.Offloaded(_paths, pf.Address))),
    ];

    private static Collector<T> Make<T>(
        CollectorDeclaration declaration, Func<CancellationToken, Task<T>> read, Func<T, IEnumerable<Sample>> samples) =>
        new(declaration, read, samples);

    private static DatapathFacts Datapath(string[] devices) => new(
        "system@ovs-system",
        200_000,
        2562,
        new FlowTally
        {
            Flows = new FlowCounts(10 * devices.Length, 0, 12, 5, 0),
            Ports = devices.ToDictionary(device => device, _ => new FlowCounts(10, 0, 0, 0, 0)),
            Layers = new Dictionary<string, long>(),
            Malformed = 0,
            Other = 0,
            BeyondLimit = 0,
            Truncated = false,
        },
        new DumpFact(DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(30)),
        ImmutableDictionary<DumpSkip, long>.Empty)
    {
        RevalidatorDump = TimeSpan.FromMilliseconds(3),
        Lookups = new DatapathLookups(1_000_000, 40_000, 0),
    };
}
