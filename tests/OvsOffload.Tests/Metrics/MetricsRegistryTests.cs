using System.IO.Pipelines;
using System.Text;
using OvsOffload.Metrics;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Tests.Metrics;

public sealed class MetricsRegistryTests : IDisposable
{
    private static readonly MetricFamily Vfs = MetricFamily.Gauge("vfs", "VFs of the PF", "pf");
    private static readonly MetricFamily Bytes = MetricFamily.Counter("bytes_total", "Bytes", "pf", "device");
    private static readonly MetricFamily Up = MetricFamily.Gauge("up", "Whether it runs");
    private static readonly MetricFamily Turns = MetricFamily.Counter("turns_total", "Turns");

    private readonly MetricsRegistry _registry = new([Vfs, Bytes, Up, Turns]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _registry.Dispose();

    [Theory]
    [InlineData(ExpositionFormat.PrometheusText)]
    [InlineData(ExpositionFormat.OpenMetricsText)]
    public async Task Without_a_sample_a_family_has_no_series_and_above_all_no_zero(ExpositionFormat format) =>
        Assert.Empty((await ShownAsync(format)).Series);

    [Fact]
    public async Task A_family_has_its_help_its_type_and_its_samples_in_one_place()
    {
        Assert.Equal(
            """
            # HELP ovs_offload_vfs VFs of the PF
            # TYPE ovs_offload_vfs gauge
            ovs_offload_vfs{pf="0000:3b:00.0"} 16
            ovs_offload_vfs{pf="0000:3b:00.1"} 0
            # HELP ovs_offload_bytes_total Bytes
            # TYPE ovs_offload_bytes_total counter
            ovs_offload_bytes_total{pf="0000:3b:00.0",device="eth4"} 4096
            # HELP ovs_offload_up Whether it runs
            # TYPE ovs_offload_up gauge
            ovs_offload_up 1
            # HELP ovs_offload_turns_total Turns
            # TYPE ovs_offload_turns_total counter
            ovs_offload_turns_total 0

            """,
            await TextAsync(
                ExpositionFormat.PrometheusText,
                Vfs.Of(16, "0000:3b:00.0"),
                Bytes.Of(4096, "0000:3b:00.0", "eth4"),
                Vfs.Of(0, "0000:3b:00.1"),
                Turns.Of(0),
                Up.Of(true)));
    }

    [Fact]
    public async Task OpenMetrics_names_counters_without_their_ending_and_ends() => Assert.EndsWith(
        """
        # HELP ovs_offload_turns Turns
        # TYPE ovs_offload_turns counter
        ovs_offload_turns_total 3.0
        # EOF

        """,
        await TextAsync(ExpositionFormat.OpenMetricsText, Turns.Of(3)));

    [Theory]
    [InlineData(ExpositionFormat.PrometheusText)]
    [InlineData(ExpositionFormat.OpenMetricsText)]
    public async Task Backslash_quote_and_newline_are_escaped_in_label_values(ExpositionFormat format) =>
        Assert.Contains(
            "{pf=\"a\\\\b\",device=\"we\\\"ird,{x}\\né\"} 12.5\n",
            await TextAsync(format, Bytes.Of(12.5, "a\\b", "we\"ird,{x}\né")));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(0.001)]
    [InlineData(-1.5)]
    [InlineData(1763655821.25)]
    [InlineData(9007199254740991)]
    [InlineData(1.2345678901234567e19)]
    [InlineData(double.MinValue)]
    [InlineData(double.Epsilon)]
    public async Task A_number_is_read_as_it_was_written(double value)
    {
        foreach (ExpositionFormat format in Enum.GetValues<ExpositionFormat>())
        {
            Assert.Equal(value, (await ShownAsync(format, Up.Of(value))).Series["ovs_offload_up"]);
        }
    }

    [Fact]
    public async Task A_sample_that_is_not_given_again_disappears()
    {
        await ShownAsync(
            Vfs.Of(1, "a"), Vfs.Of(2, "b"), Vfs.Of(3, "c"), Bytes.Of(4, "a", "x"), Up.Of(true), Turns.Of(5));

        Assert.Equal(["ovs_offload_vfs{pf=\"b\"} 7"], await LinesAsync(Vfs.Of(7, "b")));
    }

    [Fact]
    public async Task A_series_that_returns_has_only_its_new_value()
    {
        await ShownAsync(Bytes.Of(100, "a", "x"), Turns.Of(100), Up.Of(100));
        await ShownAsync();

        Assert.Equal(
            ["ovs_offload_bytes_total{pf=\"a\",device=\"x\"} 0", "ovs_offload_up 0", "ovs_offload_turns_total 3"],
            await LinesAsync(Bytes.Of(0, "a", "x"), Turns.Of(3), Up.Of(0)));
    }

    [Fact]
    public async Task Values_stay_with_their_labels_in_whatever_order_they_come()
    {
        await ShownAsync(Vfs.Of(1, "a"), Vfs.Of(2, "b"), Vfs.Of(3, "c"));

        Exposition shown = await ShownAsync(Vfs.Of(30, "c"), Vfs.Of(40, "d"), Vfs.Of(10, "a"));

        Assert.Equal(3, shown.Series.Count);
        Assert.Equal(10, shown.Series["ovs_offload_vfs{pf=\"a\"}"]);
        Assert.Equal(30, shown.Series["ovs_offload_vfs{pf=\"c\"}"]);
        Assert.Equal(40, shown.Series["ovs_offload_vfs{pf=\"d\"}"]);
    }

    [Fact]
    public async Task A_counter_that_fell_shows_what_it_counts_now_and_goes_on_from_there()
    {
        string[] series = ["ovs_offload_bytes_total{pf=\"a\",device=\"x\"}", "ovs_offload_turns_total"];
        foreach (double value in (double[])[100, 200, 7, 8, 0, 300])
        {
            Exposition shown = await ShownAsync(Bytes.Of(value, "a", "x"), Bytes.Of(1000, "a", "y"), Turns.Of(value));
            Assert.Equal(3, shown.Series.Count);
            Assert.All(series, one => Assert.Equal(value, shown.Series[one]));
        }
    }

    [Fact]
    public async Task Of_two_samples_with_the_same_labels_the_last_one_is_shown_also_when_a_counter_fell()
    {
        foreach (double value in (double[])[100, 200, 7, 8])
        {
            Assert.Equal(
                [$"ovs_offload_turns_total {value - 1}"], await LinesAsync(Turns.Of(value), Turns.Of(value - 1)));
        }

        Assert.Equal(["ovs_offload_turns_total 3"], await LinesAsync(Turns.Of(3)));
        Assert.Equal(["ovs_offload_turns_total 4"], await LinesAsync(Turns.Of(4)));
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_each_show_their_own_samples()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(scraper => Task.Run(
            async () =>
            {
                for (int round = 0; round < 50; round++)
                {
                    // As many series as the scraper's number, each with this number: counters fall and grow.
                    Sample[] samples =
                    [
                        .. Enumerable.Range(0, scraper).Select(pf => Vfs.Of(scraper, $"{pf}")),
                        .. Enumerable.Range(0, scraper).Select(pf => Bytes.Of(scraper, $"{pf}", "x")),
                    ];
                    Exposition shown = await ShownAsync(samples);
                    Assert.Equal(2 * scraper, shown.Series.Count);
                    Assert.All(shown.Series.Values, value => Assert.Equal(scraper, value));
                }
            },
            Token)));
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_no_other()
    {
        var full = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        Task waits = _registry.ExportAsync([Up.Of(true)], full.Writer, ExpositionFormat.PrometheusText, Token);
        Assert.False(waits.IsCompleted);

        Assert.Equal(["ovs_offload_up 0"], await LinesAsync(Up.Of(false)));

        using var text = new MemoryStream();
        Task reads = full.Reader.CopyToAsync(text, Token);
        await waits;
        await full.Writer.CompleteAsync();
        await reads;
        Assert.Contains("\novs_offload_up 1\n", Encoding.UTF8.GetString(text.ToArray()));
    }

    private Task<Exposition> ShownAsync(params Sample[] samples) =>
        ShownAsync(ExpositionFormat.PrometheusText, samples);

    private async Task<Exposition> ShownAsync(ExpositionFormat format, params Sample[] samples) =>
        Exposition.Parse(await TextAsync(format, samples));

    private async Task<string[]> LinesAsync(params Sample[] samples) =>
    [
        .. (await TextAsync(ExpositionFormat.PrometheusText, samples))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')),
    ];

    private async Task<string> TextAsync(ExpositionFormat format, params Sample[] samples)
    {
        using var stream = new MemoryStream();
        var output = PipeWriter.Create(stream);
        await _registry.ExportAsync(samples, output, format, Token);
        await output.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
