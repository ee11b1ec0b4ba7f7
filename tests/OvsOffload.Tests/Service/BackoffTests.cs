using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class BackoffTests
{
    private static readonly Backoff Waits = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(int.MaxValue, 300)]
    public void Waits_double_up_to_the_longest(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Waits.After(attempts));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.9, 1)]
    [InlineData(2, 2)]
    [InlineData(7.5, 4)]
    [InlineData(300, 256)]
    [InlineData(512, 300)]
    [InlineData(1e9, 300)]
    public void A_wait_for_what_lasts_doubles_with_the_time(double lasted, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Waits.After(TimeSpan.FromSeconds(lasted)));
}
