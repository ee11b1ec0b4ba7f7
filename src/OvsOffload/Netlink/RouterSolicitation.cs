using System.Net;
using System.Net.Sockets;

#pragma warning disable RS0030 // The one packet that this program sends.

namespace OvsOffload.Netlink;

/// <summary>
/// Asks the routers on a link to say who they are (RFC 4861, 4.1). The kernel does so by itself only when a link comes
/// up; one that was up all the time would wait for minutes.
/// </summary>
internal static class RouterSolicitation
{
    private static readonly IPAddress AllRouters = IPAddress.Parse("ff02::2");

    /// <summary>Sends one; that it cannot is no failure, as routers also speak unasked.</summary>
    public static bool TrySend(int linkIndex)
    {
        const byte type = 133; // ND_ROUTER_SOLICIT
        const int hopLimit = 255; // others are dropped (RFC 4861, 6.1.1)
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, hopLimit);
            socket.SetSocketOption(
                SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, linkIndex);

            // The kernel fills in the checksum (RFC 3542, 3.1).
            socket.SendTo([type, 0, 0, 0, 0, 0, 0, 0],
                new IPEndPoint(new IPAddress(AllRouters.GetAddressBytes(), linkIndex), 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
