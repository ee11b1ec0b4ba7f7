using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Service;

/// <summary>Follows devlink: ports that come and go, parameters and reporters that change.</summary>
internal sealed class DevlinkWatch(ChangeSignal changes)
{
    /// <summary>Follows until the socket fails.</summary>
    /// <exception cref="DevlinkAbsentException">This kernel has no devlink, or not yet.</exception>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        using var session = new GenericSession();
        using DevlinkMonitor monitor = await DevlinkMonitor.OpenAsync(session.Devlink, options: null, cancellation);
        changes.Raise("subscribed to devlink notifications");
        await foreach (DevlinkEvent change in monitor.ReadAllAsync(cancellation))
        {
            changes.Raise($"devlink: {change.Kind} {change.Handle}");
        }
    }
}
