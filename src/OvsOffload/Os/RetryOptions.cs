using Polly;
using Polly.Retry;

namespace OvsOffload.Os;

/// <summary>
/// How often, and with which waits, something is tried again. The one way in which this program repeats an attempt; the
/// attempts are Polly's, which refuses options out of their range.
/// </summary>
internal sealed record RetryOptions
{
    /// <summary>Attempts after the first. Default <see cref="int.MaxValue"/>, without end. 1 and more.</summary>
    public int Retries { get; init; } = int.MaxValue;

    /// <summary>The wait after the first attempt; every other is twice the one before. Default 1 s. 0 s to 1
    /// day.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait. Default <see cref="Delay"/>: all are the same. 0 s to 1 day.</summary>
    public TimeSpan? LongestDelay { get; init; }

    /// <summary>Counted from the first attempt; after it no other begins, and one that is under way goes on. Default
    /// none. More than 0 s.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Tries until a result is the one that is waited for.</summary>
    /// <returns>The last result, whether it is the one or not. A failure is not tried again.</returns>
    public async Task<T> UntilAsync<T>(
        Func<CancellationToken, Task<T>> attempt, Func<T, bool> isDone, TimeProvider time,
        CancellationToken cancellation) =>
        await Pipeline(outcome => outcome.Exception is null && !isDone((T)outcome.Result!), time)
            .ExecuteAsync(async token => await attempt(token), cancellation);

    /// <summary>Tries until there is no failure.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="isTransient">Whether another attempt may go better after this failure.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the attempt, or the wait for the next.</param>
    /// <exception cref="Exception">The failure of the last attempt.</exception>
    public async Task<T> WhileFailingAsync<T>(
        Func<CancellationToken, Task<T>> attempt, Func<Exception, bool> isTransient, TimeProvider time,
        CancellationToken cancellation) =>
        await Pipeline(outcome => outcome.Exception is { } failure && isTransient(failure), time)
            .ExecuteAsync(async token => await attempt(token), cancellation);

    /// <summary>
    /// The wait after so many attempts, none after zero: Polly's, for an event loop that looks at the world anew in
    /// between and does not repeat one attempt.
    /// </summary>
    public TimeSpan After(int attempts)
    {
        // 2^62 ticks are 14 000 years, so the product stays a number.
        double ticks = attempts <= 0 ? 0 : Delay.Ticks * Math.Pow(2, Math.Min(attempts - 1, 62));
        TimeSpan longest = LongestDelay ?? Delay;
        return ticks < longest.Ticks ? TimeSpan.FromTicks((long)ticks) : longest;
    }

    /// <summary>
    /// The wait while something has lasted so long already: the longest of the doubling waits that is not longer than
    /// that. However often it is asked for in between, it grows with the time alone.
    /// </summary>
    public TimeSpan After(TimeSpan lasted)
    {
        int doublings = lasted > Delay ? (int)Math.Log2(lasted / Delay) : 0;
        return After(doublings + 1);
    }

    private ResiliencePipeline Pipeline(Func<Outcome<object>, bool> isTriedAgain, TimeProvider time)
    {
        long begin = time.GetTimestamp();
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    (Limit is null || time.GetElapsedTime(begin) <= Limit) && isTriedAgain(arguments.Outcome)),
                MaxRetryAttempts = Retries,
                Delay = Delay,
                MaxDelay = LongestDelay ?? Delay,
                BackoffType = DelayBackoffType.Exponential,
            })
            .Build();
    }
}
