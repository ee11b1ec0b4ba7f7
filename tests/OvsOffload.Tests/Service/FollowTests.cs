using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class FollowTests
{
    private readonly FakeTime _time = new();
    private readonly List<double> _begins = [];
    private readonly List<string> _log = [];

    [Fact]
    public async Task What_breaks_off_is_begun_again_after_waits_that_double_and_said_once()
    {
        await RunAsync(begin => begin == 6, _ => TimeSpan.Zero, _ => "no socket");

        Assert.Equal([0, 1, 3, 7, 15, 25, 35], _begins);
        Assert.Equal(["lost the watch; reconnecting: no socket"], _log);
    }

    [Fact]
    public async Task After_it_stood_for_long_the_waits_begin_anew_and_it_is_said_again()
    {
        await RunAsync(
            begin => begin == 5,
            begin => begin == 2 ? TimeSpan.FromSeconds(20) : TimeSpan.Zero,
            _ => "no socket");

        Assert.Equal([0, 1, 3, 24, 25, 27], _begins);
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public async Task Every_new_reason_is_said()
    {
        await RunAsync(begin => begin == 4, _ => TimeSpan.Zero, begin => begin < 2 ? "no socket" : null);

        Assert.Equal(
            ["lost the watch; reconnecting: no socket", "lost the watch; reconnecting: it ended"], _log);
    }

    private async Task RunAsync(Func<int, bool> isLast, Func<int, TimeSpan> lasts, Func<int, string?> fails)
    {
        using var stop = new CancellationTokenSource();
        Task following = Follow.ForeverAsync(
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
