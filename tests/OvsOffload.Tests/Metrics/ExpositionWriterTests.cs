using System.Buffers;
using System.Text;
using OvsOffload.Metrics;

namespace OvsOffload.Tests.Metrics;

public sealed class ExpositionWriterTests
{
    private static readonly MetricFamily Vfs = MetricFamily.Gauge("vfs", "VFs of the PF", "pf");
    private static readonly MetricFamily Bytes = MetricFamily.Counter("bytes_total", "Bytes", "pf", "device");
    private static readonly MetricFamily Up = MetricFamily.Gauge("up", "Whether it runs");

    [Fact]
    public void A_family_has_its_help_its_type_and_its_samples_in_one_place()
    {
        Assert.Equal(
            """
            # HELP ovs_offload_vfs VFs of the PF
            # TYPE ovs_offload_vfs gauge
            ovs_offload_vfs{pf="0000:3b:00.0"} 16
            ovs_offload_vfs{pf="0000:3b:00.1"} 0
            # HELP ovs_offload_bytes_total Bytes
            # TYPE ovs_offload_bytes_total counter
            ovs_offload_bytes_total{pf="0000:3b:00.0",device="eth4"} 4096

            """,
            Write(
                (Vfs, [Vfs.Of(16, "0000:3b:00.0"), Vfs.Of(0, "0000:3b:00.1")]),
                (Bytes, [Bytes.Of(4096, "0000:3b:00.0", "eth4")])));
    }

    [Fact]
    public void A_sample_without_labels_has_no_braces() =>
        Assert.EndsWith("\novs_offload_up 1\n", Write((Up, [Up.Of(true)])));

    [Fact]
    public void A_family_without_samples_is_left_out() => Assert.Equal("", Write((Up, [])));

    [Fact]
    public void Backslash_quote_and_newline_are_escaped_in_label_values() =>
        Assert.EndsWith(
            "{pf=\"a\\\\b\",device=\"we\\\"ird,{x}\\né\"} 1\n",
            Write((Bytes, [Bytes.Of(1, "a\\b", "we\"ird,{x}\né")])));

    [Fact]
    public void Backslash_and_newline_are_escaped_in_help_and_quotes_are_not()
    {
        MetricFamily family = MetricFamily.Gauge("odd", "a \"word\",\na\\b");
        Assert.StartsWith("# HELP ovs_offload_odd a \"word\",\\na\\\\b\n", Write((family, [family.Of(1)])));
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(0.001, "0.001")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(1763655821.25, "1763655821.25")]
    [InlineData(9007199254740991, "9007199254740991")]
    [InlineData(double.MinValue, "-1.7976931348623157E+308")]
    public void Numbers_are_written_as_Prometheus_reads_them(double value, string text) =>
        Assert.EndsWith($"\novs_offload_up {text}\n", Write((Up, [Up.Of(value)])));

    [Fact]
    public void A_family_is_written_only_once_in_a_scrape() =>
        Assert.Throws<InvalidOperationException>(() => Write((Up, [Up.Of(1)]), (Up, [Up.Of(2)])));

    [Fact]
    public void A_sample_of_another_family_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Write((Up, [Vfs.Of(1, "x")])));

    [Fact]
    public void A_sample_has_a_value_for_every_label()
    {
        Assert.Throws<ArgumentException>(() => Vfs.Of(1));
        Assert.Throws<ArgumentException>(() => Vfs.Of(1, "x", "y"));
    }

    [Fact]
    public void OpenMetrics_names_families_without_what_the_type_adds_states_units_and_ends()
    {
        MetricFamily info = MetricFamily.Gauge("build_info", "A \"build\"", "version");
        MetricFamily age = MetricFamily.Gauge("dump_duration_seconds", "Time");
        Assert.Equal(
            """
            # HELP ovs_offload_bytes Bytes
            # TYPE ovs_offload_bytes counter
            # UNIT ovs_offload_bytes bytes
            ovs_offload_bytes_total{pf="0000:3b:00.0",device="eth4"} 4096
            # HELP ovs_offload_build A \"build\"
            # TYPE ovs_offload_build info
            ovs_offload_build_info{version="1"} 1
            # HELP ovs_offload_dump_duration_seconds Time
            # TYPE ovs_offload_dump_duration_seconds gauge
            # UNIT ovs_offload_dump_duration_seconds seconds
            ovs_offload_dump_duration_seconds 0.5
            # EOF

            """,
            Write(
                ExpositionFormat.OpenMetrics,
                (Bytes, [Bytes.Of(4096, "0000:3b:00.0", "eth4")]), (info, [info.Of(1, "1")]), (age, [age.Of(0.5)])));
    }

    private static string Write(params (MetricFamily Family, Sample[] Samples)[] families) =>
        Write(ExpositionFormat.Text, families);

    private static string Write(ExpositionFormat format, params (MetricFamily Family, Sample[] Samples)[] families)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(output, format);
        foreach ((MetricFamily family, Sample[] samples) in families)
        {
            writer.Write(family, samples);
        }

        writer.End();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
