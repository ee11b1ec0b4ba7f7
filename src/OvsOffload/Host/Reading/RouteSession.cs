using OvsOffload.Netlink;

namespace OvsOffload.Host;

/// <summary>A socket of rtnetlink and its clients, for one reading.</summary>
internal sealed class RouteSession : IDisposable
{
    private readonly INetlinkChannel _channel;

    public RouteSession(INetlinkOpener? opener = null)
        : this((opener ?? LiveNetlink.Instance).Open(NetlinkProtocol.Route))
    {
    }

    /// <summary>Over a channel, which is disposed with it.</summary>
    public RouteSession(INetlinkChannel channel)
    {
        _channel = channel;
        Links = new Links(channel);
        Routes = new Routes(channel);
        TrafficControl = new TrafficControl(channel);
        IPStates = new LinkIPStates(channel, TimeProvider.System);
        Statistics = new LinkStatistics(channel);
    }

    public Links Links { get; }

    public Routes Routes { get; }

    public TrafficControl TrafficControl { get; }

    public LinkIPStates IPStates { get; }

    public LinkStatistics Statistics { get; }

    /// <inheritdoc/>
    public void Dispose() => (_channel as IDisposable)?.Dispose();
}
