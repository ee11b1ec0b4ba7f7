using System.Diagnostics;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class FlowWatchTests : IAsyncDisposable
{
    private const string Datapath = "system@ovs-system";

    private readonly FakeTime _time = new();
    private readonly FakeSource _source;
    private readonly FlowWatch _watch;
    private readonly CancellationTokenSource _stop = new();
    private Task? _running;
    private bool _wanted = true;
    private FlowDumpIntent _options = new() { Interval = TimeSpan.FromSeconds(30), Duty = 1, MaxFlows = 1000 };

    public FlowWatchTests()
    {
        _source = new FakeSource(_time);
        _watch = new FlowWatch(
            _source,
            () => _options,
            new ChangeSignal(new ChangeOptions(), _time),
            new Heartbeat("flows", _time),
            _time)
        {
            IsEnabled = () => _wanted,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_running ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Fact]
    public async Task Before_the_first_dump_there_is_no_number() =>
        Assert.Equal("the flows have not been read yet", (await NowAsync()).Failure);

    [Fact]
    public async Task Flows_are_dumped_once_an_interval()
    {
        await RunAsync(TimeSpan.FromSeconds(95));
        Assert.Equal(4, _source.Dumps);
        FlowFacts facts = await NowAsync();
        Assert.Null(facts.Failure);
        Assert.Equal(7, Assert.Single(facts.Datapaths).Tally?.Flows.Offloaded);
    }

    [Fact]
    public async Task A_killed_daemon_is_seen_by_the_next_scrape_and_leaves_no_number()
    {
        await RunAsync(TimeSpan.FromSeconds(10));
        _source.Socket = null;
        Assert.NotNull((await NowAsync()).Failure);
        await RunAsync(TimeSpan.FromSeconds(60));
        FlowFacts facts = await NowAsync();
        Assert.NotNull(facts.Failure);
        DatapathFacts datapath = Assert.Single(facts.Datapaths);
        Assert.Null(datapath.Tally);
        Assert.Null(datapath.HandedOver);
        Assert.NotNull(datapath.LastDump);
    }

    [Fact]
    public async Task A_daemon_that_came_back_is_dumped_before_its_numbers_are_shown()
    {
        await RunAsync(TimeSpan.FromSeconds(10));
        _source.Socket = "/run/openvswitch/ovs-vswitchd.2.ctl";
        Assert.Contains("restarted", (await NowAsync()).Failure);

        // Long before the interval ends.
        for (int step = 0; step < 20 && _source.Dumps < 2; step++)
        {
            await RunAsync(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(2, _source.Dumps);
        for (var begun = Stopwatch.StartNew();
            (await NowAsync()).Failure is not null && begun.Elapsed < TimeSpan.FromMinutes(1);)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Null((await NowAsync()).Failure);
    }

    [Fact]
    public async Task A_dump_that_failed_leaves_no_number()
    {
        await RunAsync(TimeSpan.FromSeconds(10));
        _source.DumpFails = true;
        await RunAsync(TimeSpan.FromSeconds(30));
        FlowFacts facts = await NowAsync();
        Assert.Contains("no reply", facts.Failure);
        Assert.Null(Assert.Single(facts.Datapaths).Tally);
    }

    [Fact]
    public async Task Above_max_flows_no_dump_is_made_and_that_is_counted()
    {
        _source.Flows = 1001;
        await RunAsync(TimeSpan.FromSeconds(95));
        Assert.Equal(0, _source.Dumps);
        FlowFacts facts = await NowAsync();
        Assert.Null(facts.Failure);
        DatapathFacts datapath = Assert.Single(facts.Datapaths);
        Assert.Null(datapath.Tally);
        Assert.Equal(3, datapath.HandedOver);
        Assert.Equal(4, datapath.Skipped[DumpSkip.TooManyFlows]);
    }

    [Fact]
    public async Task Dumps_take_no_more_than_their_share_of_the_time()
    {
        _options = _options with { Interval = TimeSpan.FromSeconds(10), Duty = 0.01 };
        _source.DumpTakes = TimeSpan.FromSeconds(2);
        await RunAsync(TimeSpan.FromSeconds(900));
        Assert.InRange(_source.Dumps, 4, 5);
        DatapathFacts datapath = Assert.Single((await NowAsync()).Datapaths);
        Assert.NotNull(datapath.Tally);
        Assert.True(datapath.Skipped[DumpSkip.Duty] > 50);
    }

    [Fact]
    public async Task A_dump_that_is_not_whole_is_no_count()
    {
        _source.Truncated = true;
        await RunAsync(TimeSpan.FromSeconds(10));
        Assert.Null(Assert.Single((await NowAsync()).Datapaths).Tally);
    }

    [Fact]
    public async Task Between_dumps_the_cheap_counts_go_on()
    {
        _options = _options with { Interval = TimeSpan.FromSeconds(10), Duty = 0.01 };
        _source.DumpTakes = TimeSpan.FromSeconds(2);
        await RunAsync(TimeSpan.FromSeconds(15));
        _source.HandedOver = 8;
        await RunAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, _source.Dumps);
        Assert.Equal(8, Assert.Single((await NowAsync()).Datapaths).HandedOver);
    }

    [Fact]
    public async Task A_scrape_never_waits_for_a_dump_nor_begins_one()
    {
        _source.Held = new TaskCompletionSource();
        await RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _source.Dumps);
        for (int scrape = 0; scrape < 100; scrape++)
        {
            Assert.True(NowAsync().IsCompletedSuccessfully);
        }

        await RunAsync(TimeSpan.FromSeconds(120));
        Assert.Equal(1, _source.Dumps);
        _source.Held.SetResult();
        await RunAsync(TimeSpan.FromSeconds(1));
        Assert.Null((await NowAsync()).Failure);
    }

    [Fact]
    public async Task A_collector_that_is_off_leaves_the_switch_alone()
    {
        _wanted = false;
        await RunAsync(TimeSpan.FromSeconds(95));
        Assert.Equal(0, _source.Dumps);
        Assert.Equal(0, _source.Shows);
        _wanted = true;
        await RunAsync(TimeSpan.FromSeconds(30));
        Assert.Null((await NowAsync()).Failure);
    }

    private Task<FlowFacts> NowAsync() =>
        _watch.NowAsync(new HashSet<string>(), TestContext.Current.CancellationToken);

    /// <summary>Lets the watch run on for so long, in steps of half a second.</summary>
    private async Task RunAsync(TimeSpan span)
    {
        _running ??= _watch.RunAsync(_stop.Token);
        for (DateTimeOffset end = _time.GetUtcNow() + span; _time.GetUtcNow() < end;)
        {
            await _time.StepAsync(TimeSpan.FromMilliseconds(500));
        }

        await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private sealed class FakeSource(FakeTime time) : IFlowSource
    {
        public string? Socket { get; set; } = "/run/openvswitch/ovs-vswitchd.1.ctl";

        public long Flows { get; set; } = 10;

        public bool DumpFails { get; set; }

        public bool Truncated { get; set; }

        public TimeSpan DumpTakes { get; set; }

        public int Dumps { get; private set; }

        public int Shows { get; private set; }

        public long HandedOver { get; set; } = 3;

        public TaskCompletionSource? Held { get; set; }

        public Task<string?> ListeningAsync(CancellationToken cancellation) => Task.FromResult(Socket);

        public Task<IReadOnlyList<UpcallShow>> UpcallShowAsync(CancellationToken cancellation)
        {
            Shows++;
            return Task.FromResult<IReadOnlyList<UpcallShow>>(
            [
                new UpcallShow
                {
                    Datapath = Datapath,
                    Flows = Flows,
                    AverageFlows = 0,
                    MaxFlows = 0,
                    FlowLimit = 200_000,
                    HandedOverFlows = HandedOver,
                    DumpDurationMilliseconds = 1,
                },
            ]);
        }

        public Task<IReadOnlyList<string>> DatapathsAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<string>>([Datapath]);

        public Task<DatapathLookups> LookupsAsync(string datapath, CancellationToken cancellation) =>
            Task.FromResult(new DatapathLookups(5, 4, 3));

        public async Task<FlowTally> DumpAsync(string datapath, int maxFlows, CancellationToken cancellation)
        {
            Dumps++;
            time.Advance(DumpTakes);
            await (Held?.Task ?? Task.CompletedTask);
            return DumpFails
                ? throw new DaemonSilentException("dpctl/dump-flows", "socket", TimeSpan.FromSeconds(60))
                : new FlowTally
                {
                    Flows = new FlowCounts(7, 0, 0, 0, 0),
                    Ports = new Dictionary<string, FlowCounts>(),
                    Layers = new Dictionary<string, long>(),
                    Malformed = 0,
                    Other = 0,
                    BeyondLimit = 0,
                    Truncated = Truncated,
                };
        }
    }
}
