using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// The kernel's answer is not what its headers promise: cut short, or a length that does not fit. Nothing of such an
/// answer is used.
/// </summary>
internal sealed class NetlinkMalformedException : NetlinkException
{
    private readonly string _reading;
    private readonly string _problem;

    /// <summary>For the readers, which do not know the operation that they read for.</summary>
    public NetlinkMalformedException(string reading, string problem)
        : this("", reading, reading, problem, null)
    {
    }

    private NetlinkMalformedException(
        string operation,
        string objectName,
        string reading,
        string problem,
        Exception? innerException)
        : base(operation, objectName, Errno.EBADMSG, $"malformed {reading}: {problem}", innerException)
    {
        _reading = reading;
        _problem = problem;
    }

    /// <summary>The same failure, named after the request that it happened in.</summary>
    public NetlinkMalformedException During(string operation, string objectName) =>
        new(operation, objectName, _reading, _problem, this);
}
