using OvsOffload.Os;


namespace OvsOffload.Service;

/// <summary>
/// Keeps something going that ends when the other side goes away: a watch of a daemon or of the kernel.
/// </summary>
internal static class Follow
{
    /// <summary>
    /// Waits before it is begun again. 1 s doubling to 10 s: to ask for a socket that is not there costs nothing.
    /// </summary>
    private static readonly RetryOptions Waits = new()
    {
        Delay = TimeSpan.FromSeconds(1),
        LongestDelay = TimeSpan.FromSeconds(10),
    };

    /// <summary>What lasted longer than the longest wait has stood, and its waits begin anew.</summary>
    private static readonly RetryOptions AfterStanding = new() { Delay = Waits.Delay };

    /// <summary>Begins again whenever it ends, until it is cancelled.</summary>
    /// <param name="what">What is followed, for the log: <c>the watch of links</c>.</param>
    /// <param name="follow">Follows until it breaks off.</param>
    /// <param name="log">Told once of each new reason.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task ForeverAsync(
        string what,
        Func<CancellationToken, Task> follow,
        ServiceLog log,
        TimeProvider time,
        CancellationToken cancellation)
    {
        string? said = null;
        return AfterStanding.UntilAsync(
            series => Waits.UntilAsync(FollowOnceAsync, stood => stood, time, series), _ => false, time, cancellation);

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

            bool stood = time.GetElapsedTime(start) > Waits.LongestDelay;
            if (stood || why != said)
            {
                log(LogPriority.Warning, $"lost {what}; reconnecting: {why}");
                said = why;
            }

            return stood;
        }
    }
}
