using OvsOffload.Metrics;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Tests.Metrics;

/// <summary>What Prometheus gets from whole hosts.</summary>
public sealed class ScrapedHostTests
{
    /// <summary>What series of checks begin with: which checks there are is the catalogue's matter.</summary>
    private const string OfChecks = "ovs_offload_check_";

    private const string OfTheExporter = "ovs_offload_collector_";

    public static TheoryData<string> Names => [.. FixtureHosts.All.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ConnectX-5")]
    [InlineData("ConnectX-7 with a bond")]
    [InlineData("I350")]
    public async Task The_series_of_a_host_are_those_that_dashboards_stand_on(string name)
    {
        using ScrapedHost host = await ScrapedHost.ReadAsync(FixtureHosts.All[name]);

        var shown = Exposition.Parse(await host.ScrapeAsync(ExpositionFormat.PrometheusText));

        Assert.Empty(host.Failures);
        string file = Path.Combine(
            Repository.Root, "tests/OvsOffload.Tests/Fixtures/Series", $"{name.Replace(' ', '-')}.txt");
        Assert.Equal(
            await File.ReadAllLinesAsync(file, Token),
            shown.Series.Keys.Where(series => !Begins(series, OfChecks)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Both_formats_show_every_sample_once_with_its_value_and_nothing_else(string name)
    {
        using ScrapedHost host = await ScrapedHost.ReadAsync(FixtureHosts.All[name]);
        var samples = new List<Sample>();
        foreach (ICollector collector in host.Collectors)
        {
            samples.AddRange(await collector.CollectAsync(Token));
        }

        var expected = samples.ToDictionary(Exposition.NameOf, sample => sample.Value);
        foreach (ExpositionFormat format in Enum.GetValues<ExpositionFormat>())
        {
            var shown = Exposition.Parse(await host.ScrapeAsync(format));
            Assert.Equal(
                expected.OrderBy(pair => pair.Key, StringComparer.Ordinal),
                shown.Series.Where(pair => !Begins(pair.Key, OfTheExporter))
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal(
                host.Collectors.Select(
                    collector => $"{OfTheExporter}success{{collector=\"{collector.Declaration.Name}\"}}"),
                shown.Series.Where(pair => Begins(pair.Key, $"{OfTheExporter}success") && pair.Value == 1)
                    .Select(pair => pair.Key));
        }
    }

    private static bool Begins(string series, string name) => series.StartsWith(name, StringComparison.Ordinal);
}
