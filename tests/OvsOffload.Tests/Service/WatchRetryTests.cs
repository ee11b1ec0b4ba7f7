using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class WatchRetryTests
{
    private readonly FakeTime _time = new();
    private readonly List<double> _begins = [];
    private readonly List<string> _log = [];

    [Fact]
    public async Task A_broken_watch_is_retried_with_doubling_waits_and_logged_once()
    {
        await RunAsync(begin => begin == 6, _ => TimeSpan.Zero, _ => "no socket");

        Assert.Equal([0, 1, 3, 7, 15, 25, 35], _begins);
        Assert.Equal(["lost the watch; reconnecting: no socket"], _log);
    }

    [Fact]
    public async Task After_a_long_run_the_waits_start_over_and_it_is_logged_again()
    {
        await RunAsync(
            begin => begin == 5,
            begin => begin == 2 ? TimeSpan.FromSeconds(20) : TimeSpan.Zero,
            _ => "no socket");

        Assert.Equal([0, 1, 3, 24, 25, 27], _begins);
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public async Task Every_new_reason_is_logged()
    {
        await RunAsync(begin => begin == 4, _ => TimeSpan.Zero, begin => begin < 2 ? "no socket" : null);

        Assert.Equal(
            ["lost the watch; reconnecting: no socket", "lost the watch; reconnecting: it ended"], _log);
    }

    private async Task RunAsync(Func<int, bool> isLast, Func<int, TimeSpan> lasts, Func<int, string?> fails)
    {
        using var stop = new CancellationTokenSource();
        Task following = WatchRetry.RunForeverAsync(
            "the watch", FollowAsync, (_, line) => _log.Add(line), _time, stop.Token);
        await _time.AdvanceUntilAsync(
            following.ContinueWith(_ => { }, TaskScheduler.Default), TimeSpan.FromSeconds(0.5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);

        async Task FollowAsync(CancellationToken token)
        {
            int begin = _begins.Count;
            _begins.Add((_time.GetUtcNow() - FakeTime.Start).TotalSeconds);
            if (isLast(begin))
            {
                await stop.CancelAsync();
            }

            await Task.Delay(lasts(begin), _time, token);
            if (fails(begin) is { } why)
            {
                throw new IOException(why);
            }
        }
    }
}
