using System.Buffers;
using System.Runtime.InteropServices;
using OvsOffload.Netlink;

namespace OvsOffload.Bundles;

/// <summary>Writes the messages of an answer as the kernel does, sequence numbers 0.</summary>
internal static class NetlinkReply
{
    private const ushort AcknowledgeMessage = 1; // NLMSGERR_ATTR_MSG
    private const ushort AcknowledgeOffset = 2; // NLMSGERR_ATTR_OFFS
    private const ushort AcknowledgeMissingType = 5; // NLMSGERR_ATTR_MISS_TYPE

    /// <summary>Appends one message (struct nlmsghdr, linux/netlink.h).</summary>
    public static void Append(MemoryStream reply, ushort type, ushort flags, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[NetlinkMessage.HeaderLength];
        header.Clear();
        MemoryMarshal.Write(header, (uint)(NetlinkMessage.HeaderLength + payload.Length));
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        reply.Write(header);
        reply.Write(payload);
        header[..(NetlinkMessage.Align(payload.Length) - payload.Length)].Clear();
        reply.Write(header[..(NetlinkMessage.Align(payload.Length) - payload.Length)]);
    }

    /// <summary>Appends one attribute (struct nlattr, linux/netlink.h).</summary>
    public static void Append(ArrayBufferWriter<byte> output, ushort type, ReadOnlySpan<byte> value)
    {
        int length = 4 + value.Length;
        Span<byte> attribute = output.GetSpan(NetlinkMessage.Align(length))[..NetlinkMessage.Align(length)];
        attribute.Clear();
        MemoryMarshal.Write(attribute, (ushort)length);
        MemoryMarshal.Write(attribute[2..], type);
        value.CopyTo(attribute[4..]);
        output.Advance(attribute.Length);
    }

    /// <summary>Appends an NLMSG_DONE with the outcome, which ends every answer here.</summary>
    public static void AppendEnd(MemoryStream reply, NetlinkOutcome outcome)
    {
        NetlinkReplyFlags flags = NetlinkReplyFlags.Multi;
        flags |= outcome.Interrupted ? NetlinkReplyFlags.DumpInterrupted : 0;
        flags |= outcome.ExtendedAck is null ? 0 : NetlinkReplyFlags.AcknowledgeAttributes;
        NetlinkMessageWriter end = new NetlinkMessageWriter(NetlinkControlType.Done, 0).Fixed(-(int)outcome.Errno);
        if (outcome.ExtendedAck?.Message is { } words)
        {
            end.Attribute(AcknowledgeMessage, words);
        }

        if (outcome.ExtendedAck?.Offset is { } offset)
        {
            end.Attribute(AcknowledgeOffset, offset);
        }

        if (outcome.ExtendedAck?.MissingType is { } missing)
        {
            end.Attribute(AcknowledgeMissingType, missing);
        }

        Append(reply, NetlinkControlType.Done, (ushort)flags, end.ToArray().AsSpan(NetlinkMessage.HeaderLength));
    }
}
