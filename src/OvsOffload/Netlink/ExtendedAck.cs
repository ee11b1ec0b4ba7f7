namespace OvsOffload.Netlink;

/// <summary>
/// What the kernel says beside an error number, or beside success, where it is a warning (enum nlmsgerr_attrs,
/// linux/netlink.h).
/// </summary>
/// <param name="Message">The kernel's words, or null.</param>
/// <param name="Offset">Where in the request the offending attribute begins, in bytes from its header, or null.</param>
/// <param name="MissingType">The type of the attribute that the kernel misses, or null.</param>
internal sealed record ExtendedAck(string? Message, uint? Offset, uint? MissingType)
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
