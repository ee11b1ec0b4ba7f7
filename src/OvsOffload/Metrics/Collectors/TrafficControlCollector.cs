using System.Collections.Immutable;
using OvsOffload.Netlink;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>tc</c>: the kernel's own count of filters, in hardware and not, and how far Open vSwitch's count of
/// offloaded flows is from it.
/// </summary>
internal static class TrafficControlCollector
{
    private static readonly MetricFamily Filters = MetricFamily.Gauge(
        "tc_filters", "tc flower filters on ingress of all devices, each shared block counted once", "state");

    private static readonly MetricFamily Difference = MetricFamily.Gauge(
        "tc_filters_difference",
        "Filters in hardware counted by the kernel, minus the offloaded and partial flows in Open vSwitch's last "
            + "dump; both are read at slightly different times");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "tc", [Filters, Difference],
        async (sources, cancellation) => TrafficControlFacts.Of(
            sources.Filters(), await sources.Flows(ImmutableHashSet<string>.Empty, cancellation)),
        Samples);

    /// <summary>The samples.</summary>
    public static IEnumerable<Sample> Samples(TrafficControlFacts facts)
    {
        FlowerCounts filters = facts.Filters;
        yield return Filters.Of(filters.InHardware, "in_hw");
        yield return Filters.Of(filters.NotInHardware, "not_in_hw");

        // Kernels before 4.19 may set neither flag: counting those as one or the other would be a guess.
        if (filters.Unknown > 0)
        {
            yield return Filters.Of(filters.Unknown, "unknown");
        }

        if (facts.FlowsInHardware is { } flows && filters.Unknown == 0)
        {
            yield return Difference.Of((double)filters.InHardware - flows);
        }
    }
}

/// <summary>Both counts of what is in hardware.</summary>
/// <param name="Filters">The kernel's.</param>
/// <param name="FlowsInHardware">
/// Offloaded and partial flows of all datapaths as Open vSwitch dumped them; null where a dump is missing, or has flows
/// of unknown state.
/// </param>
internal sealed record TrafficControlFacts(FlowerCounts Filters, long? FlowsInHardware)
{
    /// <summary>Puts both together.</summary>
    public static TrafficControlFacts Of(FlowerCounts filters, FlowFacts flows)
    {
        if (flows.Failure is not null)
        {
            return new TrafficControlFacts(filters, null);
        }

        long inHardware = 0;
        foreach (DatapathFacts datapath in flows.Datapaths)
        {
            if (datapath.Tally is not { Flows: { Unknown: 0 } counts })
            {
                return new TrafficControlFacts(filters, null);
            }

            inHardware += counts.Offloaded + counts.Partial;
        }

        return new TrafficControlFacts(filters, inHardware);
    }
}
