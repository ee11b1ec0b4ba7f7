using OvsOffload.Os;


namespace OvsOffload.Tests.Os;

public class ReadingTests
{
    [Fact]
    public void A_reading_nobody_made_is_failed_and_not_zero()
    {
        var reading = default(Reading<int>);

        Assert.True(reading.IsFailed);
        Assert.False(reading.TryGet(out _));
        Assert.Equal("was not read", reading.Why);
        Assert.Throws<InvalidOperationException>(() => reading.Value);
    }

    [Fact]
    public void A_known_zero_is_known()
    {
        var reading = Reading.Known(0);

        Assert.True(reading.TryGet(out int value));
        Assert.Equal(0, value);
        Assert.Equal("", reading.Why);
        Assert.Equal("0", reading.ToString());
    }

    [Fact]
    public void Absent_and_failed_keep_their_reason_through_map_and_then()
    {
        Reading<string> absent = Reading.Absent<int>("no such file").Map(n => n * 2).Then(n => Reading.Known($"{n}"));
        Reading<int> failed = Reading.Failed<int>("EACCES").Map(n => n * 2);

        Assert.True(absent.IsAbsent);
        Assert.Equal("no such file", absent.Why);
        Assert.True(failed.IsFailed);
        Assert.Equal("unknown (EACCES)", failed.ToString());
    }

    [Fact]
    public void Absent_and_failed_for_the_same_reason_are_not_equal() =>
        Assert.NotEqual(Reading.Absent<int>("x"), Reading.Failed<int>("x"));

    [Fact]
    public void Only_the_matching_case_is_asked()
    {
        Assert.Equal("5", Reading.Known(5).Match(n => $"{n}", why => "a:" + why, why => "f:" + why));
        Assert.Equal("a:w", Reading.Absent<int>("w").Match(n => $"{n}", why => "a:" + why, why => "f:" + why));
        Assert.Equal("f:w", Reading.Failed<int>("w").Match(n => $"{n}", why => "a:" + why, why => "f:" + why));
    }

    [Fact]
    public void A_substitute_stands_only_for_what_is_not_known()
    {
        Assert.Equal(7, Reading.Known(7).ValueOr(1));
        Assert.Equal(1, Reading.Failed<int>("w").ValueOr(1));
        Assert.Null(Reading.Absent<string>("w").ValueOrDefault());
    }
}
