namespace OvsOffload.Netlink;

/// <summary>What all devlink messages share: the device's handle.</summary>
internal static class DevlinkMessage
{
    /// <summary>DEVLINK_GENL_VERSION, linux/devlink.h.</summary>
    public const byte Version = 1;

    /// <summary>Reads the handle of the device that a message is about.</summary>
    /// <param name="payload">Generic netlink header and attributes.</param>
    public static DevlinkHandle ReadHandle(ReadOnlySpan<byte> payload) =>
        ReadHandle(new AttributeReader(payload, GenericNetlink.HeaderLength, "devlink handle"));

    /// <summary>Reads a handle among attributes.</summary>
    public static DevlinkHandle ReadHandle(AttributeReader reader)
    {
        string? bus = null;
        string? device = null;
        while ((bus is null || device is null) && reader.Read())
        {
            switch (reader.Type)
            {
                case DevlinkAttribute.BusName:
                    bus = reader.String();
                    break;
                case DevlinkAttribute.DeviceName:
                    device = reader.String();
                    break;
            }
        }

        return bus is not null && device is not null
            ? new DevlinkHandle(bus, device)
            : throw new NetlinkMalformedException("devlink message", "it names no device");
    }

    public static NetlinkMessageWriter Handle(this NetlinkMessageWriter message, DevlinkHandle handle) =>
        message
            .Attribute(DevlinkAttribute.BusName, handle.Bus)
            .Attribute(DevlinkAttribute.DeviceName, handle.Device);
}
