using System.Runtime.CompilerServices;

namespace OvsOffload.Service;

/// <summary>How changes are gathered before the host is read again.</summary>
internal sealed record ChangeOptions
{
    /// <summary>
    /// The quiet that must follow a change. Default 1 s: a change of mode is a burst of hundreds of messages.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that changes may put a reading off. Default 10 s.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// Gathers the news that something on the host changed. Many may raise it, one waits; what is raised while nobody waits
/// is not lost.
/// </summary>
internal sealed class ChangeSignal(ChangeOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _news = NewSource();
    private string? _first;
    private bool _urgent;

    /// <summary>Says that something changed.</summary>
    /// <param name="what">What, for the log: <c>a link changed</c>.</param>
    /// <param name="urgent">Whether it must not wait for quiet: a new configuration.</param>
    public void Raise(string what, bool urgent = false)
    {
        lock (_lock)
        {
            _first ??= what;
            _urgent |= urgent;
            _news.TrySetResult();
        }
    }

    /// <summary>Waits for a change and for the quiet after it.</summary>
    /// <param name="atMost">Returns after this time also without a change; null waits for ever.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What changed first, or null when only the time is over.</returns>
    public async Task<string?> WaitAsync(TimeSpan? atMost, CancellationToken cancellation)
    {
        if (!await NewsAsync(atMost ?? Timeout.InfiniteTimeSpan, cancellation))
        {
            return null;
        }

        long start = time.GetTimestamp();
        while (Rearm())
        {
            TimeSpan left = options.Longest - time.GetElapsedTime(start);
            TimeSpan quiet = left < options.Quiet ? left : options.Quiet;
            if (quiet <= TimeSpan.Zero || !await NewsAsync(quiet, cancellation))
            {
                break;
            }
        }

        lock (_lock)
        {
            string? first = _first;
            (_first, _urgent, _news) = (null, false, NewSource());
            return first;
        }
    }

    /// <summary>What <see cref="WaitAsync"/> gives, again and again, without end.</summary>
    public async IAsyncEnumerable<string?> ReadAllAsync(
        TimeSpan? atMost, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            yield return await WaitAsync(atMost, cancellation);
        }
    }

    /// <summary>Listens for the next news; false when what is there is urgent.</summary>
    private bool Rearm()
    {
        lock (_lock)
        {
            _news = NewSource();
            return !_urgent;
        }
    }

    private async Task<bool> NewsAsync(TimeSpan limit, CancellationToken cancellation)
    {
        Task news;
        lock (_lock)
        {
            news = _news.Task;
        }

        try
        {
            await news.WaitAsync(limit, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
