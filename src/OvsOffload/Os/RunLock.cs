using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

#pragma warning disable RS0030 // The lock is an open file.

namespace OvsOffload.Os;

/// <summary>
/// The lock that keeps two runs from changing the host at once: flock(2) on <c>/run/ovs-offload/lock</c>, which the
/// kernel releases when its holder dies. Who holds it stands in <c>holder</c> beside it, because the lock file itself
/// cannot be opened meanwhile; on a full disk it stands nowhere. The directory is the user's alone who runs this
/// program: whoever may open a file can lock it. Dispose releases.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The name of the lock that a service holds as long as it keeps a host as it is wanted.</summary>
    public const string Service = "service";

    /// <summary>
    /// The name of the lock that the first service of a host has, be it one that only observes; others may run beside
    /// it, as long as they listen elsewhere and only observe.
    /// </summary>
    public const string Instance = "instance";

    private const string Run = "lock";

    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;
    private readonly string _holderFile;

    private RunLock(FileStream file, string holderFile)
    {
        _lock = file;
        _holderFile = holderFile;
    }

    /// <summary>Where run-time files of this program live: <c>/run/ovs-offload</c>.</summary>
    public static string DirectoryOf(HostPaths paths) => Path.Combine(paths.Run, "ovs-offload");

    /// <summary>Takes the lock, without waiting; null when another run holds it.</summary>
    /// <param name="paths">The host.</param>
    /// <param name="holder">Who holds it, such as <c>process 4711 (ovs-offload apply --yes)</c>; null when it was
    /// taken.</param>
    /// <param name="name">Which lock; the one of a run by default.</param>
    /// <exception cref="IOException">The directory cannot be made or the file not opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise, for want of permission.</exception>
    public static RunLock? TryTake(HostPaths paths, out string? holder, string name = Run)
    {
        string holderFile = HolderFileOf(paths, name);
        if (TryOpen(paths, name) is not { } file)
        {
            holder = HolderOf(paths, name);
            return null;
        }

        try
        {
            AtomicFile.Write(holderFile, Encoding.UTF8.GetBytes(Own() + "\n"), root: paths.Root);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The lock is what counts; a full disk must not keep a host from being undone.
        }

        holder = null;
        return new RunLock(file, holderFile);
    }

    /// <summary>Opens a file of the directory so that nobody else can, until it is disposed; null while another has
    /// it.</summary>
    /// <exception cref="IOException">The directory cannot be made, belongs to somebody else, or the file cannot be
    /// opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise, for want of permission.</exception>
    public static FileStream? TryOpen(HostPaths paths, string name)
    {
        string file = Path.Combine(DirectoryOf(paths), name);
        try
        {
            Prepare(DirectoryOf(paths));
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (ErrnoText.Of(failure) == Errno.EAGAIN)
        {
            return null;
        }
        catch (Exception failure) when (ErrnoText.Of(failure) == Errno.EROFS && File.Exists(file))
        {
            // A file that is there can be locked without being written.
            return TryOpenReadOnly(file);
        }
    }

    private static FileStream? TryOpenReadOnly(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (Exception failure) when (ErrnoText.Of(failure) == Errno.EAGAIN)
        {
            return null;
        }
    }

    /// <summary>Makes the directory, and closes one that is there for others.</summary>
    private static void Prepare(string directory)
    {
        Directory.CreateDirectory(directory, OwnerOnly);
        using var place = new SafeFileHandle(LibC.OpenPath(directory, followLast: false), ownsHandle: true);
        if (place.IsInvalid || LibC.StatusOf(place, out LibC.FileStatus status) != 0)
        {
            throw new IOException($"{directory}: {LibC.LastError.Describe()}");
        }

        if (!status.IsDirectory())
        {
            throw new IOException($"{directory}: is {status.Describe()}, not a directory; remove it");
        }

        if (status.User != LibC.EffectiveUser())
        {
            throw new IOException($"{directory}: belongs to user {status.User}, who could replace its files; remove "
                + "it, and ovs-offload makes it again");
        }

        if (status.IsOpenToOthers())
        {
            File.SetUnixFileMode(directory, OwnerOnly);
        }
    }

    /// <summary>Who holds a lock that somebody holds.</summary>
    public static string HolderOf(HostPaths paths, string name) =>
        paths.Files.Text(HolderFileOf(paths, name)).ValueOr("another process");

    public void Dispose()
    {
        // Before the release: afterwards the file may be another run's. The lock file stays, since removing it would
        // let two runs lock two different files of the same name.
        try
        {
            File.Delete(_holderFile);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // On a read-only file system the name of the one before stays.
        }

        _lock.Dispose();
    }

    private static string HolderFileOf(HostPaths paths, string name) =>
        Path.Combine(DirectoryOf(paths), name == Run ? "holder" : $"{name}-holder");

    private static string Own()
    {
        string[] words = Environment.GetCommandLineArgs();
        words[0] = Path.GetFileName(words[0]);
        return string.Create(
            CultureInfo.InvariantCulture, $"process {Environment.ProcessId} ({string.Join(' ', words)})");
    }
}
