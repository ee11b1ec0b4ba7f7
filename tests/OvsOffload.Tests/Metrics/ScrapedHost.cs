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
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.Sysfs;
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
    private readonly NicProbe _nics;
    private readonly NicProbe _representors;
    private readonly BondProbe _bonds;
    private readonly Exporter _exporter;

    private ScrapedHost(
        FixtureHost host, HostIntent intent, HostState state, FlowFacts flows, FlowerCounts filters)
    {
        _host = host;
        _nics = ProbeOf(host);
        _representors = ProbeOf(host);
        _bonds = new BondProbe(host.Paths, new RouteSession(host.Kernel));
        Collectors = Make(intent, state, flows, filters);
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
        return new ScrapedHost(host, intent, state, await FlowsAsync(host, state), filters);
    }

    /// <summary>What a scrape gives.</summary>
    public async Task<string> ScrapeAsync(ExpositionFormat format)
    {
        using var stream = new MemoryStream();
        PipeWriter output = PipeWriter.Create(stream);
        await _exporter.ScrapeAsync(output, format, Token);
        await output.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void Dispose()
    {
        _nics.Dispose();
        _representors.Dispose();
        _bonds.Dispose();
        _exporter.Dispose();
        _host.Dispose();
    }

    private ImmutableArray<ICollector> Make(
        HostIntent intent, HostState state, FlowFacts flows, FlowerCounts filters)
    {
        OpenVSwitchDatabase? database = state.OpenVSwitch.Database.ValueOrDefault();
        IReadOnlyDictionary<string, string> bridges = database?.BridgesByInterface() ?? [];
        return
        [
            Of(BuildCollector.Declaration, BuildCollector.Samples(new BuildFacts("1.2.3", "4f1c"))),
            Of(ProcessCollector.Declaration, ProcessCollector.Samples(new ProcessProbe(HostPaths.Real).Read())),
            new Collector<ImmutableArray<NicFacts>>(
                NicsCollector.Declaration,
                token => _nics.NicsAsync(state, state.Managed(intent), token),
                NicsCollector.Samples),
            new Collector<ImmutableArray<RepresentorFacts>>(
                RepresentorsCollector.Declaration,
                token => _representors.RepresentorsAsync(state, bridges, token),
                RepresentorsCollector.Samples),
            new Collector<ImmutableArray<BondFacts>>(
                BondsCollector.Declaration,
                token => _bonds.ReadAsync(state, intent, token),
                BondsCollector.Samples),
            Of(FlowsCollector.Declaration, FlowsCollector.Samples(flows)),
            Of(
                OpenVSwitchCollector.Declaration,
                OpenVSwitchCollector.Samples(
                    SwitchFacts.Of(new Observation(intent, state), database, database is not null))),
            Of(
                TrafficControlCollector.Declaration,
                TrafficControlCollector.Samples(TrafficControlFacts.Of(filters, flows))),
            Of(
                ConntrackCollector.Declaration,
                ConntrackCollector.Samples(
                [
                    .. state.KnownFunctions.Select(pf =>
                        new ConntrackFacts(pf.Address, Mlx5Conntrack.Offloaded(_host.Paths, pf.Address))),
                ])),
            Of(
                SecurityGroupsCollector.Declaration,
                SecurityGroupsCollector.Samples(SecurityGroupFacts.Of(intent, state))),
            Of(
                ReconcileCollector.Declaration,
                ReconcileCollector.Samples(new ReconcileFacts(
                    Planner.Plan(intent, state),
                    new ApplyFact(FakeTime.Start, Succeeded: true),
                    ReloadSucceeded: true))),
            Of(
                ChecksCollector.Declaration,
                ChecksCollector.Samples(VerifyReport.Of(new Observation(intent, state), Checks.All))),
        ];
    }

    private static Collector<ImmutableArray<Sample>> Of(
        CollectorDeclaration declaration, IEnumerable<Sample> samples)
    {
        ImmutableArray<Sample> all = [.. samples];
        return new Collector<ImmutableArray<Sample>>(declaration, _ => Task.FromResult(all), read => read);
    }

    private static NicProbe ProbeOf(FixtureHost host) =>
        new(host.Paths, new GenericSession(host.Kernel), host.Kernel.Open(NetlinkProtocol.Route));

    private static async Task<FlowFacts> FlowsAsync(FixtureHost host, HostState state)
    {
        if (!host.Switch.IsPresent)
        {
            return new FlowFacts(null, [], FlowDevices.Of(state));
        }

        var daemon = new UnixctlClient(host.Daemon, TimeProvider.System);
        var datapaths = ImmutableArray.CreateBuilder<DatapathFacts>();
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

        return new FlowFacts(null, datapaths.ToImmutable(), FlowDevices.Of(state));
    }
}
