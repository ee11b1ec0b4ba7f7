using System.Threading.Channels;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class TimedReadingTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly Channel<int> _reads = Channel.CreateUnbounded<int>();
    private readonly CancellationTokenSource _stop = new();
    private readonly TimedReading<int> _reading;
    private readonly Task _running;
    private int _count;

    public TimedReadingTests()
    {
        _reading = new TimedReading<int>(
            ReadAsync, () => new FlowDumpIntent { Interval = TimeSpan.FromMinutes(5), Duty = 1 },
            new Heartbeat("checks", _time), _time);
        Assert.True(Assert.Throws<CollectorException>(() => _reading.Value).IsPending);
        _running = _reading.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Fact]
    public async Task It_reads_at_once_and_then_waits_for_its_timer()
    {
        Assert.Equal(1, await NextAsync());
        Assert.False(_reads.Reader.TryRead(out _));
        Assert.Equal(1, _reading.Value);
    }

    [Fact]
    public async Task Who_asks_is_not_kept_waiting_for_the_timer_and_gets_one_reading()
    {
        Assert.Equal(1, await NextAsync());
        _reading.Now();
        Assert.Equal(2, await NextAsync());
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(_reads.Reader.TryRead(out _));
    }

    private Task<int> ReadAsync(CancellationToken cancellation)
    {
        _reads.Writer.TryWrite(++_count);
        return Task.FromResult(_count);
    }

    private async Task<int> NextAsync() => await _reads.Reader.ReadAsync(TestContext.Current.CancellationToken)
        .AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
