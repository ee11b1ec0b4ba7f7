using System.Globalization;
using System.Text;

#pragma warning disable RS0030 // The lock is an open file.

namespace OvsOffload.Os;

/// <summary>
/// The lock that keeps two runs from changing the host at once: flock(2) on <c>/run/ovs-offload/lock</c>, which the
/// kernel releases when its holder dies. Who holds it stands in <c>holder</c> beside it, because the lock file itself
/// cannot be opened meanwhile. Dispose releases.
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
        string directory = DirectoryOf(paths);
        Directory.CreateDirectory(directory);
        string holderFile = HolderFileOf(paths, name);
        FileStream file;
        try
        {
            file = new FileStream(
                Path.Combine(directory, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (ErrnoText.Of(exception) == Errno.EAGAIN)
        {
            holder = HolderOf(paths, name);
            return null;
        }
        try
        {
            AtomicFile.Write(holderFile, Encoding.UTF8.GetBytes(Own() + "\n"), root: paths.Root);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        holder = null;
        return new RunLock(file, holderFile);
    }

    /// <summary>Who holds a lock that somebody holds.</summary>
    public static string HolderOf(HostPaths paths, string name) =>
        paths.Files.Text(HolderFileOf(paths, name)).ValueOr("another process");

    public void Dispose()
    {
        // Before the release: afterwards the file may be another run's. The lock file stays, since removing it would
        // let two runs lock two different files of the same name.
        File.Delete(_holderFile);
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
