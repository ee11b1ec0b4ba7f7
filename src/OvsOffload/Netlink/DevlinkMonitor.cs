namespace OvsOffload.Netlink;

internal enum DevlinkEventKind
{
    DeviceAdded,
    DeviceRemoved,

    /// <summary>A port came, got or lost its network device, or changed otherwise.</summary>
    PortChanged,
    PortRemoved,

    /// <summary>Something else of a device: a parameter, a reporter, a rate.</summary>
    Other,

    /// <summary>The kernel dropped messages: read everything again.</summary>
    MessagesLost,
}

/// <summary>News from devlink.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Handle">The device; null when messages were lost.</param>
/// <param name="Port">The port, where it is about one.</param>
internal sealed record DevlinkEvent(DevlinkEventKind Kind, DevlinkHandle? Handle, DevlinkPort? Port)
{
    public static DevlinkEvent Read(NetlinkNotification notification)
    {
        if (notification.IsLoss)
        {
            return new DevlinkEvent(DevlinkEventKind.MessagesLost, null, null);
        }

        if (notification.Payload.Length < GenericNetlink.HeaderLength)
        {
            throw new NetlinkMalformedException("devlink notification", $"{notification.Payload.Length} bytes");
        }

        DevlinkHandle handle = DevlinkMessage.ReadHandle(notification.Payload);
        return notification.Payload[0] switch
        {
            DevlinkCommand.DeviceNew => new DevlinkEvent(DevlinkEventKind.DeviceAdded, handle, null),
            DevlinkCommand.DeviceDelete => new DevlinkEvent(DevlinkEventKind.DeviceRemoved, handle, null),
            DevlinkCommand.PortNew => new DevlinkEvent(
                DevlinkEventKind.PortChanged, handle, DevlinkPort.Read(notification.Payload)),
            DevlinkCommand.PortDelete => new DevlinkEvent(
                DevlinkEventKind.PortRemoved, handle, DevlinkPort.Read(notification.Payload)),
            _ => new DevlinkEvent(DevlinkEventKind.Other, handle, null),
        };
    }
}

/// <summary>
/// Follows devlink's "config" multicast group, from construction on. A change of the e-switch mode itself is not
/// announced, only its ports are.
/// </summary>
internal sealed class DevlinkMonitor : IDisposable
{
    private const string GroupName = "config"; // DEVLINK_GENL_MCGRP_CONFIG_NAME, linux/devlink.h

    private readonly NetlinkSubscription _subscription;

    private DevlinkMonitor(NetlinkSubscription subscription) => _subscription = subscription;

    /// <exception cref="DevlinkAbsentException">This kernel has no devlink.</exception>
    public static async Task<DevlinkMonitor> OpenAsync(
        Devlink devlink,
        NetlinkSocketOptions? options,
        CancellationToken cancellationToken)
    {
        GenericNetlinkFamily family = await devlink.FamilyAsync(cancellationToken);
        uint group = family.Groups.TryGetValue(GroupName, out uint id)
            ? id
            : throw new NetlinkMalformedException("generic netlink family", $"devlink has no group '{GroupName}'");
        return new DevlinkMonitor(new NetlinkSubscription(NetlinkProtocol.Generic, [group], options));
    }

    public IAsyncEnumerable<DevlinkEvent> ReadAllAsync(CancellationToken cancellationToken) =>
        _subscription.ReadAllAsync(cancellationToken).Select(DevlinkEvent.Read);

    public void Dispose() => _subscription.Dispose();
}
