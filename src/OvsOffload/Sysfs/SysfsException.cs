using OvsOffload.Os;


namespace OvsOffload.Sysfs;

/// <summary>The kernel refused a write to sysfs, or did not answer in time.</summary>
internal sealed class SysfsException : Exception
{
    public SysfsException(string operation, string file, Errno errno, string? meaning, Exception? inner = null)
        : base($"{operation}: {file}: {errno.Describe()}{(meaning is null ? "" : $"; {meaning}")}", inner)
    {
        Operation = operation;
        File = file;
        Errno = errno;
        Meaning = meaning;
    }

    /// <summary>What was tried, such as <c>set 8 VFs on 0000:3b:00.0</c>.</summary>
    public string Operation { get; }

    public string File { get; }

    /// <summary>The kernel's errno; ETIMEDOUT when the kernel did not answer within the limit.</summary>
    public Errno Errno { get; }

    /// <summary>What this errno means for this operation and what to do next; null where only the kernel log can
    /// tell.</summary>
    public string? Meaning { get; }
}
