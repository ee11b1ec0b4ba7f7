using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>
/// The front of struct rtnl_link_stats64, linux/if_link.h. Seen from the host: what a VF sends, its representor
/// receives.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LinkTraffic(
    ulong ReceivePackets,
    ulong TransmitPackets,
    ulong ReceiveBytes,
    ulong TransmitBytes,
    ulong ReceiveErrors,
    ulong TransmitErrors,
    ulong ReceiveDropped,
    ulong TransmitDropped);

/// <summary>A link's counters.</summary>
/// <param name="Total">All traffic; of a representor all that the function sent and got, offloaded or not.</param>
/// <param name="SlowPath">
/// What passed through the host's CPU (IFLA_OFFLOAD_XSTATS_CPU_HIT); null where the driver does not tell.
/// </param>
internal readonly record struct LinkCounters(LinkTraffic Total, LinkTraffic? SlowPath);

/// <summary>Reads the counters of all links in one dump. Safe for concurrent use.</summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Route"/>.</param>
internal sealed class LinkStatistics(INetlinkChannel channel)
{
    public const int HeaderLength = StatisticsHeader.Length;
    public const ushort TotalAttribute = 1; // IFLA_STATS_LINK_64
    public const ushort OffloadAttribute = 4; // IFLA_STATS_LINK_OFFLOAD_XSTATS, nest
    public const ushort SlowPathAttribute = 1; // IFLA_OFFLOAD_XSTATS_CPU_HIT

    /// <summary>IFLA_STATS_FILTER_BIT of the two.</summary>
    private const uint Filter = 1 << (TotalAttribute - 1) | 1 << (OffloadAttribute - 1);

    /// <summary>The counters of every link, by its index.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or its answer cannot be used.</exception>
    public async Task<IReadOnlyDictionary<int, LinkCounters>> ReadAsync(CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetStatistics, NetlinkRequestFlags.Dump)
            .Fixed(new StatisticsHeader(0, 0, 0, 0, Filter));
        return await channel.DumpAsync(
            new NetlinkRequest("ip stats show", "", message),
            static () => new Dictionary<int, LinkCounters>(),
            Add,
            cancellationToken);
    }

    private static void Add(Dictionary<int, LinkCounters> counters, NetlinkMessage message)
    {
        var reader = new AttributeReader(message.Payload, StatisticsHeader.Length, "link statistics");
        StatisticsHeader header = MemoryMarshal.Read<StatisticsHeader>(message.Payload);
        LinkTraffic? total = null;
        LinkTraffic? slowPath = null;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case TotalAttribute:
                    total = reader.Structure<LinkTraffic>();
                    break;
                case OffloadAttribute:
                    slowPath = ReadSlowPath(reader.Nested());
                    break;
            }
        }

        counters[header.Index] = total is { } traffic
            ? new LinkCounters(traffic, slowPath)
            : throw new NetlinkMalformedException("link statistics", $"link {header.Index} has no counters");
    }

    private static LinkTraffic? ReadSlowPath(AttributeReader reader)
    {
        while (reader.Read())
        {
            if (reader.Type == SlowPathAttribute)
            {
                return reader.Structure<LinkTraffic>();
            }
        }

        return null;
    }

    /// <summary>struct if_stats_msg, linux/if_link.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct StatisticsHeader(
        byte Family, byte Padding1, ushort Padding2, int Index, uint FilterMask)
    {
        public const int Length = 12;
    }
}
