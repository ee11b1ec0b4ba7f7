using System.Collections.Immutable;

namespace OvsOffload.Service;

/// <summary>
/// Whether a part of the service is alive: it waits, or it works and has not been at it for too long.
/// </summary>
/// <param name="name">The part, for people: <c>reconcile loop</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class Heartbeat(string name, TimeProvider time)
{
    private readonly Lock _lock = new();
    private string? _work;
    private TimeSpan _limit;
    private long _since;

    /// <summary>Begins a piece of work that must end, or show progress, within a time.</summary>
    /// <param name="work">What is done: <c>reading the host</c>.</param>
    /// <param name="limit">The longest it may go without progress.</param>
    public void Begin(string work, TimeSpan limit)
    {
        lock (_lock)
        {
            (_work, _limit, _since) = (work, limit, time.GetTimestamp());
        }
    }

    /// <summary>The work goes on: its time begins anew.</summary>
    public void Progress()
    {
        lock (_lock)
        {
            _since = time.GetTimestamp();
        }
    }

    /// <summary>The work is done; from now on the part waits, which it may do for ever.</summary>
    public void End()
    {
        lock (_lock)
        {
            _work = null;
        }
    }

    /// <summary>What is wrong; null while all is well.</summary>
    public string? Problem()
    {
        lock (_lock)
        {
            TimeSpan elapsed = time.GetElapsedTime(_since);
            return _work is not null && elapsed > _limit
                ? $"{name}: {_work} for {elapsed.TotalSeconds:0} s without progress"
                : null;
        }
    }
}

/// <summary>The service's health: alive while every part is.</summary>
internal sealed class Health(ImmutableArray<Heartbeat> parts)
{
    /// <summary>What is wrong, one text for each part; empty while all is well.</summary>
    public ImmutableArray<string> Problems() => [.. parts.Select(part => part.Problem()).OfType<string>()];
}
