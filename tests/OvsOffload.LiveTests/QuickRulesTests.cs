namespace OvsOffload.LiveTests;

/// <summary>What is shortened of rules, and what is not.</summary>
public sealed class QuickRulesTests
{
    [Theory]
    [InlineData("for: 10m", "for: 10000ms")]
    [InlineData("for: 1d", "for: 30000ms")]
    [InlineData("increase(errors_total[15m]) > 0", "increase(errors_total[15000ms]) > 0")]
    [InlineData(
        "avg_over_time(x:share_rate5m[6h] offset 15m) < 0.7",
        "avg_over_time(x:share_rate5m[360000ms] offset 15000ms) < 0.7")]
    [InlineData("time() - dump_timestamp_seconds > 900", "time() - dump_timestamp_seconds > 15")]
    [InlineData("abs(difference) > 100 # of 5 minutes", "abs(difference) > 100 # of 5 minutes")]
    [InlineData("guest_bytes:rate5m > 1e6", "guest_bytes:rate5m > 1000000")]
    public void A_minute_becomes_a_second_and_nothing_else_changes(string rule, string quick) =>
        Assert.Equal(quick, QuickRules.Shorten(rule, slowness: 1));

    [Theory]
    [InlineData("for: 10m", "for: 40000ms")]
    [InlineData("time() - dump_timestamp_seconds > 900", "time() - dump_timestamp_seconds > 60")]
    [InlineData("guest_bytes:rate5m > 1e6", "guest_bytes:rate5m > 250000")]
    [InlineData("slow_bytes / (guest_bytes:rate5m > 0)", "slow_bytes / (guest_bytes:rate5m > 0)")]
    public void On_a_slow_host_a_minute_takes_longer_and_rates_are_lower(string rule, string quick) =>
        Assert.Equal(quick, QuickRules.Shorten(rule, slowness: 4));
}
