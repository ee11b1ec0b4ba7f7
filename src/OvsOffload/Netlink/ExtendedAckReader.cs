namespace OvsOffload.Netlink;

/// <summary>Reads what the kernel says beside an error number (enum nlmsgerr_attrs, linux/netlink.h).</summary>
internal static class ExtendedAckReader
{
    private const ushort MessageAttribute = 1; // NLMSGERR_ATTR_MSG
    private const ushort OffsetAttribute = 2; // NLMSGERR_ATTR_OFFS
    private const ushort MissingTypeAttribute = 5; // NLMSGERR_ATTR_MISS_TYPE

    /// <summary>
    /// Reads the attributes behind an NLMSG_ERROR or NLMSG_DONE; null when they say nothing that we know.
    /// </summary>
    public static ExtendedAck? Read(ReadOnlySpan<byte> attributes)
    {
        string? message = null;
        uint? offset = null;
        uint? missingType = null;
        var reader = new AttributeReader(attributes, "extended ack");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case MessageAttribute:
                    message = reader.String();
                    break;
                case OffsetAttribute:
                    offset = reader.UInt32();
                    break;
                case MissingTypeAttribute:
                    missingType = reader.UInt32();
                    break;
            }
        }

        return message is null && offset is null && missingType is null
            ? null
            : new ExtendedAck(message, offset, missingType);
    }
}
