using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>
/// Answers requests as a bundle recorded them; a request that was made more than once gets its answers in order, and
/// the last one from then on. Safe for concurrent use.
/// </summary>
internal sealed class RecordedNetlink : INetlinkOpener
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<NetlinkRecord>> _answers = [];

    public RecordedNetlink(ImmutableArray<NetlinkRecord> exchanges)
    {
        foreach (NetlinkRecord exchange in exchanges)
        {
            string key = Key(exchange.Protocol, exchange.NetworkNamespace, exchange.Request);
            if (!_answers.TryGetValue(key, out Queue<NetlinkRecord>? queue))
            {
                _answers.Add(key, queue = new Queue<NetlinkRecord>());
            }

            queue.Enqueue(exchange);
        }
    }

    /// <inheritdoc/>
    public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null) =>
        new Channel(this, protocol, networkNamespace);

    private static string Key(NetlinkProtocol protocol, string? networkNamespace, byte[] request) =>
        $"{(int)protocol} {networkNamespace} {Convert.ToHexString(request)}";

    private NetlinkRecord? Next(string key)
    {
        lock (_lock)
        {
            return !_answers.TryGetValue(key, out Queue<NetlinkRecord>? queue) ? null
                : queue.Count > 1 ? queue.Dequeue()
                : queue.Peek();
        }
    }

    private sealed class Channel(RecordedNetlink record, NetlinkProtocol protocol, string? networkNamespace)
        : INetlinkChannel
    {
        /// <inheritdoc/>
        public Task<NetlinkOutcome> ExchangeAsync(
            NetlinkRequest request, NetlinkMessageHandler onMessage, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record.Next(Key(protocol, networkNamespace, request.Message)) is not { } exchange)
            {
                throw new NotRecordedException(request, "not in the bundle");
            }

            if (exchange.IsOmitted)
            {
                throw new NotRecordedException(request, "the reply was too long for the bundle");
            }

            NetlinkOutcome? outcome = new NetlinkExchange(sequence: 0, onMessage).Accept(exchange.Reply);
            return outcome is not null
                ? Task.FromResult(outcome)
                : throw (exchange.Failure switch
                {
                    Errno.None or Errno.EBADMSG =>
                        new NetlinkMalformedException("recorded answer", "truncated")
                            .During(request.Operation, request.ObjectName),
                    Errno.ENOBUFS => new NetlinkMessagesLostException(request),
                    _ => new NetlinkException(request.Operation, request.ObjectName, exchange.Failure),
                });
        }
    }
}

/// <summary>A bundle has no answer to a request.</summary>
internal sealed class NotRecordedException(NetlinkRequest request, string words)
    : NetlinkException(request.Operation, request.ObjectName, Errno.ENODATA, words);
