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
            Named(paths, open.Find(RdmaUsers.IsCandidate)),
            await SafeRead.TryAsync(async () =>
            {
                INetlinkChannel channel = netlink.Open(NetlinkProtocol.Rdma);
                using var socket = channel as IDisposable;
                return await new RdmaQueuePairs(channel).AllAsync(cancellation);
            }),
            open.CommandOf);
    }

    /// <summary>
    /// The nodes by the numbers of their devices: a container has a /dev of its own, and gives its nodes what names it
    /// likes.
    /// </summary>
    private static OpenFilesResult Named(HostPaths paths, OpenFilesResult found)
    {
        var nodes = new DeviceNodes(paths, ("infiniband_verbs", "/dev/infiniband/"));
        return found with
        {
            Files =
            [
                .. found.Files.Select(file => file with
                {
                    Target = nodes.NodeOf(file, RdmaUsers.NodeByName) ?? "",
                }),
            ],
        };
    }
}
