using System.Collections.Immutable;
using System.Net;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Host;

/// <summary>
/// Reads the ways on which this host is reached: default routes, and routes to the peers of SSH connections.
/// </summary>
internal sealed class ProtectionSource(HostPaths paths, RouteSession route)
{
    /// <summary>Reads them and finds the devices below; failed when any of it could not be read.</summary>
    public async Task<Reading<ImmutableArray<ProtectedDevice>>> ReadAsync(
        Reading<ImmutableArray<NetDevice>> devices,
        SwitchPorts ports,
        CancellationToken cancellation)
    {
        if (!devices.IsKnown)
        {
            return Reading.Failed<ImmutableArray<ProtectedDevice>>(devices.Why);
        }

        Reading<ImmutableArray<ManagementPath>> found = await PathsAsync(cancellation);
        return found.Then(all => ProtectedDevices.Of(all, devices.Value, ports));
    }

    private async Task<Reading<ImmutableArray<ManagementPath>>> PathsAsync(CancellationToken cancellation)
    {
        Reading<IReadOnlyList<Route>> routes =
            await SafeRead.TryAsync(() => route.Routes.DefaultRoutesAsync(cancellation));
        Reading<IReadOnlyList<SshConnection>> connections =
            new SshConnections(paths).Read(paths.Process);
        if (!routes.IsKnown || !connections.IsKnown)
        {
            return Reading.Failed<ImmutableArray<ManagementPath>>(routes.IsKnown ? connections.Why : routes.Why);
        }

        ImmutableArray<ManagementPath>.Builder found = ImmutableArray.CreateBuilder<ManagementPath>();
        foreach (Route one in routes.Value)
        {
            if (one.Hops.All(hop => hop.LinkIndex is null))
            {
                // net.ipv4.nexthop_compat_mode=0: the route names a nexthop object alone.
                return Reading.Failed<ImmutableArray<ManagementPath>>(
                    $"the kernel names no device for the default route of table {one.Table}; put "
                        + "net.ipv4.nexthop_compat_mode back to 1");
            }

            foreach (RouteHop hop in one.Hops)
            {
                Add(hop, $"carries the default route{(hop.Gateway is null ? "" : $" via {hop.Gateway}")}");
            }
        }

        IEnumerable<IPAddress> peers = connections.Value.Select(connection => connection.Peer.Address).Distinct();
        foreach (IPAddress peer in peers.Where(peer => !IPAddress.IsLoopback(peer)))
        {
            Reading<Route?> leaves = await SafeRead.TryAsync(() => route.Routes.LookUpAsync(peer, cancellation));
            if (leaves.IsFailed)
            {
                return Reading.Failed<ImmutableArray<ManagementPath>>(leaves.Why);
            }

            foreach (RouteHop hop in leaves.Value?.Hops ?? [])
            {
                Add(hop, $"carries the SSH connection from {peer}");
            }
        }

        return Reading.Known(found.ToImmutable());

        void Add(RouteHop hop, string why)
        {
            if (hop.LinkIndex is { } index)
            {
                found.Add(new ManagementPath(index, why));
            }
        }
    }
}
