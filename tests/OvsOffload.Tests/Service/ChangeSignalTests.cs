using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class ChangeSignalTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTime _time = new();
    private readonly ChangeSignal _signal;

    public ChangeSignalTests() => _signal = new ChangeSignal(new ChangeOptions(), _time);

    [Fact]
    public async Task A_change_is_told_after_a_second_of_quiet()
    {
        Task<string?> wait = WaitAsync(null);
        _signal.Raise("first");
        _signal.Raise("second");
        await _time.AdvanceUntilAsync(wait, Step);
        Assert.Equal("first", await wait);
        Assert.InRange(Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Changes_without_end_are_told_after_ten_seconds()
    {
        Task<string?> wait = WaitAsync(null);
        while (!wait.IsCompleted)
        {
            _signal.Raise("again");
            await _time.StepAsync(Step);
        }

        Assert.Equal("again", await wait);
        Assert.True(Elapsed >= TimeSpan.FromSeconds(10), $"told after {Elapsed}");
    }

    [Fact]
    public async Task What_is_urgent_waits_for_no_quiet()
    {
        Task<string?> wait = WaitAsync(null);
        _signal.Raise("reload", urgent: true);
        Assert.Equal("reload", await wait);
        Assert.Equal(TimeSpan.Zero, Elapsed);
    }

    [Fact]
    public async Task A_signal_raised_without_a_waiter_is_not_lost()
    {
        _signal.Raise("early");
        Task<string?> wait = WaitAsync(null);
        await _time.AdvanceUntilAsync(wait, Step);
        Assert.Equal("early", await wait);
    }

    [Fact]
    public async Task A_change_is_told_once()
    {
        _signal.Raise("once", urgent: true);
        Assert.Equal("once", await WaitAsync(null));
        Task<string?> again = WaitAsync(TimeSpan.FromSeconds(30));
        await _time.AdvanceUntilAsync(again, TimeSpan.FromSeconds(1));
        Assert.Null(await again);
    }

    private TimeSpan Elapsed => _time.GetUtcNow() - FakeTime.Start;

    private Task<string?> WaitAsync(TimeSpan? atMost) =>
        _signal.WaitAsync(atMost, TestContext.Current.CancellationToken);
}
