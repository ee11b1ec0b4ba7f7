using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly FakeTime _time = new();
    private readonly Heartbeat _heartbeat;

    public HeartbeatTests() => _heartbeat = new Heartbeat("loop", _time);

    [Fact]
    public void A_part_may_wait_indefinitely()
    {
        _heartbeat.Begin("reading", Limit);
        _heartbeat.End();
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Null(_heartbeat.Problem());
    }

    [Fact]
    public void A_part_that_is_at_work_for_too_long_is_stuck()
    {
        _heartbeat.Begin("reading", Limit);
        _time.Advance(Limit);
        Assert.Null(_heartbeat.Problem());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("loop: reading for 121 s without progress", _heartbeat.Problem());
    }

    [Fact]
    public void Progress_begins_the_time_anew()
    {
        _heartbeat.Begin("applying", Limit);
        _time.Advance(Limit);
        _heartbeat.Progress();
        _time.Advance(Limit);
        Assert.Null(_heartbeat.Problem());
    }

    [Fact]
    public void The_health_names_every_part_that_is_stuck()
    {
        var other = new Heartbeat("other", _time);
        _heartbeat.Begin("reading", Limit);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Single(new Health([_heartbeat, other]).Problems());
    }
}
