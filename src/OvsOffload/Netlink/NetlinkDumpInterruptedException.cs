using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>A dump was disturbed by changes each time that it was tried.</summary>
internal sealed class NetlinkDumpInterruptedException(NetlinkRequest request, int attempts)
    : NetlinkException(
        request.Operation,
        request.ObjectName,
        Errno.EINTR,
        $"the kernel's table changed during each of {attempts} attempts to read it");
