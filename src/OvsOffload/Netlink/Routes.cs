using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// The kernel's addresses and routes (rtnetlink), read only: which link carries this host's way to the world. Every
/// method throws <see cref="NetlinkException"/> when the kernel refuses. Safe for concurrent use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Route"/>.</param>
internal sealed class Routes(INetlinkChannel channel)
{
    private const byte Unicast = 1; // RTN_UNICAST, linux/rtnetlink.h
    private const uint LookupTable = 0x1000; // RTM_F_LOOKUP_TABLE: tell the table that the route was found in

    /// <summary>The addresses of all links, IPv4 and IPv6.</summary>
    public Task<IReadOnlyList<LinkIPAddress>> AddressesAsync(CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetAddress, NetlinkRequestFlags.Dump)
            .Fixed(new AddressHeader(0, 0, 0, 0, 0));
        return channel.DumpListAsync(
            new NetlinkRequest("ip address show", "", message), LinkIPAddress.Read, cancellationToken);
    }

    /// <summary>
    /// The default routes of all tables, IPv4 and IPv6. Of a table of a million routes only these are kept.
    /// </summary>
    public async Task<IReadOnlyList<Route>> DefaultRoutesAsync(CancellationToken cancellationToken) =>
    [
        .. await DefaultRoutesAsync("ip -4 route show default", RouteHeader.IPv4, cancellationToken),
        .. await DefaultRoutesAsync("ip -6 route show default", RouteHeader.IPv6, cancellationToken),
    ];

    /// <summary>The route that a packet to an address would take; null when there is none.</summary>
    public async Task<Route?> LookUpAsync(IPAddress destination, CancellationToken cancellationToken)
    {
        byte[] bytes = destination.GetAddressBytes();
        bool isIPv6 = destination.AddressFamily == AddressFamily.InterNetworkV6;
        RouteHeader header = RouteHeader.Of(isIPv6 ? RouteHeader.IPv6 : RouteHeader.IPv4) with
        {
            DestinationLength = (byte)(bytes.Length * 8),
            Flags = LookupTable,
        };
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetRoute, NetlinkRequestFlags.Acknowledge)
            .Fixed(header)
            .Attribute(RouteAttribute.Destination, bytes);
        try
        {
            return await channel.GetAsync(
                new NetlinkRequest("ip route get", destination.ToString(), message),
                static answer => Route.Read(answer.Payload),
                cancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.ENETUNREACH or Errno.EHOSTUNREACH)
        {
            return null;
        }
    }

    /// <summary>The policy rules of both families.</summary>
    public Task<IReadOnlyList<PolicyRule>> RulesAsync(CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetRule, NetlinkRequestFlags.Dump)
            .Fixed(RouteHeader.Of(0));
        return channel.DumpListAsync(
            new NetlinkRequest("ip rule show", "", message), static answer => PolicyRule.Read(answer.Payload),
            cancellationToken);
    }

    private async Task<List<Route>> DefaultRoutesAsync(
        string operation,
        byte family,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetRoute, NetlinkRequestFlags.Dump)
            .Fixed(RouteHeader.Of(family));
        return await channel.DumpAsync(
            new NetlinkRequest(operation, "", message),
            static () => new List<Route>(),
            (routes, answer) =>
            {
                // a kernel without IPv6 answers the question for it with the routes of all families
                if (answer.Payload.Length >= RouteHeader.Length
                    && MemoryMarshal.Read<RouteHeader>(answer.Payload) is { DestinationLength: 0, Type: Unicast } header
                    && header.Family == family)
                {
                    routes.Add(Route.Read(answer.Payload));
                }
            },
            cancellationToken);
    }
}
