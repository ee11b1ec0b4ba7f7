using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class LinkSettingsTests : IDisposable
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

        Assert.Equal(outcome, $"{LinkSettings.Speed(_host.Paths, "eth0").Outcome}");
    }

    [Fact]
    public void What_is_no_file_has_failed_with_its_words()
    {
        _host.Dir("/sys/class/net/eth0/speed");

        Reading<int> speed = LinkSettings.Speed(_host.Paths, "eth0");

        Assert.True(speed.IsFailed);
        Assert.Contains("speed", speed.Why);
    }

    // The kernel answers EINVAL while a device is down; a directory is what a read fails on here.
    [Theory]
    [InlineData("0x1002\n", nameof(ReadingOutcome.Absent))]
    [InlineData("0x1003\n", nameof(ReadingOutcome.Failed))]
    [InlineData("up\n", nameof(ReadingOutcome.Failed))]
    [InlineData(null, nameof(ReadingOutcome.Failed))]
    public void A_device_that_is_down_has_no_speed_and_no_duplex_and_only_that_excuses_a_failure(
        string? flags, string outcome)
    {
        _host.Dir("/sys/class/net/eth0/speed");
        _host.Dir("/sys/class/net/eth0/duplex");
        if (flags is not null)
        {
            _host.File("/sys/class/net/eth0/flags", flags);
        }

        Assert.Equal(outcome, $"{LinkSettings.Speed(_host.Paths, "eth0").Outcome}");
        Assert.Equal(outcome, $"{LinkSettings.Duplex(_host.Paths, "eth0").Outcome}");
    }
}
