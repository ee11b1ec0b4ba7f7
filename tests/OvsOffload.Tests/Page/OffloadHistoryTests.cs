using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Metrics;
using OvsOffload.Page;

namespace OvsOffload.Tests.Page;

public sealed class OffloadHistoryTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void A_failed_reading_is_a_gap_and_no_zero()
    {
        var history = new OffloadHistory(_time);
        history.Record(Facts(new FlowCounts(9, 0, 0, 1, 5)));
        _time.Advance(TimeSpan.FromSeconds(30));
        history.Record(new FlowFacts("no answer", [], new HashSet<string>()));
        _time.Advance(TimeSpan.FromSeconds(30));
        history.Record(Facts(new FlowCounts(0, 0, 0, 4, 0)));

        ImmutableArray<RatioPoint> points = history.Points();
        Assert.Equal([0.9, null, 0.0], points.Select(point => point.Share));
        Assert.Equal("no answer", points[1].Gap);
        Assert.Equal(TimeSpan.FromSeconds(60), points[0].Ago);
    }

    [Fact]
    public void Neither_flows_that_are_missing_nor_a_dump_that_was_not_made_are_a_share()
    {
        var history = new OffloadHistory(_time);
        history.Record(Facts(new FlowCounts(0, 0, 0, 0, 7)));
        _time.Advance(TimeSpan.FromSeconds(30));
        history.Record(Facts(null));

        Assert.All(history.Points(), point => Assert.Null(point.Share));
        Assert.Equal(2, history.Points().Length);
    }

    [Fact]
    public void A_dump_is_recorded_once()
    {
        var history = new OffloadHistory(_time);
        FlowFacts facts = Facts(new FlowCounts(1, 0, 0, 0, 0));
        history.Record(facts);
        _time.Advance(TimeSpan.FromSeconds(30));
        history.Record(facts);

        Assert.Single(history.Points());
    }

    [Fact]
    public void The_history_holds_an_hour_at_any_sampling_rate()
    {
        var history = new OffloadHistory(_time);
        for (int second = 0; second < 3 * 3600; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            history.Record(Facts(new FlowCounts(second, 0, 0, 1, 0)));
        }

        Assert.InRange(history.Points().Length, 239, 242);
        Assert.All(history.Points(), point => Assert.InRange(point.Ago, TimeSpan.Zero, OffloadHistory.Span));
    }

    [Fact]
    public void A_failure_is_not_painted_over_by_a_success_of_the_same_quarter_of_a_minute()
    {
        var history = new OffloadHistory(_time);
        history.Record(new FlowFacts("no answer", [], new HashSet<string>()));
        _time.Advance(TimeSpan.FromSeconds(5));
        history.Record(Facts(new FlowCounts(1, 0, 0, 0, 0)));

        Assert.Equal("no answer", Assert.Single(history.Points()).Gap);
    }

    [Fact]
    public void The_line_breaks_at_a_gap()
    {
        var html = new HtmlWriter();
        RatioChart.Write(html, SampleView.History(), "wide", 1000);
        string drawing = html.ToString();

        Assert.Equal(3, drawing.Split("path class=\"share\"").Length - 1);
        Assert.Equal(2, drawing.Split("rect class=\"gap\"").Length - 1);
        Assert.Contains("13 readings without data", drawing);
        Assert.DoesNotContain("NaN", drawing);
    }

    [Fact]
    public void A_share_just_below_all_is_not_called_all()
    {
        Assert.Equal("99.9 %", RatioChart.Percent(0.99999));
        Assert.Equal("100 %", RatioChart.Percent(1));
    }

    private FlowFacts Facts(FlowCounts? counts) => new(
        null,
        [
            new DatapathFacts(
                "system@ovs-system", null, null, counts is { } known ? Tally(known) : null,
                counts is null ? null : new DumpFact(_time.GetUtcNow(), TimeSpan.FromMilliseconds(3)),
                ImmutableDictionary<DumpSkip, long>.Empty),
        ],
        new HashSet<string>());

    private static FlowTally Tally(FlowCounts counts) => new()
    {
        Flows = counts,
        Ports = new Dictionary<string, FlowCounts>(),
        Layers = new Dictionary<string, long>(),
        Malformed = 0,
        Other = 0,
        BeyondLimit = 0,
        Truncated = false,
    };
}
