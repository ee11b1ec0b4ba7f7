namespace OvsOffload.Netlink;

/// <summary>
/// What the kernel says beside an error number, or beside success, where it is a warning (enum nlmsgerr_attrs,
/// linux/netlink.h).
/// </summary>
/// <param name="Message">The kernel's words, or null.</param>
/// <param name="Offset">Where in the request the offending attribute begins, in bytes from its header, or null.</param>
/// <param name="MissingType">The type of the attribute that the kernel misses, or null.</param>
internal sealed record ExtendedAck(string? Message, uint? Offset, uint? MissingType);
