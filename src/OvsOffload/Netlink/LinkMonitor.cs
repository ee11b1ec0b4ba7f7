namespace OvsOffload.Netlink;

internal enum LinkEventKind
{
    /// <summary>A link came or changed.</summary>
    Changed,
    Removed,

    /// <summary>The kernel dropped messages: read all links again.</summary>
    MessagesLost,
}

/// <summary>News of links.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Link">The link as it is, or was; null when messages were lost.</param>
internal sealed record LinkEvent(LinkEventKind Kind, Link? Link)
{
    /// <summary>Makes an event of a notification; null where it is about something else.</summary>
    public static LinkEvent? Read(NetlinkNotification notification)
    {
        if (notification.IsLoss)
        {
            return new LinkEvent(LinkEventKind.MessagesLost, null);
        }

        return notification.Type switch
        {
            RtnetlinkType.NewLink => new LinkEvent(LinkEventKind.Changed, Link.Read(notification.Payload)),
            RtnetlinkType.DeleteLink => new LinkEvent(LinkEventKind.Removed, Link.Read(notification.Payload)),
            _ => null,
        };
    }
}

/// <summary>Follows RTNLGRP_LINK, from construction on.</summary>
internal sealed class LinkMonitor(NetlinkSocketOptions? options = null) : IDisposable
{
    private readonly NetlinkSubscription _subscription =
        new(NetlinkProtocol.Route, [RtnetlinkGroup.Link], options);

    /// <exception cref="NetlinkException">The socket failed, or a message cannot be read.</exception>
    public IAsyncEnumerable<LinkEvent> ReadAllAsync(CancellationToken cancellationToken) =>
        _subscription.ReadAllAsync(cancellationToken).Select(LinkEvent.Read).OfType<LinkEvent>();

    public void Dispose() => _subscription.Dispose();
}
