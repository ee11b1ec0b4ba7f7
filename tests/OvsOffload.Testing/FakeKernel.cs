using OvsOffload.Netlink;

namespace OvsOffload.Testing;

/// <summary>
/// A channel whose kernel is a function from the request's bytes to datagrams. Every datagram goes through the reader
/// of answers that the real socket uses; sequence numbers in it are overwritten with the request's.
/// </summary>
internal sealed class FakeKernel(Func<byte[], IEnumerable<byte[]>> answer) : INetlinkChannel
{
    private readonly List<byte[]> _requests = [];

    public IReadOnlyList<byte[]> Requests => _requests;

    public IEnumerable<byte[]> Answer(byte[] request) => answer(request);

    /// <summary>A kernel that answers each request with the next of these, each one datagram.</summary>
    public static FakeKernel WithAnswers(params byte[][] answers)
    {
        int next = 0;
        return new FakeKernel(_ => [answers[next++]]);
    }

    public Task<NetlinkOutcome> ExchangeAsync(
        NetlinkRequest request,
        NetlinkMessageHandler onMessage,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _requests.Add(request.Message);
        uint sequence = (uint)_requests.Count;
        var exchange = new NetlinkExchange(sequence, onMessage);
        foreach (byte[] datagram in answer(request.Message))
        {
            if (exchange.Accept(Bytes.WithSequence(datagram, sequence)) is { } outcome)
            {
                return Task.FromResult(outcome);
            }
        }

        throw new InvalidOperationException("the fake kernel's answer has no end");
    }
}
