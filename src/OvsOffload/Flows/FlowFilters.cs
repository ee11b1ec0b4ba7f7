using System.Globalization;
using OvsOffload.Netlink;

namespace OvsOffload.Flows;

/// <summary>Looks up the tc filters of flows, whose cookie is the flow's ufid.</summary>
internal static class FlowFilters
{
    /// <summary>Reads the filters that no NIC took. The kernel asks the drivers for the statistics of every filter
    /// meanwhile, so this is nothing to do at every scrape.</summary>
    /// <param name="traffic">tc.</param>
    /// <param name="devices">Names of devices by their index.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NetlinkException">The kernel refuses.</exception>
    public static async Task<IReadOnlyDictionary<UInt128, FlowFilterFact>> ReadAsync(
        TrafficControl traffic, IReadOnlyDictionary<int, string> devices, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<UInt128, FlowFilterFact>();
        foreach (FilterTarget target in FilterTarget.Of(await traffic.IngressQdiscsAsync(cancellationToken)))
        {
            List<FlowerFilter> filters = await traffic.ReadFlowerAsync(
                target,
                static () => new List<FlowerFilter>(),
                static (found, filter) =>
                {
                    if (!filter.Flags.HasFlag(FilterFlags.InHardware))
                    {
                        found.Add(filter);
                    }
                },
                cancellationToken);
            foreach (FlowerFilter filter in filters)
            {
                if (UInt128.TryParse(
                    filter.Cookie, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 ufid))
                {
                    facts[ufid] = FactOf(filter, target, devices);
                }
            }
        }

        return facts;
    }

    private static FlowFilterFact FactOf(
        FlowerFilter filter, FilterTarget target, IReadOnlyDictionary<int, string> devices)
    {
        string place = target.LinkIndex is { } index && devices.TryGetValue(index, out string? name)
            ? name
            : $"{target}";
        bool skipsHardware = filter.Flags.HasFlag(FilterFlags.SkipHardware);
        string flags = (skipsHardware ? "skip_hw " : "")
            + (filter.Flags.HasFlag(FilterFlags.NotInHardware) ? "not_in_hw" : "neither in_hw nor not_in_hw");
        return new FlowFilterFact(
            $"tc filter on {place} chain {filter.Chain} pref {filter.Priority} handle 0x{filter.Handle:x}: {flags}",
            skipsHardware,
            InHardware: false);
    }
}
