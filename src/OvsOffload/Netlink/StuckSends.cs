namespace OvsOffload.Netlink;

/// <summary>
/// Requests that were given up while the kernel had not returned from send(2). Each holds a thread and a socket until
/// it does, which may be never: so none is begun about an object while another about the same one is out, and none at
/// all while there are <see cref="Most"/>. What is to be done with another NIC meanwhile is not held up. Network
/// namespaces make no difference: rtnl_lock, which they usually wait for, is one for all. Safe for concurrent use.
/// </summary>
internal sealed class StuckSends
{
    /// <summary>Of one protocol.</summary>
    public const int Most = 4;

    private readonly Lock _lock = new();
    private readonly List<Stuck> _all = [];

    /// <summary>
    /// Waits until a request may be begun; gives the one that it waited for in vain when it is cancelled.
    /// </summary>
    public async Task<NetlinkRequest?> WaitAsync(
        NetlinkProtocol protocol, NetlinkRequest request, CancellationToken cancellation)
    {
        while (Before(protocol, request) is { } before)
        {
            await before.Sending.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
            {
                return before.Request;
            }
        }

        return null;
    }

    /// <summary>Remembers one that was given up, until the kernel returns from it.</summary>
    public void Add(NetlinkProtocol protocol, NetlinkRequest request, Task sending)
    {
        var stuck = new Stuck(protocol, request, sending);
        lock (_lock)
        {
            _all.Add(stuck);
        }

        _ = sending.ContinueWith(
            _ =>
            {
                lock (_lock)
                {
                    _all.Remove(stuck);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private Stuck? Before(NetlinkProtocol protocol, NetlinkRequest request)
    {
        lock (_lock)
        {
            Stuck[] here = [.. _all.Where(one => one.Protocol == protocol && !one.Sending.IsCompleted)];
            return here.FirstOrDefault(one => one.Request.ObjectName == request.ObjectName)
                ?? (here.Length < Most ? null : here[0]);
        }
    }

    private sealed record Stuck(NetlinkProtocol Protocol, NetlinkRequest Request, Task Sending);
}
