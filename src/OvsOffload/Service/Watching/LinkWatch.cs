using OvsOffload.Netlink;

namespace OvsOffload.Service;

/// <summary>
/// Follows the kernel's links and says when one changed in a way that could be drift. Messages that repeat what is
/// known (counters, timers) are passed over.
/// </summary>
internal sealed class LinkWatch(ChangeSignal changes)
{
    private readonly Dictionary<int, object> _known = [];

    /// <summary>Follows until the socket fails.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        using var monitor = new LinkMonitor();
        _known.Clear();
        changes.Raise("subscribed to link notifications");
        await foreach (LinkEvent change in monitor.ReadAllAsync(cancellation))
        {
            if (IsRelevant(change))
            {
                changes.Raise(change.Link is { } link ? $"link {link.Name} changed" : "link notifications were lost");
            }
        }
    }

    /// <summary>Whether an event tells something new.</summary>
    internal bool IsRelevant(LinkEvent change)
    {
        if (change.Link is not { } link)
        {
            _known.Clear();
            return true;
        }

        if (change.Kind == LinkEventKind.Removed)
        {
            _known.Remove(link.Index);
            return true;
        }

        object now = (
            link.Name,
            (link.IsUp, link.HasCarrier, link.Mtu),
            (link.Master, link.SlaveKind, link.Kind),
            (link.PhysicalSwitchId, link.PhysicalPortName, link.ParentDeviceName),
            link.Address.ToString(),
            string.Join(' ', link.AlternativeNames));
        bool news = !_known.TryGetValue(link.Index, out object? before) || !before.Equals(now);
        _known[link.Index] = now;
        return news;
    }
}
