using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Tests.Verifying;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Metrics;

public class ChecksCollectorTests
{
    [Fact]
    public void Findings_are_counted_by_severity_and_the_check_s_own_is_always_there()
    {
        FaultyHost faulty = FaultyHosts.ByCheck["N11"];
        VerifyReport report = Examined.Of(faulty.Host, faulty.Intent);

        Sample[] samples = [.. ChecksCollector.Samples(report)];

        Assert.Equal(1, Value(samples, "check_findings", "N11", "representor-down", "error"));
        Assert.Equal(0, Value(samples, "check_findings", "N10", "hw-tc-offload-off", "error"));
        Assert.Equal(0, Value(samples, "check_skipped", "N10", "hw-tc-offload-off"));
    }

    [Fact]
    public void A_check_that_was_skipped_is_no_check_that_found_nothing()
    {
        Sample[] samples = [.. ChecksCollector.Samples(Examined.Of(SampleHost.Bare(), HostIntent.Observe))];

        Assert.All(samples, sample => Assert.Equal("ovs_offload_check_skipped", sample.Family.Name));
        Assert.Equal(Checks.All.Length, samples.Length);
        Assert.All(samples, sample => Assert.Equal(1, sample.Value));
    }

    [Fact]
    public void No_series_stands_twice()
    {
        Sample[] samples =
            [.. ChecksCollector.Samples(Examined.Of(SampleHost.ConnectX4Lx(), SampleIntent.Switchdev(2)))];

        Assert.Distinct(samples.Select(sample => $"{sample.Family} {string.Join(',', sample.Labels)}"));
    }

    private static double Value(Sample[] samples, string family, params string[] labels) => Assert.Single(
        samples,
        sample => sample.Family.Name == MetricFamily.Prefix + family && sample.Labels.SequenceEqual(labels)).Value;
}
