using OvsOffload.Os;


namespace OvsOffload.Netlink;

/// <summary>A generic netlink family as the kernel numbered it when the family's module was loaded.</summary>
/// <param name="Name">The family's name, <c>devlink</c>.</param>
/// <param name="Id">The message type of its requests; differs from boot to boot.</param>
/// <param name="Groups">Its multicast groups by name.</param>
internal sealed record GenericNetlinkFamily(string Name, ushort Id, IReadOnlyDictionary<string, uint> Groups);

/// <summary>Finds generic netlink families (linux/genetlink.h).</summary>
internal static class GenericNetlink
{
    /// <summary>GENL_HDRLEN: u8 command, u8 version, u16 reserved, in front of the attributes.</summary>
    public const int HeaderLength = 4;

    private const ushort ControlFamily = 16; // GENL_ID_CTRL
    private const byte GetFamily = 3; // CTRL_CMD_GETFAMILY
    private const byte ControlVersion = 1; // any will do, the controller does not look at it

    private const ushort FamilyIdAttribute = 1; // CTRL_ATTR_FAMILY_ID
    private const ushort FamilyNameAttribute = 2; // CTRL_ATTR_FAMILY_NAME
    private const ushort GroupsAttribute = 7; // CTRL_ATTR_MCAST_GROUPS
    private const ushort GroupNameAttribute = 1; // CTRL_ATTR_MCAST_GRP_NAME
    private const ushort GroupIdAttribute = 2; // CTRL_ATTR_MCAST_GRP_ID

    /// <summary>Asks for a family by name; null when this kernel has none, or its module is not loaded.</summary>
    /// <exception cref="NetlinkException">The kernel refused for another reason.</exception>
    public static async Task<GenericNetlinkFamily?> FindFamilyAsync(
        INetlinkChannel channel,
        string name,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = Message(
            ControlFamily, GetFamily, ControlVersion, NetlinkRequestFlags.Acknowledge)
            .Attribute(FamilyNameAttribute, name);
        var request = new NetlinkRequest("find generic netlink family", name, message);
        try
        {
            return await channel.GetAsync(request, ReadFamily, cancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>Begins a message of a family: netlink header and struct genlmsghdr.</summary>
    public static NetlinkMessageWriter Message(ushort family, byte command, byte version, NetlinkRequestFlags flags) =>
        new NetlinkMessageWriter(family, flags).Fixed(command | (uint)version << 8);

    private static GenericNetlinkFamily ReadFamily(NetlinkMessage message)
    {
        ushort? id = null;
        string name = "";
        var groups = new Dictionary<string, uint>();
        var reader = new AttributeReader(message.Payload, HeaderLength, "generic netlink family");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case FamilyIdAttribute:
                    id = reader.UInt16();
                    break;
                case FamilyNameAttribute:
                    name = reader.String();
                    break;
                case GroupsAttribute:
                    AttributeReader list = reader.Nested();
                    while (list.Read())
                    {
                        ReadGroup(list.Nested(), groups);
                    }

                    break;
            }
        }

        return id is { } number
            ? new GenericNetlinkFamily(name, number, groups)
            : throw new NetlinkMalformedException("generic netlink family", "it has no id");
    }

    private static void ReadGroup(AttributeReader reader, Dictionary<string, uint> groups)
    {
        string? name = null;
        uint? id = null;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case GroupNameAttribute:
                    name = reader.String();
                    break;
                case GroupIdAttribute:
                    id = reader.UInt32();
                    break;
            }
        }

        if (name is not null && id is { } number)
        {
            groups[name] = number;
        }
    }
}
