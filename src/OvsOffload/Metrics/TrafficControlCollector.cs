using OvsOffload.Netlink;

namespace OvsOffload.Metrics;

/// <summary>Collector <c>tc</c>: the kernel's own count of filters, in hardware and not.</summary>
internal static class TrafficControlCollector
{
    private static readonly MetricFamily Filters = MetricFamily.Gauge(
        "tc_filters", "tc flower filters on ingress of all devices, those of a shared block once", "state");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = new("tc", [Filters]);

    /// <summary>The samples.</summary>
    public static IEnumerable<Sample> Samples(FlowerCounts filters)
    {
        yield return Filters.Of(filters.InHardware, "in_hw");
        yield return Filters.Of(filters.NotInHardware, "not_in_hw");

        // Kernels before 4.19 may set neither flag: counting those as one or the other would be a guess.
        if (filters.Unknown > 0)
        {
            yield return Filters.Of(filters.Unknown, "unknown");
        }
    }
}
