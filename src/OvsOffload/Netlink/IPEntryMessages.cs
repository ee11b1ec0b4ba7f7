using System.Buffers;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>The requests that put a <see cref="IPEntry"/> on a link, or take it off.</summary>
internal static class IPEntryMessages
{
    /// <summary>
    /// <c>ip address add</c> or <c>del</c>. A label begins with the link's name (<c>eth0:1</c>), so that it follows it;
    /// one that would be too long then (IFNAMSIZ) is left out.
    /// </summary>
    public static NetlinkMessageWriter Address(ushort type, LinkReference link, IPEntry entry, long now)
    {
        const int longest = 15; // IFNAMSIZ without its NUL, linux/if.h
        AddressHeader header = MemoryMarshal.Read<AddressHeader>(entry.Payload.AsSpan());
        NetlinkMessageWriter message = Begin(type, NetlinkRequestFlags.Exclusive, RtnetlinkType.NewAddress)
            .Fixed(header with { Index = (uint)link.Index });
        var reader = new AttributeReader(entry.Payload.AsSpan(), AddressHeader.Length, "address");
        while (reader.Read())
        {
            if (reader.Type != AddressAttribute.Label)
            {
                message.Attribute(reader.Type, reader.Value);
                continue;
            }

            string label = reader.String();
            string follows = link.Name + label[Math.Max(0, label.IndexOf(':', StringComparison.Ordinal))..];
            if (follows.Length <= longest)
            {
                message.Attribute(reader.Type, follows);
            }
        }

        if (type == RtnetlinkType.NewAddress && (entry.Until is not null || entry.PreferredUntil is not null))
        {
            uint valid = entry.Until is { } until ? Remaining(until, now) : uint.MaxValue;
            uint preferred = entry.PreferredUntil is not { } soonest ? valid
                : soonest <= now ? 0
                : Remaining(soonest, now);
            message.Structure(
                AddressAttribute.CacheInformation, new AddressLifetimes(Math.Min(preferred, valid), valid, 0, 0));
        }

        return message;
    }

    /// <summary>
    /// <c>ip nexthop replace</c>: one of this id that is on another link leaves by this one from then on, and the
    /// routes on it stay.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="entry">The nexthop object.</param>
    /// <param name="known">The ids that a group may name; others are left out of it.</param>
    public static NetlinkMessageWriter Nexthop(LinkReference link, IPEntry entry, IReadOnlySet<uint> known)
    {
        NetlinkMessageWriter message = Begin(
            RtnetlinkType.NewNexthop, NetlinkRequestFlags.Replace, RtnetlinkType.NewNexthop)
            .Fixed(MemoryMarshal.Read<NexthopHeader>(entry.Payload.AsSpan()));
        var reader = new AttributeReader(entry.Payload.AsSpan(), NexthopHeader.Length, "nexthop object");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case NexthopAttribute.Link:
                    message.Attribute(reader.Type, link.Index);
                    break;
                case NexthopAttribute.Group:
                    message.Attribute(reader.Type, Members(reader.Value, known));
                    break;
                case NexthopAttribute.Encapsulation or NexthopAttribute.ResilientGroup:
                    message.Attribute((ushort)(reader.Type | NetlinkMessageWriter.NestedFlag), reader.Value);
                    break;
                default:
                    message.Attribute(reader.Type, reader.Value);
                    break;
            }
        }

        return message;
    }

    /// <summary>
    /// <c>ip route append</c> or <c>del</c>: a route to the same destination over another link stays.
    /// </summary>
    /// <param name="type">RTM_NEWROUTE or RTM_DELROUTE.</param>
    /// <param name="link">The link.</param>
    /// <param name="entry">The route.</param>
    /// <param name="now">Seconds since 1970.</param>
    public static NetlinkMessageWriter Route(
        ushort type, LinkReference link, IPEntry entry, long now)
    {
        RouteHeader header = MemoryMarshal.Read<RouteHeader>(entry.Payload.AsSpan());
        NetlinkMessageWriter message = Begin(type, NetlinkRequestFlags.Append, RtnetlinkType.NewRoute);
        var hop = new ArrayBufferWriter<byte>();
        bool weighs = entry.Weight != 0 && type == RtnetlinkType.NewRoute;
        message.Fixed(weighs ? header with { Flags = 0 } : header);
        var reader = new AttributeReader(entry.Payload.AsSpan(), RouteHeader.Length, "route");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case RouteAttribute.Link when weighs:
                    break;
                case RouteAttribute.Link:
                    message.Attribute(reader.Type, link.Index);
                    break;
                case RouteAttribute.Multipath:
                    message.Attribute(reader.Type, Hops(reader.Value, link));
                    break;
                case RouteAttribute.Gateway or RouteAttribute.Via or RouteAttribute.EncapsulationType
                    or RouteAttribute.Encapsulation when weighs:
                    IPEntryText.Append(hop, reader.Type, reader.Value);
                    break;
                default:
                    message.Attribute(reader.Type, reader.Value);
                    break;
            }
        }

        if (weighs)
        {
            // The weight of one hop of several can be told only in a list of hops.
            var hops = new ArrayBufferWriter<byte>();
            RouteHops.Append(
                hops, [(byte)header.Flags, entry.Weight, .. BitConverter.GetBytes(link.Index)], hop.WrittenSpan);
            message.Attribute(RouteAttribute.Multipath, hops.WrittenSpan);
        }

        if (type == RtnetlinkType.NewRoute && entry.Until is { } until)
        {
            message.Attribute(RouteAttribute.Expires, Remaining(until, now));
        }

        return message;
    }

    /// <summary>A request with a payload as the kernel told it, which takes away exactly that.</summary>
    public static NetlinkMessageWriter Verbatim(ushort type, ReadOnlySpan<byte> payload)
    {
        var message = new NetlinkMessageWriter(type, NetlinkRequestFlags.Acknowledge);
        bool isRoute = type == RtnetlinkType.DeleteRoute;
        int header = isRoute ? RouteHeader.Length : AddressHeader.Length;
        var reader = new AttributeReader(payload, header, "kept entry");
        if (isRoute)
        {
            message.Fixed(MemoryMarshal.Read<RouteHeader>(payload) with { Flags = 0 });
        }
        else
        {
            message.Fixed(MemoryMarshal.Read<AddressHeader>(payload));
        }

        while (reader.Read())
        {
            if (!isRoute || reader.Type != RouteAttribute.CacheInformation)
            {
                message.Attribute(reader.Type, reader.Value);
            }
        }

        return message;
    }

    private static NetlinkMessageWriter Begin(ushort type, NetlinkRequestFlags how, ushort making) => new(
        type,
        type == making
            ? NetlinkRequestFlags.Acknowledge | NetlinkRequestFlags.Create | how
            : NetlinkRequestFlags.Acknowledge);

    private static uint Remaining(long until, long now) => (uint)Math.Clamp(until - now, 1, uint.MaxValue - 1);

    private static byte[] Members(ReadOnlySpan<byte> group, IReadOnlySet<uint> known)
    {
        const int length = 8; // struct nexthop_grp
        uint[] members = IPEntryReader.MembersOf(group);
        var kept = new ArrayBufferWriter<byte>();
        for (int i = 0; i < members.Length; i++)
        {
            if (known.Contains(members[i]))
            {
                kept.Write(group.Slice(i * length, length));
            }
        }

        return kept.WrittenSpan.ToArray();
    }

    private static byte[] Hops(ReadOnlySpan<byte> hops, LinkReference link)
    {
        byte[] all = hops.ToArray();
        foreach (int hop in RouteHops.Places(hops))
        {
            if (MemoryMarshal.Read<int>(all.AsSpan(hop + 4)) == 0)
            {
                MemoryMarshal.Write(all.AsSpan(hop + 4), link.Index);
            }
        }

        return all;
    }
}
