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
    private const ushort DestinationAttribute = 1; // RTA_DST
    private const ushort LinkAttribute = 4; // RTA_OIF, u32
    private const ushort GatewayAttribute = 5; // RTA_GATEWAY
    private const ushort PriorityAttribute = 6; // RTA_PRIORITY, u32
    private const ushort SourceAttribute = 7; // RTA_PREFSRC
    private const ushort MultipathAttribute = 9; // RTA_MULTIPATH, list of struct rtnexthop
    private const ushort TableAttribute = 15; // RTA_TABLE, u32
    private const ushort ViaAttribute = 18; // RTA_VIA, struct rtvia: a gateway of the other family

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

    /// <summary>One, or several for a multipath route.</summary>
    public IReadOnlyList<RouteHop> Hops { get; init; } = [];

    /// <param name="payload">struct rtmsg and attributes.</param>
    public static Route Read(ReadOnlySpan<byte> payload)
    {
        var reader = new AttributeReader(payload, RouteHeader.Length, "route");
        var header = MemoryMarshal.Read<RouteHeader>(payload);
        var route = new Route
        {
            PrefixLength = header.DestinationLength,
            IsIPv6 = header.Family == RouteHeader.IPv6,
            Table = header.Table,
            Type = header.Type,
        };
        var hops = new List<RouteHop>();
        var single = new RouteHop(null, null);
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case LinkAttribute:
                    single = single with { LinkIndex = reader.Int32() };
                    break;
                case GatewayAttribute:
                    single = single with { Gateway = reader.IPAddress() };
                    break;
                case ViaAttribute:
                    single = single with { Gateway = ReadVia(reader.Value) };
                    break;
                case MultipathAttribute:
                    ReadMultipath(reader.Value, hops);
                    break;
                case DestinationAttribute:
                    route = route with { Destination = reader.IPAddress() };
                    break;
                case PriorityAttribute:
                    route = route with { Priority = reader.UInt32() };
                    break;
                case SourceAttribute:
                    route = route with { Source = reader.IPAddress() };
                    break;
                case TableAttribute:
                    route = route with { Table = reader.UInt32() };
                    break;
            }
        }

        return route with { Hops = hops.Count > 0 ? hops : [single] };
    }

    /// <summary>
    /// struct rtnexthop, linux/rtnetlink.h: u16 length with its attributes, u8 flags, u8 weight, s32 link; then
    /// attributes.
    /// </summary>
    private static void ReadMultipath(ReadOnlySpan<byte> list, List<RouteHop> hops)
    {
        const int headerLength = 8;
        while (!list.IsEmpty)
        {
            var length = list.Length >= headerLength ? MemoryMarshal.Read<ushort>(list) : 0;
            if (length < headerLength || length > list.Length)
            {
                throw new NetlinkMalformedException(
                    "route", $"a hop claims {length} bytes where {list.Length} are left");
            }

            var hop = new RouteHop(MemoryMarshal.Read<int>(list[4..]), null);
            var reader = new AttributeReader(list[headerLength..length], "route");
            while (reader.Read())
            {
                hop = reader.Type switch
                {
                    GatewayAttribute => hop with { Gateway = reader.IPAddress() },
                    ViaAttribute => hop with { Gateway = ReadVia(reader.Value) },
                    _ => hop,
                };
            }

            hops.Add(hop);
            list = list[Math.Min(NetlinkMessage.Align(length), list.Length)..];
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

    public static RouteHeader Of(byte family) => new(family, 0, 0, 0, 0, 0, 0, 0, 0);
}
