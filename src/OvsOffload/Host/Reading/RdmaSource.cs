using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>Reads who uses RDMA on this host.</summary>
internal static class RdmaSource
{
    /// <summary>
    /// Looks through all processes and asks the kernel; nothing where no function has an RDMA device, because the
    /// question alone would load modules.
    /// </summary>
    public static async Task<RdmaUsers> ReadAsync(
        HostPaths paths, INetlinkOpener netlink, IEnumerable<PciFunction> functions, CancellationToken cancellation)
    {
        if (functions.All(function => function.RdmaDevices.IsAbsent))
        {
            return RdmaUsers.None;
        }

        var open = new OpenFiles(paths);
        return new RdmaUsers(
            open.Find(target => target.StartsWith(RdmaUsers.Verbs, StringComparison.Ordinal)),
            await SafeRead.TryAsync(async () =>
            {
                INetlinkChannel channel = netlink.Open(NetlinkProtocol.Rdma);
                using var socket = channel as IDisposable;
                return await new RdmaQueuePairs(channel).AllAsync(cancellation);
            }),
            open.CommandOf);
    }
}
