namespace OvsOffload.Netlink;

/// <summary>
/// Opens channels: sockets of this machine (<see cref="LiveNetlink"/>), or answers that were recorded.
/// </summary>
internal interface INetlinkOpener
{
    /// <summary>Opens a channel; disposing it, where it can be, closes it.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="networkNamespace">A file by which another network namespace is entered; null for the own.</param>
    INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null);
}

/// <summary>Opens sockets of this machine. Remembers only which requests its kernel has not returned from.</summary>
internal sealed class LiveNetlink : INetlinkOpener
{
    private readonly StuckSends _stuck = new();

    /// <summary>The one that there is.</summary>
    public static LiveNetlink Instance { get; } = new();

    /// <inheritdoc/>
    public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null) => new NetlinkSocket(
        protocol,
        networkNamespace is null ? null : new NetlinkSocketOptions { NetworkNamespace = networkNamespace },
        stuck: _stuck);
}
