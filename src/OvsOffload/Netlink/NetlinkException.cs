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
        string subject = objectName.Length == 0 ? operation : $"{operation} of {objectName}";
        string code = Enum.IsDefined(errno) ? errno.ToString() : $"errno {(int)errno}";
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
