using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// One object is too big for one message (EMSGSIZE): known of InfiniBand PFs with many VFs, asked for their VFs.
/// The object exists; only this much of it cannot be read.
/// </summary>
internal sealed class NetlinkTooBigException(NetlinkRequest request, ExtendedAck? extendedAck)
    : NetlinkException(request.Operation, request.ObjectName, Errno.EMSGSIZE, extendedAck);
