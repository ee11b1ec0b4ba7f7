using System.Text;
using System.Text.Json;
using OvsOffload.Os;
using OvsOffload.Top;

namespace OvsOffload.Tests.Top;

public sealed class TopRatesTests
{
    [Fact]
    public void Hardware_is_what_did_not_pass_through_the_CPU()
    {
        TopRow row = Assert.Single(TopRates.Between(
            TopSamples.At(1, TopSamples.Vf(0, 1000, 100)), TopSamples.At(3, TopSamples.Vf(0, 21_000, 4100))));

        Assert.Equal(10_000, row.Total?.FromBytes);
        Assert.Equal(2000, row.Software?.FromBytes);
        Assert.Equal(8000, row.Hardware?.FromBytes);
        Assert.Equal(80, row.Hardware?.FromPackets);
        Assert.Equal(0.8, row.Share);
    }

    [Fact]
    public void A_representor_that_was_not_there_before_has_no_rate_yet()
    {
        TopRow row = Assert.Single(
            TopRates.Between(TopSamples.At(1), TopSamples.At(3, TopSamples.Vf(0, 21_000, 4100))));

        Assert.Null(row.Total);
        Assert.Null(row.Hardware);
        Assert.Null(row.Share);
    }

    [Fact]
    public void A_representor_that_was_made_anew_has_no_rate_yet()
    {
        TopSample before = TopSamples.At(1, TopSamples.Vf(0, 1000, 100, index: 10));

        Assert.Null(TopRates.Between(before, TopSamples.At(2, TopSamples.Vf(0, 2000, 100, index: 11)))[0].Total);
        Assert.Null(TopRates.Between(before, TopSamples.At(2, TopSamples.Vf(0, 900, 50, index: 10)))[0].Total);
    }

    [Fact]
    public void A_driver_that_does_not_tell_the_CPU_part_leaves_the_share_unknown()
    {
        TopRow row = Assert.Single(TopRates.Between(
            TopSamples.At(1, TopSamples.Vf(0, 1000, null)), TopSamples.At(2, TopSamples.Vf(0, 2000, null))));

        Assert.Equal(1000, row.Total?.FromBytes);
        Assert.Null(row.Software);
        Assert.Null(row.Hardware);
        Assert.Null(row.Share);
    }

    [Fact]
    public void Hardware_is_never_below_nothing_and_no_traffic_is_no_share()
    {
        Assert.Equal(0, TopSamples.Row("vf0", 100, 101).Hardware?.FromBytes);
        Assert.Equal(0, TopSamples.Row("vf0", 0, 0).Hardware?.FromBytes);
        Assert.Null(TopSamples.Row("vf0", 0, 0).Share);
    }

    [Fact]
    public void A_sample_as_JSON_is_one_line_with_null_for_what_is_not_known()
    {
        using var stream = new MemoryStream();
        Document.WriteLine(stream, "hv1", TopSamples.Time, writer => TopDocument.Write(
            writer, [TopSamples.Row("vf0", 100, 25), TopSamples.Row("vf1", 100, null)]));
        string text = Encoding.UTF8.GetString(stream.ToArray());

        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var document = JsonDocument.Parse(text);
        JsonElement rows = document.RootElement.GetProperty("representors");
        Assert.Equal(75, rows[0].GetProperty("hardware").GetProperty("from_bytes").GetDouble());
        Assert.Equal(0.75, rows[0].GetProperty("share").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("hardware").ValueKind);
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("share").ValueKind);
    }
}
