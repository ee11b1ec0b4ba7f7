using System.Collections.Immutable;

namespace OvsOffload.Metrics;

/// <summary>A collector could not read what it needs.</summary>
/// <param name="message">What could not be read, and why.</param>
internal sealed class CollectorException(string message) : Exception(message)
{
    /// <summary>
    /// Whether nothing has failed yet: what it needs has not been read for the first time. There is no number to show,
    /// and nothing to be told of.
    /// </summary>
    public bool IsPending { get; init; }

    /// <summary>
    /// Samples that are true all the same: times and counters of what is past, and what was read whole of other
    /// objects. Never a number of the object that could not be read.
    /// </summary>
    public ImmutableArray<Sample> StillTrue { get; init; } = [];
}
