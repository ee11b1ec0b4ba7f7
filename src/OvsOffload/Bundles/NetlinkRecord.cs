using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>One exchange with the kernel.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="NetworkNamespace">The file by which another namespace was entered; null for the own.</param>
/// <param name="Operation">What was asked, in the words of the kernel's own tools.</param>
/// <param name="ObjectName">What it was asked of; empty for a dump of everything.</param>
/// <param name="Request">The request with sequence number 0, which is the key of the answer.</param>
/// <param name="Reply">
/// The messages of the answer in the kernel's format, sequence numbers 0; the last is an NLMSG_DONE with the outcome,
/// unless the exchange broke off.
/// </param>
internal sealed record NetlinkRecord(
    NetlinkProtocol Protocol, string? NetworkNamespace, string Operation, string ObjectName, byte[] Request,
    byte[] Reply)
{
    /// <summary>Why the exchange broke off; <see cref="Errno.None"/> where it did not.</summary>
    public Errno Failure { get; init; }

    /// <summary>Whether the answer was longer than a bundle takes.</summary>
    public bool IsOmitted { get; init; }
}
