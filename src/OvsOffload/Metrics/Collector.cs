using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Metrics;

/// <summary>
/// A collector as data: its name, by which it can be switched off, every family that it may give, and how it collects.
/// </summary>
/// <param name="Name">The name in <c>metrics.collectors</c> and in the label <c>collector</c>.</param>
/// <param name="Families">The families, in the order of the exposition.</param>
internal sealed record CollectorDeclaration(string Name, ImmutableArray<MetricFamily> Families)
{
    /// <summary>Reads, and gives the samples; see <see cref="ICollector.CollectAsync"/>. None by default.</summary>
    public Func<ScrapeSources, CancellationToken, Task<IEnumerable<Sample>>> Collect { get; init; } =
        (_, _) => Task.FromResult<IEnumerable<Sample>>([]);

    /// <summary>Declares a collector made of a reading and a pure function from what was read to samples.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="families">Its families.</param>
    /// <param name="read">Takes from the sources.</param>
    /// <param name="samples">The samples of what was read; throws <see cref="CollectorException"/> where it is
    /// incomplete.</param>
    public static CollectorDeclaration Of<T>(
        string name, ImmutableArray<MetricFamily> families, Func<ScrapeSources, CancellationToken, Task<T>> read,
        Func<T, IEnumerable<Sample>> samples) =>
        new(name, families)
        {
            Collect = async (sources, cancellation) => samples(await read(sources, cancellation)),
        };

    /// <summary>The same of what is at hand.</summary>
    public static CollectorDeclaration Of<T>(
        string name, ImmutableArray<MetricFamily> families, Func<ScrapeSources, T> take,
        Func<T, IEnumerable<Sample>> samples) =>
        Of(name, families, (sources, _) => Task.FromResult(take(sources)), samples);

    /// <summary>The same of a reading that fails the collector where it failed.</summary>
    public static CollectorDeclaration Of<T>(
        string name, ImmutableArray<MetricFamily> families,
        Func<ScrapeSources, CancellationToken, Task<Reading<T>>> read, Func<T, IEnumerable<Sample>> samples) =>
        Of(name, families, async (sources, cancellation) => (await read(sources, cancellation)).OrFail(), samples);
}

/// <summary>A group of metrics that come from one reading.</summary>
internal interface ICollector
{
    /// <summary>Its name and families.</summary>
    CollectorDeclaration Declaration { get; }

    /// <summary>
    /// Reads, and gives the samples; none when there is nothing of the kind on this host. Never waits on ovs-vswitchd.
    /// </summary>
    /// <exception cref="Exception">
    /// Something that should be readable was not; the message says what. No sample is shown then, but those of
    /// <see cref="CollectorException.StillTrue"/>.
    /// </exception>
    Task<ImmutableArray<Sample>> CollectAsync(CancellationToken cancellation);
}

/// <summary>A collector over what it takes from.</summary>
/// <param name="declaration">What it is.</param>
/// <param name="sources">What it takes from.</param>
internal sealed class Collector(CollectorDeclaration declaration, ScrapeSources sources) : ICollector
{
    /// <inheritdoc/>
    public CollectorDeclaration Declaration => declaration;

    /// <inheritdoc/>
    public async Task<ImmutableArray<Sample>> CollectAsync(CancellationToken cancellation) =>
        [.. await declaration.Collect(sources, cancellation)];
}
