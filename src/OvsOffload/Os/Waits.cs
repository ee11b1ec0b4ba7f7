namespace OvsOffload.Os;

/// <summary>
/// Goes round until it is over: timed readings, screens, watches. A round says when the next one is due; it is no
/// repeated attempt, of which <see cref="RetryOptions"/> are.
/// </summary>
internal static class EventLoop
{
    /// <summary>Goes round by the clock.</summary>
    /// <param name="round">As below.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task RunAsync(
        Func<CancellationToken, Task<TimeSpan?>> round, TimeProvider time, CancellationToken cancellation) =>
        RunAsync(round, (length, token) => Task.Delay(length, time, token), cancellation);

    /// <summary>Goes round with waits that something else than the time may end.</summary>
    /// <param name="round">
    /// Does something, and gives the time until the next round: none where it is over already (zero or less), for ever
    /// where it is <see cref="Timeout.InfiniteTimeSpan"/>. Null ends the loop.
    /// </param>
    /// <param name="wait">Waits for so long, or shorter.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(
        Func<CancellationToken, Task<TimeSpan?>> round,
        Func<TimeSpan, CancellationToken, Task> wait,
        CancellationToken cancellation)
    {
        while (await round(cancellation) is { } length)
        {
            cancellation.ThrowIfCancellationRequested();
            if (length > TimeSpan.Zero || length == Timeout.InfiniteTimeSpan)
            {
                await wait(length, cancellation);
            }
        }
    }
}

/// <summary>A bounded time to wait, together with the caller's own wish to stop; which of the two it was can be
/// told.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeSpan _length;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _caller;

    public Deadline(TimeSpan length, TimeProvider time, CancellationToken caller)
    {
        _length = length;
        _caller = caller;
        _timer = new CancellationTokenSource(length, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    /// <summary>Cancelled when the time is over or the caller wants to stop.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>True when the time is over and the caller did not want to stop.</summary>
    public bool TimedOut => _timer.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Grants the whole time again.</summary>
    public void Restart() => _timer.CancelAfter(_length);

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
