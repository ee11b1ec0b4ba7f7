using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>Reads which network devices lie in other network namespaces.</summary>
internal static class NamespaceSource
{
    /// <summary>Looks into every other namespace of the host.</summary>
    public static async Task<NamespacedDevices> ReadAsync(
        HostPaths paths, INetlinkOpener netlink, CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>();
        var unread = new List<string>();
        Reading<IReadOnlyList<NetworkNamespace>> others = new NetworkNamespaces(paths).Others();
        if (others.IsFailed)
        {
            unread.Add(others.Why);
        }

        foreach (NetworkNamespace other in others.ValueOr([]))
        {
            try
            {
                INetlinkChannel channel = netlink.Open(NetlinkProtocol.Route, other.Path);
                using var socket = channel as IDisposable;
                foreach (Link link in await new Links(channel).AllAsync(cancellation))
                {
                    if (link.ParentDeviceName is { } parent)
                    {
                        found.TryAdd(parent, $"network namespace {other.Name} has {link.Name}");
                    }
                }
            }
            catch (NetlinkException failure)
            {
                unread.Add($"network namespace {other.Name}: {failure.Message}");
            }
        }

        return new NamespacedDevices(found, unread);
    }
}
