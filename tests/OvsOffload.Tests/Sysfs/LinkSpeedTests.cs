using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class LinkSpeedTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("25000\n", nameof(ReadingOutcome.Known))]
    [InlineData("-1\n", nameof(ReadingOutcome.Absent))]
    [InlineData("0\n", nameof(ReadingOutcome.Absent))]
    [InlineData("fast\n", nameof(ReadingOutcome.Failed))]
    public void A_speed_that_nobody_knows_is_absent_and_one_that_cannot_be_read_has_failed(
        string text, string outcome)
    {
        _host.File("/sys/class/net/eth0/speed", text);

        Assert.Equal(outcome, $"{LinkSpeed.Read(_host.Paths, "eth0").Outcome}");
    }

    [Fact]
    public void What_is_no_file_has_failed_with_its_words()
    {
        _host.Dir("/sys/class/net/eth0/speed");

        Reading<int> speed = LinkSpeed.Read(_host.Paths, "eth0");

        Assert.True(speed.IsFailed);
        Assert.Contains("speed", speed.Why);
    }
}
