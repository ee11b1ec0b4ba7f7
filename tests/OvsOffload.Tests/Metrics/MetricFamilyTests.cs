using OvsOffload.Metrics;

namespace OvsOffload.Tests.Metrics;

public sealed class MetricFamilyTests
{
    private static readonly MetricFamily Vfs = MetricFamily.Gauge("vfs", "VFs of the PF", "pf");
    private static readonly MetricFamily Bytes = MetricFamily.Counter("bytes_total", "Bytes");

    [Fact]
    public void A_sample_has_a_value_for_every_label()
    {
        Assert.Throws<ArgumentException>(() => Vfs.Of(1));
        Assert.Throws<ArgumentException>(() => Vfs.Of(1, "x", "y"));
    }

    [Fact]
    public void A_counter_is_never_below_zero()
    {
        Assert.Throws<ArgumentException>(() => Bytes.Of(-1));
        Assert.Equal(0, Bytes.Of(0).Value);
        Assert.Equal(-1, Vfs.Of(-1, "x").Value);
    }
}
