namespace OvsOffload.Netlink;

/// <summary>
/// Where requests go: a <see cref="NetlinkSocket"/>, or in tests a function that plays the kernel. Safe for concurrent
/// use; exchanges follow one another.
/// </summary>
internal interface INetlinkChannel
{
    /// <summary>
    /// Sends a request and hands every message of the answer to <paramref name="onMessage"/>, in order, until the
    /// kernel has acknowledged the request or ended the dump. The kernel's refusal is a value, <see
    /// cref="NetlinkOutcome.Errno"/>.
    /// </summary>
    /// <exception cref="NetlinkMalformedException">The answer cannot be read.</exception>
    /// <exception cref="NetlinkTimeoutException">The answer did not end in time.</exception>
    /// <exception cref="NetlinkMessagesLostException">A part of the answer was dropped.</exception>
    Task<NetlinkOutcome> ExchangeAsync(
        NetlinkRequest request,
        NetlinkMessageHandler onMessage,
        CancellationToken cancellationToken);
}
