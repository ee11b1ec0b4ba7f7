using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using OvsOffload.System;

namespace OvsOffload.Netlink;

/// <summary>
/// The IP addresses of a link and the routes that leave by it, as the kernel told them, so that they can be put on
/// another link, or back, with everything that the kernel knows of them (lifetimes, labels, metrics, sources).
/// </summary>
/// <param name="Addresses">Payloads of RTM_NEWADDR; link-local IPv6 ones, which the kernel makes, left out.</param>
/// <param name="Routes">
/// Payloads of RTM_NEWROUTE that somebody added; those that the kernel makes with an address, or that a router
/// announced, left out, as are multipath ones.
/// </param>
internal sealed record LinkIPState(ImmutableArray<byte[]> Addresses, ImmutableArray<byte[]> Routes)
{
    /// <summary>The same with these of the addresses alone; without any of them no route is left either.</summary>
    public LinkIPState Only(IReadOnlyCollection<IPAddress> addresses)
    {
        ImmutableArray<byte[]> kept = [.. Addresses.Where(payload => addresses.Contains(AddressOf(payload)))];
        return new LinkIPState(kept, kept.IsEmpty ? [] : Routes);
    }

    /// <summary>One address as <c>ip address add</c> writes it: no label, no lifetime, no broadcast address.</summary>
    public static LinkIPState Of(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        byte family = bytes.Length == 4 ? RouteHeader.IPv4 : RouteHeader.IPv6;
        // Only the payload is kept: type and flags are those of the request that it is put into.
        byte[] message = new NetlinkMessageWriter(RtnetlinkType.NewAddress, NetlinkRequestFlags.Create)
            .Fixed(new AddressHeader(family, (byte)prefixLength, 0, 0, 0))
            .Attribute(LinkIPAddress.LocalAttribute, bytes)
            .Attribute(LinkIPAddress.AddressAttribute, bytes)
            .ToArray();
        return new LinkIPState([message[NetlinkMessage.HeaderLength..]], []);
    }

    private static IPAddress AddressOf(byte[] payload) => LinkIPAddress.Read(payload).Address;
}

/// <summary>Moves what the IP layer has on a link (rtnetlink). Throws <see cref="NetlinkException"/>.</summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Route"/>.</param>
internal sealed class LinkIPStates(INetlinkChannel channel)
{
    private const ushort AddressLabel = 3; // IFA_LABEL
    private const ushort RouteLink = 4; // RTA_OIF, u32
    private const ushort RouteCacheInformation = 12; // RTA_CACHEINFO: the kernel's, not to be set
    private const ushort RouteTable = 15; // RTA_TABLE, u32
    private const byte ProtocolKernel = 2; // RTPROT_KERNEL
    private const byte ProtocolRouterAdvertisement = 9; // RTPROT_RA
    private const uint LocalTable = 255; // RT_TABLE_LOCAL
    private const uint OnLink = 4; // RTNH_F_ONLINK: the one flag of a next hop that may be set

    /// <summary>Reads what is on a link.</summary>
    public async Task<LinkIPState> ReadAsync(LinkReference link, CancellationToken cancellationToken)
    {
        var addresses = await DumpAsync(
            "ip address show",
            new NetlinkMessageWriter(RtnetlinkType.GetAddress, NetlinkRequestFlags.Dump)
                .Fixed(new AddressHeader(0, 0, 0, 0, 0)),
            payload => AddressHeaderOf(payload).Index == link.Index && !IsLinkLocal(payload),
            cancellationToken);
        var routes = new List<byte[]>();
        foreach (byte family in (byte[])[RouteHeader.IPv4, RouteHeader.IPv6])
        {
            routes.AddRange(await DumpAsync(
                "ip route show",
                new NetlinkMessageWriter(RtnetlinkType.GetRoute, NetlinkRequestFlags.Dump).Fixed(RouteHeader.Of(family)),
                payload => RouteHeaderOf(payload).Family == family && IsAdded(payload, link.Index),
                cancellationToken));
        }

        return new LinkIPState([.. addresses], [.. routes]);
    }

    /// <summary>Puts addresses and routes on a link; what is there already stays.</summary>
    public async Task PutAsync(LinkReference link, LinkIPState state, CancellationToken cancellationToken)
    {
        foreach (byte[] address in state.Addresses)
        {
            await ChangeAsync(
                "ip address add", link, AddressMessage(RtnetlinkType.NewAddress, link, address), cancellationToken);
        }

        foreach (byte[] route in state.Routes)
        {
            await ChangeAsync("ip route add", link, RouteMessage(link, route), cancellationToken);
        }
    }

    /// <summary>Takes addresses off a link; the routes that stand on them go with them.</summary>
    public async Task RemoveAsync(LinkReference link, LinkIPState state, CancellationToken cancellationToken)
    {
        foreach (byte[] address in state.Addresses)
        {
            await ChangeAsync(
                "ip address delete", link, AddressMessage(RtnetlinkType.DeleteAddress, link, address), cancellationToken);
        }
    }

    /// <summary>The request that puts an address on a link.</summary>
    public static NetlinkMessageWriter AddressMessage(ushort type, LinkReference link, ReadOnlySpan<byte> payload)
    {
        var flags = type == RtnetlinkType.NewAddress
            ? NetlinkRequestFlags.Acknowledge | NetlinkRequestFlags.Create | NetlinkRequestFlags.Exclusive
            : NetlinkRequestFlags.Acknowledge;
        var message = new NetlinkMessageWriter(type, flags)
            .Fixed(AddressHeaderOf(payload) with { Index = (uint)link.Index });
        var reader = new AttributeReader(payload, AddressHeader.Length, "address");
        while (reader.Read())
        {
            // A label begins with the old device's name.
            if (reader.Type != AddressLabel)
            {
                message.Attribute(reader.Type, reader.Value);
            }
        }

        return message;
    }

    /// <summary>The request that lets a route leave by a link.</summary>
    public static NetlinkMessageWriter RouteMessage(LinkReference link, ReadOnlySpan<byte> payload)
    {
        var header = RouteHeaderOf(payload);
        var message = new NetlinkMessageWriter(
            RtnetlinkType.NewRoute,
            NetlinkRequestFlags.Acknowledge | NetlinkRequestFlags.Create | NetlinkRequestFlags.Exclusive)
            .Fixed(header with { Flags = header.Flags & OnLink });
        var reader = new AttributeReader(payload, RouteHeader.Length, "route");
        while (reader.Read())
        {
            if (reader.Type == RouteLink)
            {
                message.Attribute(RouteLink, link.Index);
            }
            else if (reader.Type != RouteCacheInformation)
            {
                message.Attribute(reader.Type, reader.Value);
            }
        }

        return message;
    }

    private static bool IsAdded(ReadOnlySpan<byte> payload, int link)
    {
        var header = RouteHeaderOf(payload);
        uint table = header.Table;
        bool leaves = false;
        var reader = new AttributeReader(payload, RouteHeader.Length, "route");
        while (reader.Read())
        {
            leaves |= reader.Type == RouteLink && reader.Int32() == link;
            table = reader.Type == RouteTable ? reader.UInt32() : table;
        }

        return leaves && table != LocalTable
            && header.Protocol is not (ProtocolKernel or ProtocolRouterAdvertisement);
    }

    private static bool IsLinkLocal(ReadOnlySpan<byte> payload)
    {
        var header = AddressHeaderOf(payload);
        return header is { Family: RouteHeader.IPv6, Scope: 253 }; // RT_SCOPE_LINK
    }

    private static AddressHeader AddressHeaderOf(ReadOnlySpan<byte> payload) => payload.Length >= AddressHeader.Length
        ? MemoryMarshal.Read<AddressHeader>(payload)
        : throw new NetlinkMalformedException("address", $"{payload.Length} bytes, shorter than its header");

    private static RouteHeader RouteHeaderOf(ReadOnlySpan<byte> payload) => payload.Length >= RouteHeader.Length
        ? MemoryMarshal.Read<RouteHeader>(payload)
        : throw new NetlinkMalformedException("route", $"{payload.Length} bytes, shorter than its header");

    private Task<List<byte[]>> DumpAsync(
        string operation, NetlinkMessageWriter message, PayloadFilter keep, CancellationToken cancellationToken) =>
        channel.DumpAsync(
            new NetlinkRequest(operation, "", message),
            static () => new List<byte[]>(),
            (list, answer) =>
            {
                if (keep(answer.Payload))
                {
                    list.Add(answer.Payload.ToArray());
                }
            },
            cancellationToken);

    private async Task ChangeAsync(
        string operation, LinkReference link, NetlinkMessageWriter message, CancellationToken cancellationToken)
    {
        try
        {
            await channel.ChangeAsync(new NetlinkRequest(operation, link.ToString(), message), cancellationToken);
        }
        catch (NetlinkException refused) when (refused.Errno is Errno.EEXIST or Errno.EADDRNOTAVAIL)
        {
            // It is there already, or gone already, which is what was wanted.
        }
    }

    private delegate bool PayloadFilter(ReadOnlySpan<byte> payload);
}
