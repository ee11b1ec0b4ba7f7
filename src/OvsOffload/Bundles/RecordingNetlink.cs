using System.Runtime.InteropServices;
using OvsOffload.Netlink;
using OvsOffload.System;

namespace OvsOffload.Bundles;

/// <summary>Opens channels as <paramref name="opener"/> does, and takes down every exchange over them.</summary>
internal sealed class RecordingNetlink(INetlinkOpener opener, Recorder recorder) : INetlinkOpener
{
    /// <inheritdoc/>
    public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null) =>
        new Channel(opener.Open(protocol, networkNamespace), protocol, networkNamespace, recorder);

    private sealed class Channel(
        INetlinkChannel channel, NetlinkProtocol protocol, string? networkNamespace, Recorder recorder)
        : INetlinkChannel, IDisposable
    {
        /// <inheritdoc/>
        public async Task<NetlinkOutcome> ExchangeAsync(
            NetlinkRequest request, NetlinkMessageHandler onMessage, CancellationToken cancellationToken)
        {
            using var reply = new MemoryStream();
            bool leftOut = false;
            var failure = Errno.None;
            try
            {
                NetlinkOutcome outcome = await channel.ExchangeAsync(
                    request,
                    message =>
                    {
                        leftOut |= reply.Length > Recorder.PartBound;
                        if (!leftOut && IsNeeded(request, message))
                        {
                            NetlinkReply.Append(
                                reply, message.Type, (ushort)message.Flags,
                                protocol == NetlinkProtocol.Route && message.Type == RtnetlinkType.NewFilter
                                    ? MaskedNetlink.Kept(
                                        message.Payload, TrafficControlHeader.Length, NetlinkParts.Filter)
                                    : message.Payload);
                        }

                        onMessage(message);
                    },
                    cancellationToken);
                NetlinkReply.AppendEnd(reply, outcome);
                return outcome;
            }
            catch (NetlinkException exception)
            {
                failure = exception.Errno;
                throw;
            }
            finally
            {
                recorder.Add(new NetlinkRecord(
                    protocol, networkNamespace, request.Operation, request.ObjectName, request.Message,
                    leftOut ? [] : reply.ToArray())
                {
                    Failure = failure,
                    IsLeftOut = leftOut,
                });
            }
        }

        /// <summary>
        /// Of a table of a million routes only the default ones are asked for, and of thousands of qdiscs those that
        /// filters can be on.
        /// </summary>
        private bool IsNeeded(NetlinkRequest request, NetlinkMessage message)
        {
            if (protocol != NetlinkProtocol.Route || message.Flags.HasFlag(NetlinkReplyFlags.DumpInterrupted))
            {
                return true;
            }

            return message.Type switch
            {
                RtnetlinkType.NewRoute => !request.Operation.EndsWith(" default", StringComparison.Ordinal)
                    || message.Payload.Length < RouteHeader.Length
                    || MemoryMarshal.Read<RouteHeader>(message.Payload).DestinationLength == 0,
                RtnetlinkType.NewQdisc => message.Payload.IndexOf("ingress"u8) >= 0
                    || message.Payload.IndexOf("clsact"u8) >= 0,
                _ => true,
            };
        }

        /// <inheritdoc/>
        public void Dispose() => (channel as IDisposable)?.Dispose();
    }
}

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

    /// <summary>Appends an NLMSG_DONE with the outcome, which ends every answer here.</summary>
    public static void AppendEnd(MemoryStream reply, NetlinkOutcome outcome)
    {
        var flags = NetlinkReplyFlags.Multi;
        flags |= outcome.Interrupted ? NetlinkReplyFlags.DumpInterrupted : 0;
        flags |= outcome.ExtendedAck is null ? 0 : NetlinkReplyFlags.AcknowledgeAttributes;
        var end = new NetlinkMessageWriter(NetlinkControlType.Done, 0).Fixed(-(int)outcome.Errno);
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
