using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// The kernel did not answer in time. It may still be at work: a mode change that timed out may yet succeed, so the
/// state has to be read again before anything is concluded.
/// </summary>
/// <param name="request">What was to be done.</param>
/// <param name="timeout">How long the kernel was given.</param>
/// <param name="before">The request from which the kernel has not returned, so that this one was not begun; null where
/// it was.</param>
internal sealed class NetlinkTimeoutException(NetlinkRequest request, TimeSpan timeout, NetlinkRequest? before = null)
    : NetlinkException(
        request.Operation,
        request.ObjectName,
        Errno.ETIMEDOUT,
        before is null
            ? $"no reply from the kernel within {timeout.TotalSeconds:0.###} s; the operation may still be in progress"
            : $"not begun within {timeout.TotalSeconds:0.###} s, because the kernel is still working on "
                + $"'{before.Operation}{(before.ObjectName == "" ? "" : " of ")}{before.ObjectName}'; see the kernel "
                + "log for the cause");
