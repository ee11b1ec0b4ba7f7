using OvsOffload.Os;


namespace OvsOffload.Metrics;

/// <summary>
/// How collectors take readings: a failed one fails the collector, so that it never becomes a number.
/// </summary>
internal static class CollectorReading
{
    /// <summary>The value, or null when the thing is not there.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="what">What it is a reading of, for the message.</param>
    /// <exception cref="CollectorException">It could not be read.</exception>
    public static T? OrNull<T>(this Reading<T> reading, string what)
        where T : class => reading.Match<T?>(value => value, _ => null, why => throw Failed(what, why));

    /// <summary>The value, or null when the thing is not there.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="what">What it is a reading of, for the message.</param>
    /// <exception cref="CollectorException">It could not be read.</exception>
    public static T? OrNone<T>(this Reading<T> reading, string what)
        where T : struct => reading.Match<T?>(value => value, _ => null, why => throw Failed(what, why));

    /// <summary>The value.</summary>
    /// <param name="reading">The reading, whose reason says what it is of.</param>
    /// <exception cref="CollectorException">There is none.</exception>
    public static T OrFail<T>(this Reading<T> reading) =>
        reading.TryGet(out T? value) ? value : throw new CollectorException(reading.Why);

    private static CollectorException Failed(string what, string why) => new($"{what}: {why}");
}
