using System.Net.Sockets;
using System.Runtime.InteropServices;
using OvsOffload.Os;

#pragma warning disable RS0030 // Netlink's own socket.

namespace OvsOffload.Netlink;

/// <summary>
/// A channel to the kernel. Safe for concurrent use: exchanges follow one another. Opens its socket with the first
/// exchange; after an exchange that did not run to its end (timeout, cancellation, malformed answer) the next one gets
/// a fresh socket, so that it cannot meet what is left of the old answer.
/// </summary>
/// <param name="protocol">The protocol.</param>
/// <param name="options">How it is opened, and how long it waits.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="stuck">Requests that were given up, of all sockets that share it.</param>
internal sealed class NetlinkSocket(
    NetlinkProtocol protocol,
    NetlinkSocketOptions? options = null,
    TimeProvider? timeProvider = null,
    StuckSends? stuck = null) : INetlinkChannel, IDisposable
{
    private const int SequenceOffset = 8; // nlmsghdr.nlmsg_seq

    private readonly NetlinkSocketOptions _options = options ?? NetlinkSocketOptions.Default;
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private readonly StuckSends _stuck = stuck ?? new StuckSends();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Connection? _connection;
    private uint _sequence;
    private bool _disposed;

    /// <inheritdoc/>
    public async Task<NetlinkOutcome> ExchangeAsync(
        NetlinkRequest request,
        NetlinkMessageHandler onMessage,
        CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await ExchangeInTurnAsync(request, onMessage, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the socket; an exchange that is under way ends first.</summary>
    public void Dispose()
    {
        _disposed = true;
        Interlocked.Exchange(ref _connection, null)?.Socket.Dispose();
    }

    private Connection Connect()
    {
        Socket socket = NetlinkSocketOpener.Open(protocol, _options.NetworkNamespace, []);
        return new Connection(socket, new NetlinkDatagramReader(socket));
    }

    private async Task<NetlinkOutcome> ExchangeInTurnAsync(
        NetlinkRequest request,
        NetlinkMessageHandler onMessage,
        CancellationToken cancellationToken)
    {
        TimeSpan timeout = request.Timeout ?? _options.Timeout;
        using var clock = new CancellationTokenSource(timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            if (await _stuck.WaitAsync(protocol, request, either.Token) is { } before)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new NetlinkTimeoutException(request, timeout, before);
            }

            Connection connection = _connection ?? Connect();
            _connection = null;
            NetlinkOutcome outcome = await ExchangeAsync(connection, request, onMessage, either.Token);
            _connection = connection;
            if (_disposed)
            {
                Dispose();
            }

            return outcome;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NetlinkTimeoutException(request, timeout);
        }
    }

    /// <summary>One exchange on a socket of its own, which is closed unless the exchange came to its end.</summary>
    private async Task<NetlinkOutcome> ExchangeAsync(
        Connection connection,
        NetlinkRequest request,
        NetlinkMessageHandler onMessage,
        CancellationToken cancellation)
    {
        uint sequence = ++_sequence;
        byte[] message = request.Message.AsSpan().ToArray();
        MemoryMarshal.Write(message.AsSpan(SequenceOffset), sequence);

        // the kernel does the work inside of send(2), for as long as a mode change takes, and cannot be interrupted
        Task<int> sending = Task.Run(
            () => _options.Send(connection.Socket, message), CancellationToken.None);
        bool isComplete = false;
        try
        {
            await sending.WaitAsync(cancellation);
            var exchange = new NetlinkExchange(sequence, onMessage);
            NetlinkOutcome? outcome = null;
            while (outcome is null)
            {
                ReadOnlyMemory<byte> datagram = await connection.Reader.ReceiveAsync(cancellation);
                outcome = exchange.Accept(datagram.Span);
            }

            isComplete = true;
            return outcome;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            throw new NetlinkMessagesLostException(request);
        }
        catch (SocketException exception)
        {
            throw new NetlinkException(
                request.Operation,
                request.ObjectName,
                (Errno)exception.NativeErrorCode,
                innerException: exception);
        }
        finally
        {
            if (!isComplete)
            {
                if (!sending.IsCompleted)
                {
                    _stuck.Add(protocol, request, sending);
                }

                // disposing waits for send(2), so it must not happen before that has returned
                _ = sending.ContinueWith(
                    _ => connection.Socket.Dispose(),
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default);
            }
        }
    }

    private sealed record Connection(Socket Socket, NetlinkDatagramReader Reader);
}
