using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Service;

/// <summary>
/// Reads the bonds of uplinks at each scrape: a failover or a LAG that is lost must not wait for the next reading of the
/// host. Only bonds and their members are asked for. Dispose closes its socket.
/// </summary>
/// <param name="paths">The host's trees.</param>
/// <param name="route">rtnetlink; disposed with it.</param>
internal sealed class BondProbe(HostPaths paths, RouteSession route) : IDisposable
{
    /// <summary>Over a socket of its own.</summary>
    public BondProbe(HostPaths paths)
        : this(paths, new RouteSession())
    {
    }

    /// <summary>The bonds of a host.</summary>
    /// <exception cref="CollectorException">They could not be read.</exception>
    public async Task<ImmutableArray<BondFacts>> ReadAsync(
        HostState host, HostIntent intent, CancellationToken cancellation)
    {
        Reading<IReadOnlyList<Link>> links = await Reads.TryAsync(() => LinksAsync(cancellation));
        Reading<ImmutableArray<BondState>> bonds = await new BondSource(paths, route) { LooksAtRules = false }
            .ReadAsync(links, links.Map(DeviceSource.Bare), host.PhysicalFunctions, host.Kernel, cancellation);
        return bonds.TryGet(out var all)
            ?
            [
                .. OffloadBonds.Of(all, intent, host)
                    .Select(bond => new BondFacts(bond, OffloadBonds.WishOf(bond, intent)?.Profile)),
            ]
            : throw new CollectorException($"bonds: {bonds.Why}");
    }

    /// <inheritdoc/>
    public void Dispose() => route.Dispose();

    private async Task<IReadOnlyList<Link>> LinksAsync(CancellationToken cancellation)
    {
        List<Link> links = [.. await route.Links.OfKindAsync(Bond.LinkKind, cancellation)];
        for (int bond = 0, count = links.Count; bond < count; bond++)
        {
            links.AddRange(await route.Links.BelowAsync(links[bond].Index, cancellation));
        }

        return links;
    }
}
