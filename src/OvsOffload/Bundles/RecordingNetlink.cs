using System.Runtime.InteropServices;
using OvsOffload.Netlink;
using OvsOffload.Os;

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
        /// <summary>How <see cref="Ethtool"/> calls its question; the feature's name follows.</summary>
        private const string ShowFeature = "ethtool --show-features ";

        /// <inheritdoc/>
        public async Task<NetlinkOutcome> ExchangeAsync(
            NetlinkRequest request, NetlinkMessageHandler onMessage, CancellationToken cancellationToken)
        {
            using var reply = new MemoryStream();
            bool skipped = false;
            Errno failure = Errno.None;
            try
            {
                NetlinkOutcome outcome = await channel.ExchangeAsync(
                    request,
                    message =>
                    {
                        skipped |= reply.Length > Recorder.PartBound;
                        if (!skipped && IsNeeded(request, message))
                        {
                            NetlinkReply.Append(
                                reply, message.Type, (ushort)message.Flags,
                                Filter(request, message));
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
                    skipped ? [] : reply.ToArray())
                {
                    Failure = failure,
                    IsOmitted = skipped,
                });
            }
        }

        /// <summary>
        /// Of a filter nothing that tells whose packets it is for; of IPsec no keys and no peers; of the features of a
        /// link, some sixty in three sets, the one that was asked for.
        /// </summary>
        private ReadOnlySpan<byte> Filter(NetlinkRequest request, NetlinkMessage message)
        {
            if (protocol == NetlinkProtocol.Ipsec)
            {
                byte[] association = message.Payload.ToArray();
                association.AsSpan(0, Math.Min(IpsecStates.HeaderLength, association.Length)).Clear();
                return MaskedNetlink.Filter(association, IpsecStates.HeaderLength, NetlinkParts.Ipsec);
            }

            if (protocol == NetlinkProtocol.Route && message.Type == RtnetlinkType.NewFilter)
            {
                return MaskedNetlink.Filter(message.Payload, TrafficControlHeader.Length, NetlinkParts.Filter);
            }

            return request.Operation.StartsWith(ShowFeature, StringComparison.Ordinal)
                ? FeatureAnswer.Filter(message.Payload, request.Operation[ShowFeature.Length..])
                : message.Payload;
        }

        /// <summary>
        /// Of a table of a million routes only the default ones are asked for, of those of every device only what the
        /// kernel did not make by itself, and of thousands of qdiscs those that filters can be on.
        /// </summary>
        private bool IsNeeded(NetlinkRequest request, NetlinkMessage message)
        {
            if (protocol != NetlinkProtocol.Route || message.Flags.HasFlag(NetlinkReplyFlags.DumpInterrupted))
            {
                return true;
            }

            return message.Type switch
            {
                RtnetlinkType.NewRoute => message.Payload.Length < RouteHeader.Length
                    || IsNeeded(request.Operation, MemoryMarshal.Read<RouteHeader>(message.Payload)),
                RtnetlinkType.NewQdisc => message.Payload.IndexOf("ingress"u8) >= 0
                    || message.Payload.IndexOf("clsact"u8) >= 0,
                _ => true,
            };
        }

        private static bool IsNeeded(string operation, RouteHeader route) =>
            (!operation.EndsWith(" default", StringComparison.Ordinal) || route.DestinationLength == 0)
            && (!operation.EndsWith(" all", StringComparison.Ordinal) || route.Protocol != RouteProtocol.Kernel
                || route.Type == 1); // RTN_UNICAST: the connected route of an address without one of the kernel's

        /// <inheritdoc/>
        public void Dispose() => (channel as IDisposable)?.Dispose();
    }
}
