using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>
/// The kernel's filters, read only: what Open vSwitch handed over to tc, and whether a NIC took it. Every method throws
/// <see cref="NetlinkException"/> when the kernel refuses. Safe for concurrent use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Route"/>.</param>
internal sealed class TrafficControl(INetlinkChannel channel)
{
    private const uint Terse = 1; // TCA_DUMP_FLAGS_TERSE, linux/rtnetlink.h

    /// <summary>The ingress and clsact qdiscs of all links.</summary>
    public async Task<IReadOnlyList<IngressQdisc>> IngressQdiscsAsync(CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetQdisc, NetlinkRequestFlags.Dump)
            .Fixed(TrafficControlHeader.Of(0, 0));
        return await channel.DumpAsync(
            new NetlinkRequest("tc qdisc show", "", message),
            static () => new List<IngressQdisc>(),
            static (qdiscs, answer) =>
            {
                if (IngressQdisc.Read(answer) is { } qdisc)
                {
                    qdiscs.Add(qdisc);
                }
            },
            cancellationToken);
    }

    /// <summary>The root qdiscs of all links that hold packets back.</summary>
    public async Task<IReadOnlyList<RootQdisc>> ShapersAsync(CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetQdisc, NetlinkRequestFlags.Dump)
            .Fixed(TrafficControlHeader.Of(0, 0));
        return await channel.DumpAsync(
            new NetlinkRequest("tc qdisc show", "", message),
            static () => new List<RootQdisc>(),
            static (qdiscs, answer) =>
            {
                if (RootQdisc.Read(answer) is { } qdisc)
                {
                    qdiscs.Add(qdisc);
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// Counts the flower filters of a target by a terse dump, of which nothing is kept: cheap with 100 000 filters. A
    /// target that is gone has no filters.
    /// </summary>
    public async Task<FlowerCounts> CountFlowerAsync(FilterTarget target, CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = FilterDump(target)
            .Structure(TrafficControlAttribute.DumpFlags, new Bitfield32(Terse, Terse));
        FlowerTally tally = await channel.DumpAsync(
            new NetlinkRequest("tc filter show terse", target.ToString(), message),
            static () => new FlowerTally(),
            static (tally, answer) => tally.Add(answer),
            cancellationToken);
        return tally.Counts;
    }

    /// <summary>Reads the flower filters of a target, each in full, into a result of the caller's making.</summary>
    /// <param name="target">Whose filters.</param>
    /// <param name="begin">Makes an empty result; called again when a change disturbed the dump.</param>
    /// <param name="add">Adds a filter to the result.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TResult> ReadFlowerAsync<TResult>(
        FilterTarget target,
        Func<TResult> begin,
        Action<TResult, FlowerFilter> add,
        CancellationToken cancellationToken)
        => channel.DumpAsync(
            new NetlinkRequest("tc filter show", target.ToString(), FilterDump(target)),
            begin,
            (result, answer) =>
            {
                if (FlowerFilter.Read(answer) is { } filter)
                {
                    add(result, filter);
                }
            },
            cancellationToken);

    private static NetlinkMessageWriter FilterDump(FilterTarget target) =>
        new NetlinkMessageWriter(RtnetlinkType.GetFilter, NetlinkRequestFlags.Dump).Fixed(target.Header);

    /// <summary>struct nla_bitfield32, linux/netlink.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Bitfield32(uint Value, uint Selector);

    private sealed class FlowerTally
    {
        private long _inHardware;
        private long _notInHardware;
        private long _unknown;

        public FlowerCounts Counts => new(_inHardware, _notInHardware, _unknown);

        public void Add(NetlinkMessage message)
        {
            if (!FlowerMessage.TryRead(message, out FlowerMessage flower))
            {
                return;
            }

            FilterFlags flags = flower.ReadFlags();
            if (flags.HasFlag(FilterFlags.InHardware))
            {
                _inHardware++;
            }
            else if (flags.HasFlag(FilterFlags.NotInHardware))
            {
                _notInHardware++;
            }
            else
            {
                _unknown++;
            }
        }
    }
}
