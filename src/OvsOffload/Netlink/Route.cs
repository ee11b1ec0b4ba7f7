using System.Net;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>One way of a route.</summary>
/// <param name="LinkIndex">The link that packets leave by; null for a route that leads nowhere (blackhole).</param>
/// <param name="Gateway">The next router; null when the destination is on the link.</param>
internal sealed record RouteHop(int? LinkIndex, IPAddress? Gateway);

/// <summary>A route (RTM_NEWROUTE).</summary>
internal sealed record Route
{
    /// <summary>Null for a default route.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>In bits; 0 for a default route.</summary>
    public int PrefixLength { get; init; }

    public bool IsIPv6 { get; init; }

    /// <summary>254 is main, 255 local; others belong to rules.</summary>
    public uint Table { get; init; }

    /// <summary>The metric: of routes to one destination the one with the lowest is used.</summary>
    public uint Priority { get; init; }

    /// <summary>RTN_*, linux/rtnetlink.h: 1 is unicast.</summary>
    public byte Type { get; init; }

    /// <summary>The source address that it gives to packets without one.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>RTPROT_*: who made it.</summary>
    public byte Protocol { get; init; }

    /// <summary>The id of its nexthop object; null for a route with hops of its own.</summary>
    public uint? NexthopId { get; init; }

    /// <summary>One, or several for a multipath route.</summary>
    public IReadOnlyList<RouteHop> Hops { get; init; } = [];

    /// <param name="payload">struct rtmsg and attributes.</param>
    public static Route Read(ReadOnlySpan<byte> payload)
    {
        var reader = new AttributeReader(payload, RouteHeader.Length, "route");
        RouteHeader header = MemoryMarshal.Read<RouteHeader>(payload);
        var route = new Route
        {
            PrefixLength = header.DestinationLength,
            IsIPv6 = header.Family == RouteHeader.IPv6,
            Table = header.Table,
            Type = header.Type,
            Protocol = header.Protocol,
        };
        var hops = new List<RouteHop>();
        var single = new RouteHop(null, null);
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case RouteAttribute.Link:
                    single = single with { LinkIndex = reader.Int32() };
                    break;
                case RouteAttribute.Gateway:
                    single = single with { Gateway = reader.IPAddress() };
                    break;
                case RouteAttribute.Via:
                    single = single with { Gateway = ReadVia(reader.Value) };
                    break;
                case RouteAttribute.Multipath:
                    ReadMultipath(reader.Value, hops);
                    break;
                case RouteAttribute.Destination:
                    route = route with { Destination = reader.IPAddress() };
                    break;
                case RouteAttribute.Priority:
                    route = route with { Priority = reader.UInt32() };
                    break;
                case RouteAttribute.Source:
                    route = route with { Source = reader.IPAddress() };
                    break;
                case RouteAttribute.Table:
                    route = route with { Table = reader.UInt32() };
                    break;
                case RouteAttribute.NexthopId:
                    route = route with { NexthopId = reader.UInt32() };
                    break;
            }
        }

        return route with { Hops = hops.Count > 0 ? hops : [single] };
    }

    private static void ReadMultipath(ReadOnlySpan<byte> list, List<RouteHop> hops)
    {
        while (RouteHops.TryTake(ref list, out ReadOnlySpan<byte> one))
        {
            var hop = new RouteHop(MemoryMarshal.Read<int>(one[4..]), null);
            var reader = new AttributeReader(one[RouteHops.HeaderLength..], "route");
            while (reader.Read())
            {
                hop = reader.Type switch
                {
                    RouteAttribute.Gateway => hop with { Gateway = reader.IPAddress() },
                    RouteAttribute.Via => hop with { Gateway = ReadVia(reader.Value) },
                    _ => hop,
                };
            }

            hops.Add(hop);
        }
    }

    /// <summary>struct rtvia: u16 address family, then the address.</summary>
    private static IPAddress ReadVia(ReadOnlySpan<byte> via) =>
        via.Length is 6 or 18
            ? new IPAddress(via[2..])
            : throw new NetlinkMalformedException("route", $"a gateway of {via.Length} bytes");
}

/// <summary>struct rtmsg, linux/rtnetlink.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RouteHeader(
    byte Family,
    byte DestinationLength,
    byte SourceLength,
    byte Tos,
    byte Table,
    byte Protocol,
    byte Scope,
    byte Type,
    uint Flags)
{
    public const int Length = 12;

    public const byte IPv4 = 2; // AF_INET
    public const byte IPv6 = 10; // AF_INET6

    /// <summary>RTNH_F_ONLINK: the one flag of a hop that may be set; others are the kernel's.</summary>
    public const uint OnLink = 4;

    public static RouteHeader Of(byte family) => new(family, 0, 0, 0, 0, 0, 0, 0, 0);
}
