using System.Diagnostics.CodeAnalysis;

namespace OvsOffload.Os;

/// <summary>What came of trying to read one fact of the host.</summary>
internal enum ReadingOutcome
{
    /// <summary>It should be readable and was not: permission, an I/O error, nonsense in the file. The default, so
    /// that a fact nobody read is never taken for a value.</summary>
    Failed = 0,

    /// <summary>The thing is not there on this host, which is normal: no such file, no such capability.</summary>
    Absent,

    /// <summary>The value was read.</summary>
    Known,
}

/// <summary>
/// One fact of the host as it was read: the value, or that there is none, or why it could not be read. A failed reading
/// never becomes zero, false or an empty list by itself; who wants a substitute says so with <see cref="ValueOr"/>.
/// </summary>
/// <remarks>Immutable. <c>default</c> is <see cref="ReadingOutcome.Failed"/> with the reason "was not read".</remarks>
internal readonly record struct Reading<T>
{
    private readonly T? _value;
    private readonly string? _why;

    internal Reading(ReadingOutcome outcome, T? value, string? why)
    {
        Outcome = outcome;
        _value = value;
        _why = why;
    }

    public ReadingOutcome Outcome { get; }

    public bool IsKnown => Outcome == ReadingOutcome.Known;

    public bool IsAbsent => Outcome == ReadingOutcome.Absent;

    public bool IsFailed => Outcome == ReadingOutcome.Failed;

    /// <summary>The value. Ask <see cref="IsKnown"/> or use <see cref="TryGet"/> first.</summary>
    /// <exception cref="InvalidOperationException">The value is absent or could not be read; the message says
    /// why.</exception>
    public T Value => TryGet(out T? value) ? value : throw new InvalidOperationException($"No value: {Why}");

    /// <summary>Why there is no value, in words for a human; empty when the value is known.</summary>
    public string Why => IsKnown ? "" : _why ?? "was not read";

    /// <summary>The same without the path that most reasons begin with, for a message that has named it.</summary>
    public string WhyOf(string path) =>
        Why.StartsWith(path + ": ", StringComparison.Ordinal) ? Why[(path.Length + 2)..] : Why;

    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return IsKnown;
    }

    /// <summary>The value, or <paramref name="substitute"/> when it is absent or could not be read.</summary>
    public T ValueOr(T substitute) => TryGet(out T? value) ? value : substitute;

    /// <summary>The value, or <c>default</c> of <typeparamref name="T"/> when there is none; meant for reference types
    /// and nullable values.</summary>
    public T? ValueOrDefault() => TryGet(out T? value) ? value : default;

    /// <summary>The same reading with its value converted; absent and failed stay what they are.</summary>
    public Reading<TResult> Map<TResult>(Func<T, TResult> convert) =>
        TryGet(out T? value) ? Reading.Known(convert(value)) : Without<TResult>();

    /// <summary>Reads on from the value; absent and failed stay what they are.</summary>
    public Reading<TResult> Then<TResult>(Func<T, Reading<TResult>> next) =>
        TryGet(out T? value) ? next(value) : Without<TResult>();

    /// <summary>A value that was to come of this one, where there is none: absent and failed stay what they
    /// are.</summary>
    /// <exception cref="InvalidOperationException">The value is known.</exception>
    public Reading<TResult> Without<TResult>() => IsKnown
        ? throw new InvalidOperationException("The value is known.")
        : new Reading<TResult>(Outcome, default, _why);

    /// <summary>One result from each of the three cases; both unknown cases get the reason.</summary>
    public TResult Match<TResult>(Func<T, TResult> known, Func<string, TResult> absent, Func<string, TResult> failed) =>
        Outcome switch
        {
            ReadingOutcome.Known => known(_value!),
            ReadingOutcome.Absent => absent(Why),
            _ => failed(Why),
        };

    public override string ToString() => Outcome switch
    {
        ReadingOutcome.Known => $"{_value}",
        ReadingOutcome.Absent => $"absent ({Why})",
        _ => $"unknown ({Why})",
    };

}

/// <summary>Makes readings: <c>Reading.Known(8)</c>, <c>Reading.Absent&lt;int&gt;("no SR-IOV
/// capability")</c>.</summary>
internal static class Reading
{
    public static Reading<T> Known<T>(T value) => new(ReadingOutcome.Known, value, null);

    public static Reading<T> Absent<T>(string why) => new(ReadingOutcome.Absent, default, why);

    public static Reading<T> Failed<T>(string why) => new(ReadingOutcome.Failed, default, why);
}
