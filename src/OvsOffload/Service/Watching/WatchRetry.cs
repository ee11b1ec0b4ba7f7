using OvsOffload.Os;


namespace OvsOffload.Service;

/// <summary>
/// Keeps something going that ends when the other side goes away: a watch of a daemon or of the kernel.
/// </summary>
internal static class WatchRetry
{
    /// <summary>
    /// Waits before it is begun again. 1 s doubling to 10 s: to ask for a socket that is not there costs nothing.
    /// </summary>
    private static readonly RetryOptions Backoff = new()
    {
        Delay = TimeSpan.FromSeconds(1),
        LongestDelay = TimeSpan.FromSeconds(10),
    };

    /// <summary>What lasted longer than the longest wait counts as stable, and its waits start over.</summary>
    private static readonly RetryOptions AfterLongRun = new() { Delay = Backoff.Delay };

    /// <summary>Begins again whenever it ends, until it is cancelled.</summary>
    /// <param name="what">What is followed, for the log: <c>the watch of links</c>.</param>
    /// <param name="follow">Follows until it breaks off.</param>
    /// <param name="log">Told once of each new reason.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task RunForeverAsync(
        string what,
        Func<CancellationToken, Task> follow,
        ServiceLog log,
        TimeProvider time,
        CancellationToken cancellation)
    {
        string? said = null;
        return AfterLongRun.UntilAsync(
            series =>
                Backoff.UntilAsync(FollowOnceAsync, lasted => lasted, time, series), _ => false, time, cancellation);

        async Task<bool> FollowOnceAsync(CancellationToken token)
        {
            long start = time.GetTimestamp();
            string why = "it ended";
            try
            {
                await follow(token);
            }
            catch (Exception failure) when (!token.IsCancellationRequested)
            {
                why = failure.Message;
            }

            bool lasted = time.GetElapsedTime(start) > Backoff.LongestDelay;
            if (lasted || why != said)
            {
                log(LogPriority.Warning, $"lost {what}; reconnecting: {why}");
                said = why;
            }

            return lasted;
        }
    }
}
