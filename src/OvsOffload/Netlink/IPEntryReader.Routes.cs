using System.Buffers;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <content>Routes.</content>
internal sealed partial class IPEntryReader
{
    private const uint LocalTable = 255; // RT_TABLE_LOCAL
    private const byte Unicast = 1; // RTN_UNICAST
    private const uint Cloned = 0x200; // RTM_F_CLONED

    /// <summary>Adds a payload of RTM_NEWROUTE.</summary>
    public void AddRoute(ReadOnlySpan<byte> payload)
    {
        var route = Route.Read(payload);
        RouteHeader header = MemoryMarshal.Read<RouteHeader>(payload);
        if ((header.Flags & Cloned) != 0 || route.Protocol == RouteProtocol.Redirect)
        {
            return;
        }

        if (route.Protocol == RouteProtocol.RouterAdvertisement)
        {
            _fromRouters.UnionWith(route.Hops.Select(hop => hop.LinkIndex ?? 0));
            return;
        }

        bool kernels = route.Protocol == RouteProtocol.Kernel;
        if (kernels && (route.Table == LocalTable || route.Type != Unicast || route.Destination is null))
        {
            return;
        }

        ArrayBufferWriter<byte> common = Begin(header with { Flags = header.Flags & RouteHeader.OnLink });
        ArrayBufferWriter<byte> hop = new();
        ReadOnlySpan<byte> hops = default;
        long? until = null;
        var reader = new AttributeReader(payload, RouteHeader.Length, "route");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case RouteAttribute.CacheInformation:
                    until = Until(reader.Structure<RouteCacheInformation>().Expires);
                    break;
                case RouteAttribute.Link:
                    IPEntryText.Append(hop, reader.Type, [0, 0, 0, 0]);
                    break;
                case RouteAttribute.Multipath:
                    hops = reader.Value;
                    break;
                case RouteAttribute.Gateway or RouteAttribute.Via or RouteAttribute.EncapsulationType
                    or RouteAttribute.Encapsulation or RouteAttribute.Flow:
                    IPEntryText.Append(hop, reader.Type, reader.Value);
                    break;
                case RouteAttribute.Destination or RouteAttribute.SourceRange or RouteAttribute.Source:
                    _ = reader.IPAddress();
                    IPEntryText.Append(common, reader.Type, reader.Value);
                    break;
                default:
                    IPEntryText.Append(common, reader.Type, reader.Value);
                    break;
            }
        }

        if (route.NexthopId is { } id)
        {
            foreach (int link in _linksOf.GetValueOrDefault(id, []))
            {
                Add(link, Create(common.WrittenSpan, [], until));
            }
        }
        else if (!hops.IsEmpty && route.IsIPv6)
        {
            AddHops(common.WrittenSpan, hops, until);
        }
        else if (!hops.IsEmpty)
        {
            foreach (int link in route.Hops.Select(one => one.LinkIndex ?? 0).Distinct())
            {
                Add(link, Create(common.WrittenSpan, Multipath(hops, link), until));
            }
        }
        else if (route.Hops[0].LinkIndex is { } link && (!kernels || (until is null
            && _withoutRoute.Contains((link, NetworkOf(route.Destination!, route.PrefixLength))))))
        {
            Add(link, Create(common.WrittenSpan, hop.WrittenSpan, until));
        }
    }

    /// <summary>One entry for each hop, as IPv6 keeps them.</summary>
    private void AddHops(ReadOnlySpan<byte> common, ReadOnlySpan<byte> hops, long? until)
    {
        while (RouteHops.TryTake(ref hops, out ReadOnlySpan<byte> one))
        {
            int link = MemoryMarshal.Read<int>(one[4..]);
            var hop = new ArrayBufferWriter<byte>();
            var reader = new AttributeReader(one[RouteHops.HeaderLength..], "route");
            while (reader.Read())
            {
                IPEntryText.Append(hop, reader.Type, reader.Value);
            }

            IPEntryText.Append(hop, RouteAttribute.Link, [0, 0, 0, 0]);
            IPEntry entry = Create(common, hop.WrittenSpan, until) with { Weight = one[3] };
            if ((one[2] & RouteHeader.OnLink) != 0)
            {
                byte[] flagged = [.. entry.Payload];
                MemoryMarshal.Write(flagged.AsSpan(8), RouteHeader.OnLink);
                entry = entry with { Payload = [.. flagged] };
            }

            Add(link, entry);
        }
    }

    private static IPEntry Create(ReadOnlySpan<byte> common, ReadOnlySpan<byte> hop, long? until) =>
        new(IPEntryKind.Route, [.. common, .. hop]) { Until = until };

    private static byte[] Multipath(ReadOnlySpan<byte> hops, int own)
    {
        var list = new ArrayBufferWriter<byte>();
        while (RouteHops.TryTake(ref hops, out ReadOnlySpan<byte> one))
        {
            byte[] fields = one[2..RouteHops.HeaderLength].ToArray();
            fields[0] &= (byte)RouteHeader.OnLink;
            if (MemoryMarshal.Read<int>(fields.AsSpan(2)) == own)
            {
                MemoryMarshal.Write(fields.AsSpan(2), 0);
            }

            var attributes = new ArrayBufferWriter<byte>();
            var reader = new AttributeReader(one[RouteHops.HeaderLength..], "route");
            while (reader.Read())
            {
                IPEntryText.Append(attributes, reader.Type, reader.Value);
            }

            RouteHops.Append(list, fields, attributes.WrittenSpan);
        }

        var output = new ArrayBufferWriter<byte>();
        IPEntryText.Append(output, RouteAttribute.Multipath, list.WrittenSpan);
        return output.WrittenSpan.ToArray();
    }

    private long? Until(int expires)
    {
        const int ticks = 100; // USER_HZ
        return expires == 0 ? null : now + expires / ticks;
    }
}

/// <summary>
/// struct rta_cacheinfo, linux/rtnetlink.h, as far as it is used: the time left in hundredths of seconds.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RouteCacheInformation(uint Clients, uint LastUse, int Expires);
