using System.Collections.Immutable;

namespace OvsOffload.Metrics;

/// <summary>
/// A collector as data: its name, by which it can be switched off, and every family that it may give.
/// </summary>
/// <param name="Name">The name in <c>metrics.collectors</c> and in the label <c>collector</c>.</param>
/// <param name="Families">The families, in the order of the exposition.</param>
internal sealed record CollectorDeclaration(string Name, ImmutableArray<MetricFamily> Families);

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

/// <summary>A collector made of a reading and a pure function from what was read to samples.</summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="declaration">Its name and families.</param>
/// <param name="read">Reads.</param>
/// <param name="samples">The samples of what was read; throws <see cref="CollectorException"/> where it is
/// incomplete.</param>
internal sealed class Collector<T>(
    CollectorDeclaration declaration,
    Func<CancellationToken, Task<T>> read,
    Func<T, IEnumerable<Sample>> samples) : ICollector
{
    /// <inheritdoc/>
    public CollectorDeclaration Declaration => declaration;

    /// <inheritdoc/>
    public async Task<ImmutableArray<Sample>> CollectAsync(CancellationToken cancellation) =>
        [.. samples(await read(cancellation))];
}

/// <summary>A collector could not read what it needs.</summary>
/// <param name="message">What could not be read, and why.</param>
internal sealed class CollectorException(string message) : Exception(message)
{
    /// <summary>
    /// Whether nothing has failed yet: what it needs has not been read for the first time. There is no number to show,
    /// and nothing to be told of.
    /// </summary>
    public bool NotYet { get; init; }

    /// <summary>
    /// Samples that are true all the same: times and counters of what is past, and what was read whole of other
    /// objects. Never a number of the object that could not be read.
    /// </summary>
    public ImmutableArray<Sample> StillTrue { get; init; } = [];
}
