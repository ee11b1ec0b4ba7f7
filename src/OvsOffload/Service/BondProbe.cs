using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Planning;
using OvsOffload.System;

namespace OvsOffload.Service;

/// <summary>
/// Reads the bonds of uplinks at each scrape: a failover or a LAG that is lost must not wait for the next reading of the
/// host. Dispose closes its sockets.
/// </summary>
internal sealed class BondProbe(HostPaths paths) : IDisposable
{
    private readonly RouteSession _route = new();
    private readonly GenericSession _generic = new();

    /// <summary>The bonds of a host.</summary>
    /// <exception cref="CollectorException">They could not be read.</exception>
    public async Task<ImmutableArray<BondFacts>> ReadAsync(
        HostState host, HostIntent intent, CancellationToken cancellation)
    {
        Reading<IReadOnlyList<Link>> links = await Reads.TryAsync(() => _route.Links.AllAsync(cancellation));
        Reading<ImmutableArray<NetDevice>> devices =
            await new DeviceSource(_route, _generic).ReadAsync(links, cancellation);
        Reading<ImmutableArray<BondState>> bonds = await new BondSource(paths, _route) { LooksAtRules = false }
            .ReadAsync(links, devices, host.PhysicalFunctions, host.Kernel, cancellation);
        return bonds.TryGet(out var all)
            ?
            [
                .. OffloadBonds.Of(all, intent, host)
                    .Select(bond => new BondFacts(bond, OffloadBonds.WishOf(bond, intent)?.Profile)),
            ]
            : throw new CollectorException($"bonds: {bonds.Why}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _route.Dispose();
        _generic.Dispose();
    }
}
