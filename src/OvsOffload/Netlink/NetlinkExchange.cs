using System.Runtime.InteropServices;
using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>How an exchange ended.</summary>
/// <param name="Errno"><see cref="Errno.None"/>, or what the kernel refused the request with.</param>
/// <param name="ExtendedAck">The kernel's words: why it refused, or on success a warning.</param>
/// <param name="Interrupted">A dump that changes disturbed (NLM_F_DUMP_INTR); its messages must not be used.</param>
internal sealed record NetlinkOutcome(Errno Errno, ExtendedAck? ExtendedAck, bool Interrupted)
{
    public static readonly NetlinkOutcome Success = new(Errno.None, null, false);
}

/// <summary>
/// Reads one answer, datagram by datagram. Messages with another sequence number belong to an earlier exchange or are
/// notifications; they are passed over.
/// </summary>
internal sealed class NetlinkExchange(uint sequence, NetlinkMessageHandler onMessage)
{
    private const int ErrorLength = 4;
    private bool _interrupted;

    /// <summary>Takes one datagram in; the outcome when it held the end of the answer, else null.</summary>
    /// <exception cref="NetlinkMalformedException">The datagram is cut or nonsense.</exception>
    public NetlinkOutcome? Accept(ReadOnlySpan<byte> datagram)
    {
        while (NetlinkMessage.TryTake(ref datagram, out NetlinkMessage message))
        {
            if (message.Type == NetlinkControlType.Overrun)
            {
                return new NetlinkOutcome(Errno.ENOBUFS, null, _interrupted);
            }

            if (message.Sequence != sequence || message.Type == NetlinkControlType.Noop)
            {
                continue;
            }

            switch (message.Type)
            {
                case NetlinkControlType.Error:
                    return ReadEnd(message, AttributesOfError(message));
                case NetlinkControlType.Done:
                    _interrupted |= message.Flags.HasFlag(NetlinkReplyFlags.DumpInterrupted);
                    return ReadEnd(message, ErrorLength);
                default:
                    _interrupted |= message.Flags.HasFlag(NetlinkReplyFlags.DumpInterrupted);
                    onMessage(message);
                    break;
            }
        }

        return null;
    }

    private NetlinkOutcome ReadEnd(NetlinkMessage message, int attributesStart)
    {
        // an NLMSG_DONE without an error field ends the dumps of some old families; it means success
        if (message.Type == NetlinkControlType.Done && message.Payload.IsEmpty)
        {
            return new NetlinkOutcome(Errno.None, null, _interrupted);
        }

        if (message.Payload.Length < ErrorLength)
        {
            throw new NetlinkMalformedException(
                "netlink acknowledgement", $"{message.Payload.Length} bytes, shorter than its error number");
        }

        int error = MemoryMarshal.Read<int>(message.Payload);
        if (error == int.MinValue)
        {
            throw new NetlinkMalformedException("netlink acknowledgement", "an impossible error number");
        }

        // the kernel sends errors negated; a dump's end may carry a count, which is not an error
        Errno errno = error < 0 ? (Errno)(-error) : Errno.None;
        ExtendedAck? extendedAck = message.Flags.HasFlag(NetlinkReplyFlags.AcknowledgeAttributes)
            ? ExtendedAckReader.Read(message.Payload[Math.Min(attributesStart, message.Payload.Length)..])
            : null;
        return new NetlinkOutcome(errno, extendedAck, _interrupted);
    }

    /// <summary>
    /// struct nlmsgerr: the error, then the header of the request, then, unless NLM_F_CAPPED is set, the rest of the
    /// request; attributes follow.
    /// </summary>
    private static int AttributesOfError(NetlinkMessage message)
    {
        if (message.Flags.HasFlag(NetlinkReplyFlags.Capped) || message.Payload.Length < ErrorLength + sizeof(uint))
        {
            return ErrorLength + NetlinkMessage.HeaderLength;
        }

        uint requestLength = MemoryMarshal.Read<uint>(message.Payload[ErrorLength..]);
        return requestLength <= message.Payload.Length
            ? ErrorLength + NetlinkMessage.Align((int)requestLength)
            : throw new NetlinkMalformedException(
                "netlink acknowledgement", $"it claims to quote {requestLength} bytes of the request");
    }
}
