using System.Diagnostics;

namespace OvsOffload.Testing;

/// <summary>A clock that goes only when a test moves it, and never back. Safe for concurrent use.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _elapsed;
    private long _begun;

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
    /// <returns>Whether anything fell due.</returns>
    public bool Advance(TimeSpan by)
    {
        TimeSpan end = Elapsed + by;
        for (bool fired = false; ; fired = true)
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
                return fired;
            }

            next.Fire();
        }
    }

    /// <summary>
    /// Lets other tasks run and moves the clock. Where something fell due, it goes on once whoever was woken waits on
    /// this clock again, however long that takes to run on a busy machine; half a second at most, as it may wait for
    /// something else.
    /// </summary>
    public async Task StepAsync(TimeSpan by)
    {
        await Task.Delay(1, TestContext.Current.CancellationToken);
        long before = Volatile.Read(ref _begun);
        if (!Advance(by))
        {
            return;
        }

        var waited = Stopwatch.StartNew();
        while (Volatile.Read(ref _begun) == before && waited.ElapsedMilliseconds < 500)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
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
            await StepAsync(step);
        }
    }

    private sealed class Timer(FakeTime time, Action fire) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Interlocked.Increment(ref time._begun);
            }

            Set(dueTime, period);
            return true;
        }

        private void Set(TimeSpan dueTime, TimeSpan period)
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
        }

        public void Fire()
        {
            Set(_period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _period, _period);
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
