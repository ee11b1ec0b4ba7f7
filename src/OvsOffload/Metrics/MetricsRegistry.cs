using System.IO.Pipelines;
using Prometheus;

namespace OvsOffload.Metrics;

/// <summary>
/// The registry behind <c>/metrics</c>. It is kept from scrape to scrape, so that a series that stays costs no more
/// than its value, and holds what the last scrape gave and nothing else. Safe for concurrent use: scrapes are filled in
/// and written out one after the other.
/// </summary>
internal sealed class MetricsRegistry : IDisposable
{
    /// <summary>
    /// Holds a whole exposition, hundreds of kilobytes with hundreds of VFs, so that a slow client does not hold up the
    /// next one.
    /// </summary>
    private static readonly PipeOptions Unbounded = new(pauseWriterThreshold: 0, minimumSegmentSize: 64 * 1024);

    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly Dictionary<MetricFamily, FamilySeries> _families;
    private readonly SemaphoreSlim _lock = new(1, 1);

    /// <summary>Makes a registry without a series.</summary>
    /// <param name="families">Every family that samples may be of, in the order of the exposition.</param>
    public MetricsRegistry(IEnumerable<MetricFamily> families)
    {
        MetricFactory factory = Prometheus.Metrics.WithCustomRegistry(_registry);
        _families = families.ToDictionary(family => family, family => new FamilySeries(family, factory));
    }

    /// <summary>Takes the samples of a scrape for all that there is, and writes them.</summary>
    /// <param name="samples">The samples; where two have the same labels the last one counts.</param>
    /// <param name="output">Where to; what is written is flushed.</param>
    /// <param name="format">How.</param>
    /// <param name="cancellation">Ends the wait for other scrapes and for the client.</param>
    /// <exception cref="KeyNotFoundException">A sample is of none of the families.</exception>
    public async Task ExportAsync(
        IEnumerable<Sample> samples, PipeWriter output, ExpositionFormat format, CancellationToken cancellation)
    {
        var exposition = new Pipe(Unbounded);
        await _lock.WaitAsync(cancellation);
        try
        {
            Fill(samples);
            await _registry.CollectAndExportAsTextAsync(exposition.Writer.AsStream(), format, cancellation);
        }
        finally
        {
            _lock.Release();
        }

        await exposition.Writer.CompleteAsync();
        await exposition.Reader.CopyToAsync(output, cancellation);
        await exposition.Reader.CompleteAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private void Fill(IEnumerable<Sample> samples)
    {
        // Those of a family come one after the other, by the hundred.
        MetricFamily? last = null;
        FamilySeries? series = null;
        foreach (Sample sample in samples)
        {
            series = series is not null && sample.Family == last ? series : _families[sample.Family];
            last = sample.Family;
            series.Add(sample);
        }

        foreach (FamilySeries family in _families.Values)
        {
            family.Show();
        }
    }
}
