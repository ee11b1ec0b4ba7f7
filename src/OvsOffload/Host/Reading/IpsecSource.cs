using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads what of IPsec this host's NICs handle.</summary>
internal static class IpsecSource
{
    /// <summary>
    /// Asks the kernel where a PF of mlx5 is in switchdev mode and the kernel speaks the protocol already: the question
    /// alone would load a module, and without that nothing can be offloaded.
    /// </summary>
    public static async Task<Reading<ImmutableArray<IpsecOffload>>> ReadAsync(
        HostPaths paths, INetlinkOpener netlink, ImmutableArray<PhysicalFunction> functions,
        CancellationToken cancellation)
    {
        if (!functions.Any(pf => pf.IsMlx5 && pf.Mode == EswitchMode.Switchdev))
        {
            return Reading.Absent<ImmutableArray<IpsecOffload>>("no PF of mlx5 is in switchdev mode");
        }

        Reading<bool> spoken = paths.Files.LooseText(Path.Combine(paths.Proc, "net/netlink")).Map(HasIpsec);
        return !spoken.TryGet(out bool asks) ? Reading.Failed<ImmutableArray<IpsecOffload>>(spoken.Why)
            : !asks ? Reading.Known<ImmutableArray<IpsecOffload>>([])
            : (await SafeRead.TryAsync(async () =>
            {
                INetlinkChannel channel = netlink.Open(NetlinkProtocol.Ipsec);
                using var socket = channel as IDisposable;
                return await new IpsecStates(channel).OffloadedAsync(cancellation);
            })).Map(found => found.ToImmutableArray());
    }

    /// <summary>
    /// Whether a line of <c>/proc/net/netlink</c> (net/netlink/af_netlink.c, netlink_native_seq_show: sk, Eth, Pid, ..)
    /// is the kernel's own socket of NETLINK_XFRM.
    /// </summary>
    internal static bool HasIpsec(string sockets) => sockets.Split('\n').Any(line =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var protocol, "0", ..]
        && protocol == $"{(int)NetlinkProtocol.Ipsec}");
}
