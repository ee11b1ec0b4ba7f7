using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using OvsOffload.Metrics;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Tests.Metrics;

public sealed class ExporterTests
{
    private static readonly MetricFamily Number = MetricFamily.Gauge("number", "A number");
    private static readonly MetricFamily Past = MetricFamily.Gauge("past", "What was");

    private readonly FakeTime _time = new();
    private readonly List<(string Name, string? Failure)> _turns = [];

    [Fact]
    public async Task Every_collector_tells_whether_it_succeeded_and_what_it_took()
    {
        string text = await ScrapeAsync(Works("good"));
        Assert.Contains("\novs_offload_number 1\n", text);
        Assert.Contains("\novs_offload_collector_success{collector=\"good\"} 1\n", text);
        Assert.Contains("\novs_offload_collector_duration_seconds{collector=\"good\"} ", text);
        Assert.Empty(_turns);
    }

    [Fact]
    public async Task A_collector_that_fails_shows_no_number_and_holds_up_no_other()
    {
        string text = await ScrapeAsync(
            new FakeCollector("bad", [Past], _ => throw new IOException("no such file")), Works("good"));
        Assert.DoesNotContain("\novs_offload_past ", text);
        Assert.Contains("\novs_offload_collector_success{collector=\"bad\"} 0\n", text);
        Assert.Contains("\novs_offload_number 1\n", text);
        Assert.Equal(("bad", "no such file"), Assert.Single(_turns));
    }

    [Fact]
    public async Task A_collector_that_fails_shows_no_number_of_the_scrape_before()
    {
        bool fails = false;
        Exporter exporter = Make(new FakeCollector("some", [Past], _ => fails
            ? throw new IOException("gone")
            : Task.FromResult<ImmutableArray<Sample>>([Past.Of(7)])));
        Assert.Contains("\novs_offload_past 7\n", await ScrapeAsync(exporter));
        fails = true;
        Assert.DoesNotContain("\novs_offload_past ", await ScrapeAsync(exporter));
    }

    [Fact]
    public async Task A_sample_that_its_collector_does_not_declare_fails_that_collector_alone()
    {
        string text = await ScrapeAsync(
            new FakeCollector("bad", [], _ => Task.FromResult<ImmutableArray<Sample>>([Past.Of(7)])), Works("good"));
        Assert.DoesNotContain("ovs_offload_past", text);
        Assert.Contains("\novs_offload_collector_success{collector=\"bad\"} 0\n", text);
        Assert.Contains("\novs_offload_number 1\n", text);
        Assert.Equal(
            ("bad", "a sample of ovs_offload_past, which the collector does not declare"), Assert.Single(_turns));
    }

    [Fact]
    public async Task Constant_samples_are_shown_even_if_the_collector_fails()
    {
        string text = await ScrapeAsync(new FakeCollector(
            "bad", [Number, Past], _ => throw new CollectorException("gone") { StillTrue = [Past.Of(7)] }));
        Assert.Contains("\novs_offload_past 7\n", text);
        Assert.DoesNotContain("\novs_offload_number ", text);
        Assert.Contains("\novs_offload_collector_success{collector=\"bad\"} 0\n", text);
    }

    [Fact]
    public async Task A_collector_that_hangs_fails_after_its_time_and_holds_up_no_other()
    {
        var hang = new TaskCompletionSource<ImmutableArray<Sample>>();
        Exporter exporter = Make(new FakeCollector("hung", [Past], _ => hang.Task), Works("good"));
        Task<string> first = ScrapeAsync(exporter);
        await _time.AdvanceUntilAsync(first, TimeSpan.FromSeconds(1));
        Assert.Contains("\novs_offload_collector_success{collector=\"hung\"} 0\n", await first);
        Assert.Contains("\novs_offload_number 1\n", await first);
        Assert.Equal("hung", Assert.Single(_turns).Name);
    }

    [Fact]
    public async Task A_collector_that_hangs_is_not_started_again_until_it_ends()
    {
        var hang = new TaskCompletionSource<ImmutableArray<Sample>>();
        int starts = 0;
        Exporter exporter = Make(new FakeCollector("hung", [Past], _ =>
        {
            starts++;
            return hang.Task;
        }));
        Task<string> first = ScrapeAsync(exporter);
        await _time.AdvanceUntilAsync(first, TimeSpan.FromSeconds(1));
        Task<string> second = ScrapeAsync(exporter);
        await _time.AdvanceUntilAsync(second, TimeSpan.FromSeconds(1));
        Assert.Equal(1, starts);

        hang.SetResult([Past.Of(3)]);
        Task<string> third = ScrapeAsync(exporter);
        await _time.AdvanceUntilAsync(third, TimeSpan.Zero);
        Assert.Contains("\novs_offload_past 3\n", await third);
    }

    [Fact]
    public async Task A_collector_that_is_switched_off_is_not_run_and_not_shown()
    {
        Exporter exporter = Make(name => name != "bad", new FakeCollector("bad", [Past], _ => throw new IOException()));
        Assert.DoesNotContain("bad", await ScrapeAsync(exporter));
        Assert.Empty(_turns);
    }

    [Fact]
    public async Task A_failure_and_its_recovery_are_logged_once_each()
    {
        bool fails = true;
        Exporter exporter = Make(new FakeCollector("some", [Past], _ => fails
            ? throw new IOException("gone")
            : Task.FromResult<ImmutableArray<Sample>>([])));
        await ScrapeAsync(exporter);
        await ScrapeAsync(exporter);
        fails = false;
        await ScrapeAsync(exporter);
        await ScrapeAsync(exporter);
        Assert.Equal([("some", "gone"), ("some", null)], _turns);
    }

    [Fact]
    public async Task A_collector_whose_first_reading_is_still_to_come_shows_no_number_and_is_not_told_of()
    {
        string? failure = null;
        Exporter exporter = Make(new FakeCollector("some", [Number], _ => throw (failure is null
            ? new CollectorException("it has not been read yet") { IsPending = true }
            : new CollectorException(failure))));
        Assert.Contains("\novs_offload_collector_success{collector=\"some\"} 0\n", await ScrapeAsync(exporter));
        Assert.Empty(_turns);

        failure = "no such file";
        await ScrapeAsync(exporter);
        Assert.Equal(("some", "no such file"), Assert.Single(_turns));
    }

    [Fact]
    public async Task A_collector_that_fails_says_since_when()
    {
        bool fails = false;
        Exporter exporter = Make(new FakeCollector("some", [Past], _ => fails
            ? throw new IOException("gone")
            : Task.FromResult<ImmutableArray<Sample>>([])));
        string line = $"\novs_offload_collector_last_success_timestamp_seconds{{collector=\"some\"}} "
            + $"{FakeTime.Start.ToUnixTimeSeconds()}\n";
        Assert.Contains(line, await ScrapeAsync(exporter));
        fails = true;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains(line, await ScrapeAsync(exporter));
    }

    [Fact]
    public async Task A_removed_object_is_absent_from_the_next_scrape()
    {
        var vfs = MetricFamily.Gauge("vfs", "VFs", "pf");
        ImmutableArray<Sample> samples = [vfs.Of(1, "0000:3b:00.0"), vfs.Of(2, "0000:3b:00.1")];
        Exporter exporter = Make(new FakeCollector("some", [vfs], _ => Task.FromResult(samples)));
        Assert.Contains("0000:3b:00.1", await ScrapeAsync(exporter));
        samples = [samples[0]];
        Assert.DoesNotContain("0000:3b:00.1", await ScrapeAsync(exporter));
    }

    private static FakeCollector Works(string name) =>
        new(name, [Number], _ => Task.FromResult<ImmutableArray<Sample>>([Number.Of(1)]));

    private Task<string> ScrapeAsync(params ICollector[] collectors) => ScrapeAsync(Make(collectors));

    private Exporter Make(params ICollector[] collectors) => Make(_ => true, collectors);

    private Exporter Make(Func<string, bool> isOn, params ICollector[] collectors) =>
        new([.. collectors], isOn, (name, failure) => _turns.Add((name, failure)), new ExporterOptions(), _time);

    private static async Task<string> ScrapeAsync(Exporter exporter)
    {
        using var stream = new MemoryStream();
        var output = PipeWriter.Create(stream);
        await exporter.ScrapeAsync(output, ExpositionFormat.PrometheusText, TestContext.Current.CancellationToken);
        await output.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class FakeCollector(
        string name,
        ImmutableArray<MetricFamily> families,
        Func<CancellationToken, Task<ImmutableArray<Sample>>> collect) : ICollector
    {
        public CollectorDeclaration Declaration { get; } = new(name, families);

        public Task<ImmutableArray<Sample>> CollectAsync(CancellationToken cancellation) => collect(cancellation);
    }
}
