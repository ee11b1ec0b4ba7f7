using System.Net;
using OvsOffload.System;

namespace OvsOffload.Sysfs;

/// <summary>The other ends of the SSH connections by which this host is being worked on.</summary>
internal static class SshPeers
{
    /// <summary>Each address once. Failed when one might be missing; see <see cref="SshConnections"/>.</summary>
    public static Reading<IReadOnlyList<IPAddress>> Read(HostPaths paths) => new SshConnections(paths)
        .Read(Environment.ProcessId)
        .Map<IReadOnlyList<IPAddress>>(all => [.. all.Select(connection => connection.Peer.Address).Distinct()]);
}
