namespace OvsOffload.System;

/// <summary>Opens files of this machine, and makes readings of what goes wrong.</summary>
internal static class HostFile
{
    /// <summary>Opens for reading beside writers, without buffering.</summary>
    public static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });

    /// <summary>Runs a read; turns "is not there" into absent, and whatever else is thrown into failed: one file, whatever
    /// it holds, does not end the reading of a host.</summary>
    public static Reading<T> Try<T>(string path, Func<Reading<T>> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return IsAbsence(ErrnoText.Of(exception))
                ? Reading.Absent<T>($"{path}: {ErrnoText.Describe(exception)}")
                : Reading.Failed<T>($"{path}: {ErrnoText.Describe(exception)}");
        }
    }

    /// <summary>Whether the error means that the thing is not there: no such file, or the device or process behind an
    /// open one went away.</summary>
    public static bool IsAbsence(Errno errno) =>
        errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENODEV or Errno.ESRCH;
}
