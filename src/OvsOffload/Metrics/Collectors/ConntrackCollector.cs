using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>conntrack</c>: connections that NICs track. The kernel has no count of its own; mlx5 tells it in
/// debugfs.
/// </summary>
internal static class ConntrackCollector
{
    private static readonly MetricFamily Entries = MetricFamily.Gauge(
        "conntrack_offloaded_entries",
        "Connections offloaded to all NICs; absent if no driver reports it (mlx5 does since kernel 5.18)");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "conntrack", [Entries], sources => sources.Probes.Conntrack(sources.Host().State), Samples);

    /// <summary>The samples: the sum of what the PFs tell.</summary>
    /// <exception cref="CollectorException">A count is there and could not be read: the sum would be too
    /// small.</exception>
    public static IEnumerable<Sample> Samples(ImmutableArray<ConntrackFacts> nics)
    {
        long? sum = null;
        foreach (ConntrackFacts nic in nics)
        {
            if (nic.Offloaded.OrNone($"offloaded connections of {nic.Pf}") is { } entries)
            {
                sum = (sum ?? 0) + entries;
            }
        }

        return sum is { } all ? [Entries.Of(all)] : [];
    }
}
