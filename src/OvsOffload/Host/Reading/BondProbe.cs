using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>
/// Reads the bonds of uplinks at each scrape: a failover or a LAG that is lost must not wait for the next reading of
/// the host. Only bonds and their members are asked for. Dispose closes its socket.
/// </summary>
/// <param name="paths">The host's trees.</param>
/// <param name="route">rtnetlink; disposed with it.</param>
internal sealed class BondProbe(HostPaths paths, RouteSession route) : IDisposable
{
    /// <summary>The bonds of a host that are about offload.</summary>
    public async Task<Reading<ImmutableArray<BondFacts>>> ReadAsync(Observation host, CancellationToken cancellation)
    {
        HostState state = host.State;
        Reading<IReadOnlyList<Link>> links = await SafeRead.TryAsync(() => LinksAsync(cancellation));
        Reading<ImmutableArray<BondState>> bonds = await new BondSource(paths, route) { ReadsRules = false }
            .ReadAsync(links, links.Map(DeviceSource.Basic), state.PhysicalFunctions, state.Kernel, cancellation);
        return bonds.IsKnown
            ? Reading.Known<ImmutableArray<BondFacts>>(
            [
                .. OffloadBonds.Of(bonds.Value, host.Intent, state)
                    .Select(bond => new BondFacts(bond, OffloadBonds.IntentOf(bond, host.Intent)?.Profile)),
            ])
            : Reading.Failed<ImmutableArray<BondFacts>>($"bonds: {bonds.Why}");
    }

    /// <inheritdoc/>
    public void Dispose() => route.Dispose();

    private async Task<IReadOnlyList<Link>> LinksAsync(CancellationToken cancellation)
    {
        List<Link> links = [.. await route.Links.OfKindAsync(Bond.LinkKind, cancellation)];
        for (int bond = 0, count = links.Count; bond < count; bond++)
        {
            links.AddRange(await route.Links.LowerLinksAsync(links[bond].Index, cancellation));
        }

        return links;
    }
}
