namespace OvsOffload.Tests.Fixtures;

/// <summary>A clock that goes only when a test moves it, and never back. Safe for concurrent use.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _elapsed;

    /// <summary>Where the clock begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>Moves the clock, and fires what falls due, in order.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan end = Elapsed + by;
        while (true)
        {
            Timer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                TimeSpan now = next?.Due ?? end;
                _elapsed = now > _elapsed ? now : _elapsed;
            }

            if (next is null)
            {
                return;
            }

            next.Fire();
        }
    }

    /// <summary>
    /// Moves the clock by steps until a task has ended; between the steps other tasks come to run. A task that does not
    /// end fails the test by the test's own cancellation.
    /// </summary>
    public async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
            Advance(step);
        }
    }

    private sealed class Timer(FakeTime time, Action fire) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._elapsed + dueTime;
                if (Due is not null)
                {
                    time._timers.Add(this);
                }
            }

            return true;
        }

        public void Fire()
        {
            Change(_period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _period, _period);
            fire();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
