using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using OvsOffload.Bundles;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Planning;
using OvsOffload.Verifying;
using ExpositionFormat = Prometheus.ExpositionFormat;
using FlowFacts = OvsOffload.Metrics.FlowFacts;

namespace OvsOffload.Tests.Metrics;

/// <summary>
/// A fixture host with the service's collectors and its exporter over them. Its database, flows, filters and checks are
/// read once, as the service's watches and timers leave them; the rest is read at each scrape.
/// </summary>
internal sealed class ScrapedHost : IDisposable
{
    private readonly FixtureHost _host;
    private readonly ScrapeProbes _probes;
    private readonly Exporter _exporter;

    private ScrapedHost(FixtureHost host, Observation observed, FlowFacts flows, FlowerCounts filters)
    {
        _host = host;
        _probes = new ScrapeProbes(host.Paths, host.Kernel);
        CollectorDeclaration build = BuildCollector.Declaration with
        {
            Collect = (_, _) => Task.FromResult(BuildCollector.Samples(new BuildFacts("1.2.3", "4f1c"))),
        };
        ScrapeSources sources = Sources(_probes, observed, flows, filters);
        Collectors =
        [
            .. CollectorNames.Declarations.Select(
                one => new Collector(one == BuildCollector.Declaration ? build : one, sources)),
        ];
        _exporter = new Exporter(
            Collectors, _ => true, (name, failure) => Failures.Add($"{name}: {failure}"), new ExporterOptions(),
            new FakeTime());
    }

    /// <summary>The collectors.</summary>
    public ImmutableArray<ICollector> Collectors { get; }

    /// <summary>What the exporter said of collectors that failed.</summary>
    public List<string> Failures { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a host and reads it.</summary>
    public static async Task<ScrapedHost> ReadAsync(HostDescription description)
    {
        var host = new FixtureHost(description);
        HostIntent intent = RecordedHost.Read(host.Paths, host.Configuration, []);
        HostState state = await host.Reader.ReadAsync(Token);
        using var route = new RouteSession(host.Kernel);
        FlowerCounts filters = await HostReader.CountAsync(route.TrafficControl, Token);
        return new ScrapedHost(host, new Observation(intent, state), await FlowsAsync(host, state), filters);
    }

    /// <summary>What a scrape gives.</summary>
    public async Task<string> ScrapeAsync(ExpositionFormat format)
    {
        using var stream = new MemoryStream();
        var output = PipeWriter.Create(stream);
        await _exporter.ScrapeAsync(output, format, Token);
        await output.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void Dispose()
    {
        _probes.Dispose();
        _exporter.Dispose();
        _host.Dispose();
    }

    private static ScrapeSources Sources(
        ScrapeProbes probes, Observation host, FlowFacts flows, FlowerCounts filters)
    {
        OpenVSwitchDatabase? database = host.State.OpenVSwitch.Database.ValueOrDefault();
        ProcessFacts process = probes.Process();
        return new ScrapeSources
        {
            Host = () => host,
            LastHost = () => host,
            Probes = probes,
            Process = () => process,
            Database = () => database,
            IsDatabaseTried = () => true,
            IsSwitchThere = () => database is not null,
            IsDaemonUp = _ => Task.FromResult(database is not null),
            Flows = (devices, _) => Task.FromResult(flows with { Devices = devices }),
            Filters = () => filters,
            Checks = () => VerifyReport.Of(host, Checks.All),
            Reconcile = () => new ReconcileFacts(
                Planner.Plan(host.Intent, host.State),
                new ApplyFact(FakeTime.Start, Succeeded: true),
                ReloadSucceeded: true),
        };
    }

    private static async Task<FlowFacts> FlowsAsync(FixtureHost host, HostState state)
    {
        if (!host.Switch.IsPresent)
        {
            return new FlowFacts(null, [], ImmutableHashSet<string>.Empty);
        }

        var daemon = new UnixctlClient(host.Daemon, TimeProvider.System);
        ImmutableArray<DatapathFacts>.Builder datapaths = ImmutableArray.CreateBuilder<DatapathFacts>();
        foreach (UpcallShow upcall in await daemon.UpcallShowAsync(Token))
        {
            datapaths.Add(new DatapathFacts(
                upcall.Datapath,
                upcall.FlowLimit,
                upcall.HandedOverFlows,
                await FlowDump.ReadAsync(daemon, upcall.Datapath, 1000, HostFlowFacts.Of(state), Token),
                new DumpFact(FakeTime.Start, TimeSpan.FromMilliseconds(30)),
                ImmutableDictionary<DumpSkip, long>.Empty.Add(DumpSkip.Duty, 3))
            {
                RevalidatorDump = TimeSpan.FromMilliseconds(upcall.DumpDurationMilliseconds),
                Lookups = new DatapathLookups(1_000_000, 40_000, 0),
            });
        }

        return new FlowFacts(null, datapaths.ToImmutable(), ImmutableHashSet<string>.Empty);
    }
}
