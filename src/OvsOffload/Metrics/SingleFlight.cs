using System.Collections.Immutable;

namespace OvsOffload.Metrics;

/// <summary>
/// Runs a collector once at a time: scrapes that come while it runs share its result, and one that hangs is not started
/// again on top of itself. Safe for concurrent use.
/// </summary>
internal sealed class SingleFlight(ICollector collector)
{
    private readonly Lock _lock = new();
    private Task<ImmutableArray<Sample>>? _running;
    private string? _lastFailure;
    private DateTimeOffset? _lastSuccess;

    /// <summary>Its name and families.</summary>
    public CollectorDeclaration Declaration => collector.Declaration;

    /// <summary>Its name.</summary>
    public string Name => collector.Declaration.Name;

    /// <summary>Collects, or joins the run that is under way.</summary>
    /// <exception cref="TimeoutException">It has not ended in time; it is told to stop.</exception>
    public async Task<ImmutableArray<Sample>> CollectAsync(
        TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        Task<ImmutableArray<Sample>> run;
        lock (_lock)
        {
            // Also a run that never ends on its own: until it does, every scrape waits its time for it and fails.
            run = _running is { IsCompleted: false } ? _running : _running = StartAsync(limit, time);
        }

        return await run.WaitAsync(limit, time, cancellation);
    }

    /// <summary>When it last succeeded, which is noted; null before the first time.</summary>
    /// <param name="now">When it succeeded just now; null when it failed.</param>
    public DateTimeOffset? LastSuccess(DateTimeOffset? now)
    {
        lock (_lock)
        {
            return _lastSuccess = now ?? _lastSuccess;
        }
    }

    /// <summary>Notes what came of a run; whether that differs from the run before.</summary>
    public bool HasChanged(string? failure)
    {
        lock (_lock)
        {
            bool turned = (failure is null) != (_lastFailure is null);
            _lastFailure = failure;
            return turned;
        }
    }

    /// <summary>It outlives the scrape that began it, so it has a clock of its own.</summary>
    private async Task<ImmutableArray<Sample>> StartAsync(TimeSpan limit, TimeProvider time)
    {
        using var clock = new CancellationTokenSource(limit, time);
        try
        {
            // A collector that blocks before its first await must not hold up the ones behind it.
            return await Task.Run(() => collector.CollectAsync(clock.Token), CancellationToken.None);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }
}
