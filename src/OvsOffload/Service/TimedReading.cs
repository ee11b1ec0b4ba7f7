using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Os;

namespace OvsOffload.Service;

/// <summary>
/// Reads something on a timer, one reading at a time, because it is too dear for every scrape. A reading that failed
/// leaves no value.
/// </summary>
/// <param name="read">Reads.</param>
/// <param name="options">How often, and which share of the time at most.</param>
/// <param name="heartbeat">The sign of life.</param>
/// <param name="time">The clock.</param>
internal sealed class TimedReading<T>(
    Func<CancellationToken, Task<T>> read, Func<FlowDumpIntent> options, Heartbeat heartbeat, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly Outcome IsPending = new(Reading.Failed<T>("not read yet"));

    private readonly ChangeSignal _asked =
        new(new ChangeOptions { Quiet = TimeSpan.Zero, Longest = TimeSpan.Zero }, time);

    private Outcome _last = IsPending;

    /// <summary>The last value.</summary>
    /// <exception cref="CollectorException">The last reading failed, or there was none yet.</exception>
    public T Value
    {
        get
        {
            Outcome last = Volatile.Read(ref _last);
            return last.Reading.TryGet(out T? value)
                ? value
                : throw new CollectorException(last.Reading.Why) { IsPending = ReferenceEquals(last, IsPending) };
        }
    }

    /// <summary>The last value, or why there is none.</summary>
    public Reading<T> Last => Volatile.Read(ref _last).Reading;

    /// <summary>Reads until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        EventLoop.RunAsync(RoundAsync, (length, token) => _asked.WaitAsync(length, token), cancellation);

    /// <summary>Reads again at once, whatever the timer says; after a reading that is under way.</summary>
    public void Now() => _asked.Raise("asked for", urgent: true);

    private async Task<TimeSpan?> RoundAsync(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        heartbeat.Begin("reading", Limit);
        try
        {
            Volatile.Write(ref _last, new Outcome(Reading.Known(await read(cancellation))));
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Volatile.Write(ref _last, new Outcome(Reading.Failed<T>(failure.Message)));
        }

        heartbeat.End();
        TimeSpan took = time.GetElapsedTime(start);
        TimeSpan share = took / options().Duty;
        TimeSpan next = share > options().Interval ? share : options().Interval;
        return next - took;
    }

    /// <summary>A reference, so that it changes hands in one piece.</summary>
    private sealed record Outcome(Reading<T> Reading);
}
