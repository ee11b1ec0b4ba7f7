using System.Net.Sockets;

#pragma warning disable RS0030 // Netlink's own socket.

namespace OvsOffload.Netlink;

/// <summary>
/// Receives whole datagrams. Each one's length is asked for first (MSG_PEEK with MSG_TRUNC), so that the buffer grows
/// to it and nothing is ever cut.
/// </summary>
internal sealed class NetlinkDatagramReader(Socket socket)
{
    /// <summary>More than the largest datagram of a dump, which the kernel makes at most 32 KiB.</summary>
    private const int InitialLength = 64 * 1024;

    private readonly byte[] _probe = new byte[1];
    private byte[] _buffer = new byte[InitialLength];

    /// <summary>The next datagram; valid until the next call.</summary>
    /// <exception cref="SocketException">Among others NoBufferSpaceAvailable: the kernel dropped messages.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        int length = await socket.ReceiveAsync(
            _probe, SocketFlags.Peek | SocketFlags.Truncated, cancellationToken);
        if (length > _buffer.Length)
        {
            _buffer = new byte[Math.Max(length, _buffer.Length * 2)];
        }

        int received = await socket.ReceiveAsync(_buffer, SocketFlags.Truncated, cancellationToken);
        return received <= _buffer.Length
            ? _buffer.AsMemory(0, received)
            : throw new NetlinkMalformedException(
                "netlink datagram", $"{received} bytes cut to {_buffer.Length}");
    }
}
