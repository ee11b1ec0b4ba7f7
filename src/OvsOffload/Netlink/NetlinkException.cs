using OvsOffload.Os;


namespace OvsOffload.Netlink;

/// <summary>
/// An exchange with the kernel failed. The message names the operation, the object, the kernel's own words where it
/// said any, and the C name of the error:
/// <c>devlink eswitch set mode switchdev of pci/0000:01:00.0: mlx5_core: Can't change mode, E-Switch is busy
/// (EBUSY)</c>.
/// </summary>
internal class NetlinkException : Exception
{
    public NetlinkException(
        string operation,
        string objectName,
        Errno errno,
        ExtendedAck? extendedAck = null,
        Exception? innerException = null)
        : base(Describe(operation, objectName, extendedAck?.Message ?? Words(errno), errno), innerException)
    {
        Operation = operation;
        ObjectName = objectName;
        Errno = errno;
        ExtendedAck = extendedAck;
    }

    /// <summary>For the subclasses, whose words are their own and not the kernel's.</summary>
    protected NetlinkException(
        string operation,
        string objectName,
        Errno errno,
        string words,
        Exception? innerException = null)
        : base(Describe(operation, objectName, words, errno), innerException)
    {
        Operation = operation;
        ObjectName = objectName;
        Errno = errno;
    }

    /// <summary>What was tried, in the words of the kernel's own tools: <c>devlink port show</c>.</summary>
    public string Operation { get; }

    /// <summary>
    /// What it was tried on, <c>pci/0000:01:00.0</c> or <c>link enp1s0f0</c>; empty for a dump of everything.
    /// </summary>
    public string ObjectName { get; }

    public Errno Errno { get; }

    /// <summary>What the kernel said beyond the number.</summary>
    public ExtendedAck? ExtendedAck { get; }

    private static string Describe(string operation, string objectName, string words, Errno errno)
    {
        var subject = objectName.Length == 0 ? operation : $"{operation} of {objectName}";
        var code = Enum.IsDefined(errno) ? errno.ToString() : $"errno {(int)errno}";
        return words.Length == 0 ? $"{subject}: {code}" : $"{subject}: {words} ({code})";
    }

    /// <summary>The common errors in words, for a kernel that gives only the number.</summary>
    private static string Words(Errno errno) => errno switch
    {
        Errno.EPERM => "operation not permitted (is this running as root?)",
        Errno.EACCES => "permission denied",
        Errno.ENOENT => "no such object",
        Errno.ENODEV => "no such device",
        Errno.EBUSY => "device or resource busy",
        Errno.EEXIST => "already exists",
        Errno.EINVAL => "invalid argument",
        Errno.ERANGE => "value out of range",
        Errno.EOPNOTSUPP or Errno.ENOTSUPP => "not supported by this device, driver or kernel",
        Errno.EMSGSIZE => "the reply does not fit into one message",
        _ => "",
    };
}

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
    public NetlinkMalformedException During(NetlinkRequest request) =>
        new(request.Operation, request.ObjectName, _reading, _problem, this);
}

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

/// <summary>A dump was disturbed by changes each time that it was tried.</summary>
internal sealed class NetlinkDumpInterruptedException(NetlinkRequest request, int attempts)
    : NetlinkException(
        request.Operation,
        request.ObjectName,
        Errno.EINTR,
        $"the kernel's table changed during each of {attempts} attempts to read it");

/// <summary>The kernel dropped a part of its answer because the socket's buffer was full.</summary>
internal sealed class NetlinkMessagesLostException(NetlinkRequest request)
    : NetlinkException(
        request.Operation, request.ObjectName, Errno.ENOBUFS, "the kernel dropped messages of its reply");

/// <summary>
/// One object is too big for one message (EMSGSIZE): known of InfiniBand PFs with many VFs, asked for their VFs.
/// The object exists; only this much of it cannot be read.
/// </summary>
internal sealed class NetlinkTooBigException(NetlinkRequest request, ExtendedAck? extendedAck)
    : NetlinkException(request.Operation, request.ObjectName, Errno.EMSGSIZE, extendedAck);
