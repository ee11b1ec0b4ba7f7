namespace OvsOffload.Netlink;

/// <summary>A message for the kernel, and how to speak of it when it fails.</summary>
/// <param name="Operation">What is tried, in the words of the kernel's own tools: <c>devlink port show</c>.</param>
/// <param name="ObjectName">What it is tried on; empty for a dump of everything.</param>
/// <param name="Message">The bytes, from the header on. The channel fills in the sequence number.</param>
/// <param name="Timeout">How long the kernel may take; null for the channel's own bound.</param>
internal sealed record NetlinkRequest(string Operation, string ObjectName, byte[] Message, TimeSpan? Timeout = null)
{
    public NetlinkRequest(string operation, string objectName, NetlinkMessageWriter message)
        : this(operation, objectName, message.ToArray())
    {
    }
}
