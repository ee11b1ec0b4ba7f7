using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// The kernel did not answer in time. It may still be at work: a mode change that timed out may yet succeed, so the
/// state has to be read again before anything is concluded.
/// </summary>
internal sealed class NetlinkTimeoutException(NetlinkRequest request, TimeSpan timeout)
    : NetlinkException(
        request.Operation,
        request.ObjectName,
        Errno.ETIMEDOUT,
        $"no reply from the kernel within {timeout.TotalSeconds:0.###} s; the operation may still be in progress");
