using System.Collections.Immutable;
using System.IO.Pipelines;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Metrics;

/// <summary>What bounds a scrape.</summary>
internal sealed record ExporterOptions
{
    /// <summary>
    /// The longest a collector may take. Default 2 s: Prometheus itself gives up after 10 s by default.
    /// </summary>
    public TimeSpan CollectorTimeout { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// All collectors side by side, each with a time limit and each on its own: one that fails or hangs says so and holds
/// nothing up. Safe for concurrent use. Dispose ends it, once no scrape is under way.
/// </summary>
/// <param name="collectors">The collectors, in the order of the exposition.</param>
/// <param name="isOn">Whether the collector of this name is switched on.</param>
/// <param name="changed">Told when a collector begins to fail (why) and when it works again (null).</param>
/// <param name="options">The bounds.</param>
/// <param name="time">The clock.</param>
internal sealed class Exporter(
    ImmutableArray<ICollector> collectors,
    Func<string, bool> isOn,
    Action<string, string?> changed,
    ExporterOptions options,
    TimeProvider time) : IDisposable
{
    /// <summary>The exporter's word about its collectors.</summary>
    public static readonly CollectorDeclaration Declaration = new(
        "exporter", [Families.Success, Families.Duration, Families.LastSuccess]);

    private readonly ImmutableArray<SingleFlight> _flights =
        [.. collectors.Select(collector => new SingleFlight(collector))];

    private readonly MetricsRegistry _registry =
        new(collectors.Select(collector => collector.Declaration).Append(Declaration).SelectMany(one => one.Families));

    /// <summary>Collects everything and writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="format">How.</param>
    /// <param name="cancellation">Ends the wait for the collectors.</param>
    public async Task ScrapeAsync(
        PipeWriter output, ExpositionFormat format, CancellationToken cancellation)
    {
        Outcome[] outcomes = await Task.WhenAll(
            _flights.Where(flight => isOn(flight.Name)).Select(flight => CollectAsync(flight, cancellation)));
        await _registry.ExportAsync(
            outcomes.SelectMany(outcome => outcome.Samples).Concat(outcomes.SelectMany(OwnSamples)),
            output,
            format,
            cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _registry.Dispose();

    private static IEnumerable<Sample> OwnSamples(Outcome outcome)
    {
        string name = outcome.Declaration.Name;
        yield return Families.Success.Of(outcome.Failure is null, name);
        yield return Families.Duration.Of(outcome.Took.TotalSeconds, name);
        if (outcome.LastSuccess is { } at)
        {
            yield return Families.LastSuccess.Of(at.ToUnixTimeMilliseconds() / 1000.0, name);
        }
    }

    private async Task<Outcome> CollectAsync(SingleFlight flight, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        ImmutableArray<Sample> samples = [];
        string? failure = null;
        bool notYet = false;
        try
        {
            samples = await flight.CollectAsync(options.CollectorTimeout, time, cancellation);
        }
        catch (TimeoutException)
        {
            failure = $"timed out after {options.CollectorTimeout.TotalSeconds:0.###} s";
        }
        catch (CollectorException exception)
        {
            samples = exception.StillTrue;
            failure = exception.Message;
            notYet = exception.IsPending;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            failure = exception.Message;
        }

        if (Undeclared(samples, flight.Declaration) is { } family)
        {
            (samples, failure, notYet) = ([], $"a sample of {family}, which the collector does not declare", false);
        }

        DateTimeOffset? last = flight.LastSuccess(failure is null ? time.GetUtcNow() : null);
        if (!notYet && flight.HasChanged(failure))
        {
            changed(flight.Name, failure);
        }

        return new Outcome(flight.Declaration, samples, failure, time.GetElapsedTime(start), last);
    }

    private static MetricFamily? Undeclared(ImmutableArray<Sample> samples, CollectorDeclaration declaration)
    {
        // Those of a family come one after the other, by the hundred.
        MetricFamily? declared = null;
        foreach (Sample sample in samples)
        {
            if (sample.Family == declared)
            {
                continue;
            }

            declared = sample.Family;
            if (!declaration.Families.Contains(declared))
            {
                return declared;
            }
        }

        return null;
    }

    private sealed record Outcome(
        CollectorDeclaration Declaration,
        ImmutableArray<Sample> Samples,
        string? Failure,
        TimeSpan Took,
        DateTimeOffset? LastSuccess);

    /// <summary>Families of the exporter itself.</summary>
    private static class Families
    {
        public static readonly MetricFamily Success = MetricFamily.Gauge(
            "collector_success",
            "Whether the collector could read everything; what it could not read has no sample",
            "collector");

        public static readonly MetricFamily Duration = MetricFamily.Gauge(
            "collector_duration_seconds", "Duration of the collector in this scrape", "collector");

        public static readonly MetricFamily LastSuccess = MetricFamily.Gauge(
            "collector_last_success_timestamp_seconds",
            "Time of the collector's last success; absent before the first", "collector");
    }
}
