using Microsoft.Win32.SafeHandles;

namespace OvsOffload.Os;

/// <summary>
/// Opens files of this machine for reading, and makes readings of what goes wrong. Nothing that is opened here blocks,
/// and nothing but regular files and files of the kernel is read.
/// </summary>
internal static class HostFile
{
    /// <summary>sysfs, proc, debugfs, securityfs: SYSFS_MAGIC and so on, linux/magic.h. Nobody makes links or other
    /// files there but the kernel.</summary>
    private static readonly long[] KernelFileSystems = [0x62656572, 0x9fa0, 0x64626720, 0x73636673];

    /// <summary>Opens a file for reading.</summary>
    /// <param name="root">Below which the host's trees are; empty for this machine's own.</param>
    /// <param name="path">Its absolute path. How its links are followed <see cref="PathWalk"/> says; below /sys and
    /// /proc the kernel makes them.</param>
    /// <param name="allows">What it may be besides a file of the kernel. Default a regular file, or a masked
    /// one.</param>
    public static Reading<SafeFileHandle> Open(string root, string path, Func<LibC.FileStatus, bool>? allows = null)
    {
        // Thousands of attributes are read, by paths of many links: these the kernel goes at once.
        return OpenOfKernel(root, path, static path => LibC.OpenNonBlocking(path)) is { } file
            ? file
            : PathWalk.To(root, path).Then(found => Open(found, path, allows ?? FileKind.IsContent));
    }

    /// <summary>
    /// Opens a directory of the kernel, in which nobody else makes links; null where it is another's.
    /// </summary>
    public static Reading<SafeFileHandle>? OpenKernelDirectory(string root, string path) =>
        OpenOfKernel(root, path, static path => LibC.OpenNonBlocking(path));

    /// <summary>Looks at a file without opening it.</summary>
    /// <param name="root">Below which the host's trees are; empty for this machine's own.</param>
    /// <param name="path">Its absolute path.</param>
    /// <param name="followLast">Whether a link at its end is followed, or looked at itself.</param>
    /// <returns>The place, for the caller to dispose.</returns>
    public static Reading<SafeFileHandle> Locate(string root, string path, bool followLast) =>
        OpenOfKernel(root, path, path => LibC.OpenPath(path, followLast)) is { } place
            ? place
            : PathWalk.To(root, path, followLast).Then(found =>
            {
                using (found)
                {
                    return found.TakePath() is { } taken
                        ? Reading.Known(taken)
                        : FromErrno<SafeFileHandle>(path, Errno.ENOENT);
                }
            });

    /// <summary>Whether a path of this machine leads to a regular file.</summary>
    public static bool IsContent(string path)
    {
        int descriptor = LibC.OpenPath(path, followLast: true);
        if (descriptor < 0)
        {
            return false;
        }

        using var place = new SafeFileHandle(descriptor, ownsHandle: true);
        return LibC.StatusOf(place, out LibC.FileStatus status) == 0 && status.IsContent();
    }

    /// <summary>Whether there is nothing at a path of this machine; false where that cannot be told.</summary>
    public static bool IsAbsent(string path)
    {
        int descriptor = LibC.OpenPath(path, followLast: true);
        if (descriptor < 0)
        {
            return IsNotFound(LibC.LastError);
        }

        new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
        return false;
    }

    /// <summary>Runs a read; turns "is not there" into absent, and whatever else is thrown into failed: one file,
    /// whatever it holds, does not end the reading of a host.</summary>
    public static Reading<T> Try<T>(string path, Func<Reading<T>> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return IsNotFound(ErrnoText.Of(exception))
                ? Reading.Absent<T>($"{path}: {ErrnoText.Describe(exception)}")
                : Reading.Failed<T>($"{path}: {ErrnoText.Describe(exception)}");
        }
    }

    /// <summary>What a call's error says of a file.</summary>
    public static Reading<T> FromErrno<T>(string path, Errno errno) => IsNotFound(errno)
        ? Reading.Absent<T>($"{path}: {errno.Describe()}")
        : Reading.Failed<T>($"{path}: {errno.Describe()}");

    /// <summary>Whether the error means that the thing is not there: no such file, or the device or process behind an
    /// open one went away.</summary>
    private static bool IsNotFound(Errno errno) =>
        errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENODEV or Errno.ESRCH;

    /// <summary>Whether a path is below a root, which has no slash at its end.</summary>
    public static bool IsBelow(string root, string path) =>
        path.StartsWith(root, StringComparison.Ordinal) && path.AsSpan(root.Length) is [] or ['/', ..];

    /// <summary>Opens a file that should be the kernel's; null where it is another's: a tree of a test, or what a
    /// container's runtime mounts over a file of procfs.</summary>
    private static Reading<SafeFileHandle>? OpenOfKernel(string root, string path, Func<string, int> open)
    {
        if (!IsBelow(root + "/sys", path) && !IsBelow(root + "/proc", path))
        {
            return null;
        }

        int descriptor = open(path);
        if (descriptor < 0)
        {
            // VFs lack a dozen of the attributes of PFs, and an exception for each costs more than all that is read.
            return FromErrno<SafeFileHandle>(path, LibC.LastError);
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (LibC.FileSystemOf(file, out LibC.FileSystemStatus system) == 0 && KernelFileSystems.Contains(system.Type))
        {
            return Reading.Known(file);
        }

        file.Dispose();
        return null;
    }

    private static Reading<SafeFileHandle> Open(PathWalk found, string path, Func<LibC.FileStatus, bool> allows)
    {
        using (found)
        {
            if (found.Status is not { } expected)
            {
                return FromErrno<SafeFileHandle>(path, Errno.ENOENT);
            }

            // Before it is opened: to open a device may start it.
            if (!allows(expected))
            {
                return Refused(path, expected);
            }

            int descriptor = LibC.OpenNonBlocking(found.Parent, found.Name);
            if (descriptor < 0)
            {
                return FromErrno<SafeFileHandle>(path, LibC.LastError);
            }

            var file = new SafeFileHandle(descriptor, ownsHandle: true);
            if (LibC.StatusOf(file, out LibC.FileStatus status) == 0 && allows(status))
            {
                return Reading.Known(file);
            }

            file.Dispose();
            return Refused(path, status);
        }
    }

    private static Reading<SafeFileHandle> Refused(string path, LibC.FileStatus status) => status.IsDirectory()
        ? FromErrno<SafeFileHandle>(path, Errno.EISDIR)
        : status.IsRegular() ? FromErrno<SafeFileHandle>(path, Errno.ENOTDIR)
        : Reading.Failed<SafeFileHandle>($"{path}: is {status.Describe()}, not a regular file");
}
