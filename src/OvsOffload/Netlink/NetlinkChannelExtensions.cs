using OvsOffload.Os;


namespace OvsOffload.Netlink;

/// <summary>The three ways to ask: change something, get one object, dump all of a kind.</summary>
internal static class NetlinkChannelExtensions
{
    /// <summary>
    /// How often a dump is tried while the kernel says that it changed meanwhile. The creation of 127 VFs changes the
    /// link table for seconds; a dump takes milliseconds.
    /// </summary>
    public const int DumpAttempts = 8;

    /// <summary>The attempts after a first one that was disturbed, at once.</summary>
    private static readonly RetryOptions DumpRetry = new() { Retries = DumpAttempts - 2, Delay = TimeSpan.Zero };

    /// <summary>Sends a request that changes something. Returns the kernel's warning, or null.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or its answer cannot be used.</exception>
    public static async Task<string?> ChangeAsync(
        this INetlinkChannel channel,
        NetlinkRequest request,
        CancellationToken cancellationToken)
    {
        NetlinkOutcome outcome = await channel.RunAsync(request, static _ => { }, cancellationToken);
        ThrowIfRefused(request, outcome);
        return outcome.ExtendedAck?.Message;
    }

    /// <summary>Asks for one object.</summary>
    /// <param name="channel">Where to ask.</param>
    /// <param name="request">The request.</param>
    /// <param name="read">Makes the object of the answer's message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NetlinkException">The kernel refused, or its answer cannot be used.</exception>
    public static async Task<T> GetAsync<T>(
        this INetlinkChannel channel,
        NetlinkRequest request,
        NetlinkObjectReader<T> read,
        CancellationToken cancellationToken)
    {
        bool hasResult = false;
        T? result = default;
        NetlinkOutcome outcome = await channel.RunAsync(
            request,
            message =>
            {
                result = read(message);
                hasResult = true;
            },
            cancellationToken);
        ThrowIfRefused(request, outcome);
        return hasResult
            ? result!
            : throw new NetlinkMalformedException("answer", "it holds no object")
                .During(request.Operation, request.ObjectName);
    }

    /// <summary>
    /// Dumps all objects of a kind into a result, which is begun anew each time that a change disturbs the dump.
    /// </summary>
    /// <param name="channel">Where to ask.</param>
    /// <param name="request">The request, with <see cref="NetlinkRequestFlags.Dump"/>.</param>
    /// <param name="begin">Makes an empty result.</param>
    /// <param name="add">Adds one message to the result.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NetlinkDumpInterruptedException">Disturbed each time.</exception>
    /// <exception cref="NetlinkException">The kernel refused, or its answer cannot be used.</exception>
    public static async Task<TResult> DumpAsync<TResult>(
        this INetlinkChannel channel,
        NetlinkRequest request,
        Func<TResult> begin,
        NetlinkResultBuilder<TResult> add,
        CancellationToken cancellationToken)
    {
        // A host with many VFs is dumped hundreds of times for one answer, and hardly one of them is disturbed.
        (TResult? result, bool isInterrupted) = await TryAsync(cancellationToken);
        if (isInterrupted)
        {
            (result, isInterrupted) = await DumpRetry.UntilAsync(
                TryAsync, attempt => !attempt.IsInterrupted, TimeProvider.System, cancellationToken);
        }

        return isInterrupted ? throw new NetlinkDumpInterruptedException(request, DumpAttempts) : result;

        async Task<(TResult Result, bool IsInterrupted)> TryAsync(CancellationToken token)
        {
            TResult? begun = begin();
            NetlinkOutcome outcome = await channel.RunAsync(request, message => add(begun, message), token);
            ThrowIfRefused(request, outcome);
            return (begun, outcome.Interrupted);
        }
    }

    /// <summary>Dumps all objects of a kind into a list.</summary>
    public static async Task<IReadOnlyList<T>> DumpListAsync<T>(
        this INetlinkChannel channel,
        NetlinkRequest request,
        NetlinkObjectReader<T> read,
        CancellationToken cancellationToken)
        => await channel.DumpAsync(
            request, static () => new List<T>(), (list, message) => list.Add(read(message)), cancellationToken);

    private static async Task<NetlinkOutcome> RunAsync(
        this INetlinkChannel channel,
        NetlinkRequest request,
        NetlinkMessageHandler onMessage,
        CancellationToken cancellationToken)
    {
        try
        {
            return await channel.ExchangeAsync(request, onMessage, cancellationToken);
        }
        catch (NetlinkMalformedException malformed) when (malformed.Operation.Length == 0)
        {
            throw malformed.During(request.Operation, request.ObjectName);
        }
    }

    private static void ThrowIfRefused(NetlinkRequest request, NetlinkOutcome outcome)
    {
        switch (outcome.Errno)
        {
            case Errno.None:
                return;
            case Errno.EMSGSIZE:
                throw new NetlinkTooBigException(request, outcome.ExtendedAck);
            default:
                throw new NetlinkException(
                    request.Operation, request.ObjectName, outcome.Errno, outcome.ExtendedAck);
        }
    }
}

/// <summary>Makes an object of a message.</summary>
internal delegate T NetlinkObjectReader<out T>(NetlinkMessage message);

/// <summary>Adds a message to the result of a dump.</summary>
internal delegate void NetlinkResultBuilder<in TResult>(TResult result, NetlinkMessage message);
