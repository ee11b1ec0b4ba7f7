using System.Collections.Immutable;
using System.IO.Pipelines;
using OvsOffload.Page;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Service;

/// <summary>Writes an exposition.</summary>
internal delegate Task Scrape(PipeWriter output, ExpositionFormat format, CancellationToken cancellation);

/// <summary>What the HTTP end answers with.</summary>
/// <param name="Scrape">Writes the exposition.</param>
/// <param name="Problems">What is wrong with the service; empty while it is healthy.</param>
internal sealed record MetricsPages(Scrape Scrape, Func<ImmutableArray<string>> Problems)
{
    /// <summary>The status page, <see cref="StatusPage"/>; null where there is none.</summary>
    public Func<string>? Status { get; init; }
}
