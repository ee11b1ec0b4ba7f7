using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
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
    private readonly DirectoryInfo _tree = Directory.CreateTempSubdirectory("ovs-offload-bench-");
    private readonly Observation _host;
    private readonly ScrapeProbes _probes;
    private readonly FlowFacts _flows;
    private readonly VerifyReport _checks;

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

        _host = new Observation(
            HostIntent.Observe, SampleHost.ConnectX6Dx(LargeKernel.Vfs).WithSecondPort());
        _probes = new ScrapeProbes(HostPaths.Under(_tree.FullName), new LargeKernel());
        string[] devices =
        [
            .. LargeKernel.Functions.SelectMany((_, pf) =>
                Enumerable.Range(0, LargeKernel.Vfs).Select(vf => $"eth{pf}_{vf}").Prepend($"eth{pf}")),
        ];
        _flows = new FlowFacts(null, [Datapath(devices)], devices.ToHashSet());
        _checks = VerifyReport.Of(_host, Checks.All);
    }

    /// <summary>The collectors of the service, over what is made up.</summary>
    public ImmutableArray<ICollector> Collectors() => CollectorNames.Over(new ScrapeSources
    {
        Host = () => _host,
        LastHost = () => _host,
        Probes = _probes,
        Process = _probes.Process,
        Database = () => _host.State.OpenVSwitch.Database.Value,
        IsDatabaseTried = () => true,
        IsSwitchThere = () => true,
        IsDaemonUp = _ => Task.FromResult(true),
        Flows = (_, _) => Task.FromResult(_flows),
        Filters = () => new FlowerCounts(2550, 12, 0),
        Checks = () => _checks,
        Reconcile = () => new ReconcileFacts(new Plan([], [], []), null, true),
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _probes.Dispose();
        _tree.Delete(recursive: true);
    }

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
