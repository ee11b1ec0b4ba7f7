using OvsOffload.Netlink;

namespace OvsOffload.Host;

/// <summary>A socket of generic netlink and its clients, for one reading.</summary>
internal sealed class GenericSession : IDisposable
{
    private readonly INetlinkChannel _channel;

    public GenericSession(INetlinkOpener? opener = null)
        : this((opener ?? LiveNetlink.Instance).Open(NetlinkProtocol.Generic))
    {
    }

    /// <summary>Over a channel, which is disposed with it.</summary>
    public GenericSession(INetlinkChannel channel)
    {
        _channel = channel;
        Devlink = new Devlink(channel);
        Ethtool = new Ethtool(channel);
        Datapaths = new KernelDatapaths(channel);
    }

    public Devlink Devlink { get; }

    public Ethtool Ethtool { get; }

    public KernelDatapaths Datapaths { get; }

    /// <inheritdoc/>
    public void Dispose() => (_channel as IDisposable)?.Dispose();
}
