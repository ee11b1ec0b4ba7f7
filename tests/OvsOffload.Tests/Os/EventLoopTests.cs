using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class EventLoopTests
{
    private readonly FakeTime _time = new();
    private readonly List<double> _rounds = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_round_says_when_the_next_is_due_and_when_it_is_the_last()
    {
        TimeSpan?[] waits =
            [TimeSpan.FromSeconds(2), TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(3), null];
        Task loop = EventLoop.RunAsync(_ => Task.FromResult(waits[Note()]), _time, Cancellation);
        await _time.AdvanceUntilAsync(loop, TimeSpan.FromSeconds(0.5));
        await loop;

        Assert.Equal([0, 2, 2, 2, 5], _rounds);
    }

    [Fact]
    public async Task An_infinite_wait_ends_with_its_event()
    {
        var news = new TaskCompletionSource();
        Task loop = EventLoop.RunAsync(
            _ => Task.FromResult<TimeSpan?>(Note() == 0 ? Timeout.InfiniteTimeSpan : null),
            (length, token) => news.Task.WaitAsync(length, _time, token),
            Cancellation);

        Assert.False(loop.IsCompleted);
        news.SetResult();
        await loop;

        Assert.Equal(2, _rounds.Count);
    }

    [Fact]
    public async Task A_loop_without_waits_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        Task loop = EventLoop.RunAsync(
            async _ =>
            {
                await Task.Yield();
                if (Note() == 100)
                {
                    await stop.CancelAsync();
                }

                return TimeSpan.Zero;
            },
            _time,
            stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
        Assert.Equal(101, _rounds.Count);
    }

    /// <summary>Notes a round and gives its number.</summary>
    private int Note()
    {
        _rounds.Add((_time.GetUtcNow() - FakeTime.Start).TotalSeconds);
        return _rounds.Count - 1;
    }
}
