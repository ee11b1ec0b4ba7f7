using System.ComponentModel.DataAnnotations;
using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class RetryOptionsTests
{
    private static readonly RetryOptions Doubling = new()
    {
        Delay = TimeSpan.FromSeconds(1),
        LongestDelay = TimeSpan.FromSeconds(5),
    };

    private static readonly RetryOptions Patient = Doubling with { LongestDelay = TimeSpan.FromMinutes(5) };

    private readonly FakeTime _time = new();
    private readonly List<double> _attempts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waits_double_up_to_the_longest()
    {
        Task<int> result = Doubling.UntilAsync(CountAsync, count => count == 6, _time, Cancellation);
        await _time.AdvanceUntilAsync(result, TimeSpan.FromSeconds(0.5));

        Assert.Equal(6, await result);
        Assert.Equal([0, 1, 3, 7, 12, 17], _attempts);
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(1, 5).Select(attempt => Doubling.After(attempt).TotalSeconds));
    }

    [Fact]
    public async Task Waits_without_a_longest_are_all_the_same()
    {
        Task<int> result = new RetryOptions().UntilAsync(CountAsync, count => count == 4, _time, Cancellation);
        await _time.AdvanceUntilAsync(result, TimeSpan.FromSeconds(0.5));

        Assert.Equal([0, 1, 2, 3], _attempts);
    }

    [Fact]
    public async Task After_the_last_attempt_its_result_is_returned_as_it_is()
    {
        Task<int> result = (Doubling with { Retries = 2 }).UntilAsync(CountAsync, _ => false, _time, Cancellation);
        await _time.AdvanceUntilAsync(result, TimeSpan.FromSeconds(0.5));

        Assert.Equal(3, await result);
    }

    [Fact]
    public async Task No_attempt_begins_after_the_limit()
    {
        Task<int> result = (Doubling with { Limit = TimeSpan.FromSeconds(6) })
            .UntilAsync(CountAsync, _ => false, _time, Cancellation);
        await _time.AdvanceUntilAsync(result, TimeSpan.FromSeconds(0.5));

        Assert.Equal([0, 1, 3, 7], _attempts);
    }

    [Fact]
    public async Task The_last_failure_is_thrown_and_another_kind_at_once()
    {
        Task<int> transient = (Doubling with { Retries = 1 }).WhileFailingAsync<int>(
            async token => throw new TimeoutException($"number {await CountAsync(token)}"),
            failure => failure is TimeoutException, _time, Cancellation);
        await _time.AdvanceUntilAsync(
            transient.ContinueWith(_ => { }, TaskScheduler.Default), TimeSpan.FromSeconds(0.5));

        Assert.Equal("number 2", (await Assert.ThrowsAsync<TimeoutException>(() => transient)).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Doubling.WhileFailingAsync<int>(
            _ => throw new InvalidOperationException(), failure => failure is TimeoutException, _time, Cancellation));
    }

    [Fact]
    public async Task A_cancelled_wait_ends_with_a_cancellation()
    {
        using var stop = new CancellationTokenSource();
        Task<int> result = Doubling.UntilAsync(CountAsync, _ => false, _time, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => result);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused()
    {
        foreach (RetryOptions wrong in (RetryOptions[])
            [Doubling with { Retries = 0 }, Doubling with { Delay = TimeSpan.FromDays(2) },
                Doubling with { Delay = -Doubling.Delay }])
        {
            await Assert.ThrowsAsync<ValidationException>(
                () => wrong.UntilAsync(CountAsync, _ => true, _time, Cancellation));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(int.MaxValue, 300)]
    public void The_wait_after_some_attempts_is_the_same_where_a_loop_waits(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Patient.After(attempts));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.9, 1)]
    [InlineData(2, 2)]
    [InlineData(7.5, 4)]
    [InlineData(300, 256)]
    [InlineData(512, 300)]
    [InlineData(1e9, 300)]
    public void A_wait_for_what_lasts_doubles_with_the_time(double lasted, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Patient.After(TimeSpan.FromSeconds(lasted)));

    private Task<int> CountAsync(CancellationToken cancellation)
    {
        _attempts.Add((_time.GetUtcNow() - FakeTime.Start).TotalSeconds);
        return Task.FromResult(_attempts.Count);
    }
}
