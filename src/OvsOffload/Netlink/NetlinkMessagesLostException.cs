using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>The kernel dropped a part of its answer because the socket's buffer was full.</summary>
internal sealed class NetlinkMessagesLostException(NetlinkRequest request)
    : NetlinkException(
        request.Operation, request.ObjectName, Errno.ENOBUFS, "the kernel dropped messages of its reply");
