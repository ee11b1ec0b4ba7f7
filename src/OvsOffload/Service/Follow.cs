namespace OvsOffload.Service;

/// <summary>
/// Keeps something going that ends when the other side goes away: a watch of a daemon or of the kernel.
/// </summary>
internal static class Follow
{
    /// <summary>
    /// Waits before it is begun again. 1 s doubling to 10 s: to ask for a socket that is not there costs nothing.
    /// </summary>
    private static readonly Backoff Wait = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    /// <summary>Begins again whenever it ends, until it is cancelled.</summary>
    /// <param name="what">What is followed, for the log: <c>the watch of links</c>.</param>
    /// <param name="follow">Follows until it breaks off.</param>
    /// <param name="log">Told once of each new reason.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task ForeverAsync(
        string what,
        Func<CancellationToken, Task> follow,
        ServiceLog log,
        TimeProvider time,
        CancellationToken cancellation)
    {
        string? said = null;
        for (int attempts = 1; ; attempts++)
        {
            long start = time.GetTimestamp();
            string why = "it ended";
            try
            {
                await follow(cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                why = failure.Message;
            }

            if (time.GetElapsedTime(start) > Wait.Longest)
            {
                (attempts, said) = (1, null);
            }

            if (why != said)
            {
                log(LogPriority.Warning, $"{what} broke off, it is begun again: {why}");
                said = why;
            }

            await Task.Delay(Wait.After(attempts), time, cancellation);
        }
    }
}
