using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>One message of a datagram (struct nlmsghdr, linux/netlink.h), a view into the receive buffer.</summary>
internal readonly ref struct NetlinkMessage
{
    /// <summary>
    /// NLMSG_HDRLEN: u32 length with this header, u16 type, u16 flags, u32 sequence number, u32 port.
    /// </summary>
    public const int HeaderLength = 16;

    private NetlinkMessage(ReadOnlySpan<byte> message)
    {
        Type = MemoryMarshal.Read<ushort>(message[4..]);
        Flags = (NetlinkReplyFlags)MemoryMarshal.Read<ushort>(message[6..]);
        Sequence = MemoryMarshal.Read<uint>(message[8..]);
        Payload = message[HeaderLength..];
    }

    public ushort Type { get; }

    public NetlinkReplyFlags Flags { get; }

    /// <summary>The sequence number of the request that this answers; 0 on notifications.</summary>
    public uint Sequence { get; }

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>NLMSG_ALIGN and NLA_ALIGN: up to the next multiple of 4.</summary>
    public static int Align(int length) => (length + 3) & ~3;

    /// <summary>
    /// Takes the next message off a datagram; false at its end. Throws <see cref="NetlinkMalformedException"/> where a
    /// length does not fit, as in a datagram that was cut.
    /// </summary>
    public static bool TryTake(ref ReadOnlySpan<byte> datagram, out NetlinkMessage message)
    {
        message = default;
        if (datagram.IsEmpty)
        {
            return false;
        }

        if (datagram.Length < HeaderLength)
        {
            throw new NetlinkMalformedException("netlink message", $"{datagram.Length} stray bytes");
        }

        uint length = MemoryMarshal.Read<uint>(datagram);
        if (length < HeaderLength || length > datagram.Length)
        {
            throw new NetlinkMalformedException(
                "netlink message", $"a message claims {length} bytes where {datagram.Length} are left");
        }

        message = new NetlinkMessage(datagram[..(int)length]);
        datagram = datagram[Math.Min(Align((int)length), datagram.Length)..];
        return true;
    }
}

/// <summary>
/// Sees each message of an answer while it lies in the receive buffer; keeps nothing of it but copies.
/// </summary>
internal delegate void NetlinkMessageHandler(NetlinkMessage message);
