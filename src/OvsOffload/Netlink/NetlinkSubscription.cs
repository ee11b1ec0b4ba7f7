using System.Net.Sockets;
using System.Runtime.CompilerServices;
using OvsOffload.Os;

#pragma warning disable RS0030 // Netlink's own socket.

namespace OvsOffload.Netlink;

/// <summary>One multicast message, or the news that some were lost.</summary>
/// <param name="Type">nlmsg_type.</param>
/// <param name="Payload">What follows the header.</param>
internal sealed record NetlinkNotification(ushort Type, byte[] Payload)
{
    /// <summary>
    /// The kernel dropped messages because they were not read fast enough: what they were about has to be read again.
    /// </summary>
    public static readonly NetlinkNotification MessagesLost = new(0, []);

    public bool IsLoss => Type == 0;
}

/// <summary>
/// A membership in multicast groups, in effect from construction on: subscribe first, then read the state, then follow,
/// and no change falls between. For one reader.
/// </summary>
internal sealed class NetlinkSubscription : IDisposable
{
    /// <summary>
    /// Room for the burst of a mode change: some hundred links, several messages of about 2 KiB each.
    /// </summary>
    private const int ReceiveBufferLength = 4 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly NetlinkDatagramReader _reader;

    /// <exception cref="NetlinkException">The kernel refuses the socket or the membership.</exception>
    public NetlinkSubscription(
        NetlinkProtocol protocol,
        IReadOnlyList<uint> groups,
        NetlinkSocketOptions? options = null)
    {
        _socket = NetlinkSocketOpener.Open(protocol, options?.NetworkNamespace, groups);
        _socket.ReceiveBufferSize = ReceiveBufferLength;
        _reader = new NetlinkDatagramReader(_socket);
    }

    /// <summary>The messages as they come, without end.</summary>
    /// <exception cref="NetlinkException">The socket failed, or a message cannot be read.</exception>
    public async IAsyncEnumerable<NetlinkNotification> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (NetlinkNotification notification in await ReceiveAsync(cancellationToken))
            {
                yield return notification;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<List<NetlinkNotification>> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> datagram = await _reader.ReceiveAsync(cancellationToken);
            return Split(datagram.Span);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            return [NetlinkNotification.MessagesLost];
        }
        catch (SocketException exception)
        {
            throw new NetlinkException(
                "receive notifications", "", (Errno)exception.NativeErrorCode, innerException: exception);
        }
    }

    private static List<NetlinkNotification> Split(ReadOnlySpan<byte> datagram)
    {
        var notifications = new List<NetlinkNotification>();
        while (NetlinkMessage.TryTake(ref datagram, out NetlinkMessage message))
        {
            switch (message.Type)
            {
                case NetlinkControlType.Overrun:
                    notifications.Add(NetlinkNotification.MessagesLost);
                    break;
                case > NetlinkControlType.Overrun:
                    notifications.Add(new NetlinkNotification(message.Type, message.Payload.ToArray()));
                    break;
            }
        }

        return notifications;
    }
}
