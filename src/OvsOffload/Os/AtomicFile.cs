using Microsoft.Win32.SafeHandles;

#pragma warning disable RS0030 // The one writer of whole files.

namespace OvsOffload.Os;

/// <summary>Replaces a file so that a reader, or a power loss, finds the old or the new content and never a
/// part. Owner, mode, access control lists and all other attributes of a file that is there are kept; a symbolic link
/// stays one, and its target is replaced.</summary>
internal static class AtomicFile
{
    /// <summary>How long another call of this program is waited for, which takes milliseconds.</summary>
    private static readonly RetryOptions LockWait =
        new() { Delay = TimeSpan.FromMilliseconds(2), Limit = TimeSpan.FromSeconds(5) };

    private static UnixFileMode DefaultMode =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes beside the file, flushes to the disk, and renames over it.</summary>
    /// <param name="path">The file; its directory must be there.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="mode">The mode of a new file. Default 0644.</param>
    /// <param name="root">Where the host's trees are.</param>
    /// <exception cref="IOException">It could not be done, or the file is behind a link that others may
    /// change.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null, string root = "/")
    {
        string target = TargetOf(root, path);
        string temporary = WriteBeside(target, content, mode);
        try
        {
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushDirectoryOf(target);
    }

    /// <summary>
    /// Replaces, makes or deletes a file unless it is no longer what it was. Nobody's write is lost: one that comes in
    /// between is put back.
    /// </summary>
    /// <param name="path">The file; its directory must be there.</param>
    /// <param name="from">What it was; null for no file.</param>
    /// <param name="to">The whole new content; null to delete it.</param>
    /// <param name="root">Where the host's trees are; the lock against other calls of this program is there.</param>
    /// <returns>Whether it was done; false where the file is another by now, and then it stays so.</returns>
    /// <exception cref="IOException">It could not be done, or the file is behind a link that others may
    /// change.</exception>
    public static bool TryReplace(string path, byte[]? from, byte[]? to, string root)
    {
        string target = TargetOf(root, path);
        using FileStream? alone = Lock(HostPaths.Under(root));
        Reading<bool> held = Compare(target, from);
        if (held.IsFailed)
        {
            throw new IOException(held.Why);
        }

        if (!held.Value)
        {
            return false;
        }

        bool done = (from, to) switch
        {
            (null, null) => true,
            (null, not null) => TryMake(target, to),
            (not null, null) => TryDelete(target, from),
            _ => TryExchange(target, from!, to!),
        };
        FlushDirectoryOf(target);
        return done;
    }

    /// <summary>
    /// Keeps other calls of this program out until it is disposed: one that came in between an exchange and its taking
    /// back would be undone with it. Other programs do not look at it, and no other user can hold it. Null where it
    /// cannot be made, on a full or read-only disk: there the lock of the run keeps others out.
    /// </summary>
    private static FileStream? Lock(HostPaths paths)
    {
        FileStream? taken;
        try
        {
            taken = LockWait.UntilAsync(
                _ => Task.FromResult(RunLock.TryOpen(paths, "files")), one => one is not null, TimeProvider.System,
                CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return taken ?? throw new IOException(
            $"another ovs-offload process has been replacing a file for {LockWait.Limit!.Value.TotalSeconds} s; try "
            + "again");
    }

    private static bool TryMake(string target, byte[] content)
    {
        string temporary = WriteBeside(target, content, mode: null);
        try
        {
            File.Move(temporary, target, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static bool TryDelete(string target, byte[] from)
    {
        string aside = TemporaryName(target);
        File.Move(target, aside, overwrite: false);
        if (ContentIs(aside, from))
        {
            File.Delete(aside);
            return true;
        }

        File.Move(aside, target, overwrite: false);
        return false;
    }

    private static bool TryExchange(string target, byte[] from, byte[] to)
    {
        string temporary = WriteBeside(target, to, mode: null);
        if (LibC.Exchange(temporary, target) != 0)
        {
            // Some file systems (NFS, FUSE) have no exchange; what is left is a moment in which a write can be lost.
            bool same = ContentIs(target, from);
            if (same)
            {
                File.Move(temporary, target, overwrite: true);
            }

            File.Delete(temporary);
            return same;
        }

        bool done = ContentIs(temporary, from);
        if (!done && LibC.Exchange(temporary, target) != 0)
        {
            throw new IOException($"{target}: was changed by another program meanwhile; its content is in {temporary}, "
                + $"because it cannot be restored: {LibC.LastError.Describe()}");
        }

        if (!done && !ContentIs(temporary, to) && LibC.Exchange(temporary, target) != 0)
        {
            throw new IOException($"{target}: was changed twice by another program meanwhile; the later content is in "
                + $"{temporary}: {LibC.LastError.Describe()}");
        }

        File.Delete(temporary);
        return done;
    }

    /// <summary>Whether a file that was moved is what it was; one that cannot be read is not, and goes back.</summary>
    private static bool ContentIs(string path, byte[]? content) => Compare(path, content).ValueOr(false);

    private static Reading<bool> Compare(string path, byte[]? content)
    {
        Reading<byte[]> now = LiveFiles.Instance.Bytes(path, Math.Max(HostFiles.DefaultBound, content?.Length ?? 0));
        return now.IsAbsent
            ? Reading.Known(content is null)
            : now.Map(bytes => content is not null && bytes.AsSpan().SequenceEqual(content));
    }

    private static string TargetOf(string root, string path)
    {
        Reading<PathWalk> found = PathWalk.To(root.TrimEnd('/'), Path.GetFullPath(path));
        if (!found.TryGet(out PathWalk? walk))
        {
            throw new IOException(found.Why);
        }

        using (walk)
        {
            return walk.RealPath;
        }
    }

    private static string TemporaryName(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():n}.tmp");

    /// <summary>Writes a file beside the target, on disk when it returns; none is left when it throws.</summary>
    private static string WriteBeside(string target, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        bool exists = File.Exists(target);
        UnixFileMode finalMode = exists ? File.GetUnixFileMode(target) : mode ?? DefaultMode;
        string temporary = TemporaryName(target);
        try
        {
            using var stream = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                // Nobody else may read it before it has its mode: it may hold a secret that the old file's mode guards.
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                BufferSize = 0,
            });
            stream.Write(content);
            if (exists)
            {
                KeepOwner(stream.SafeFileHandle, target);
                KeepAttributes(stream.SafeFileHandle, target);
            }

            // After the owner: a change of owner takes set-user-id bits away.
            File.SetUnixFileMode(stream.SafeFileHandle, finalMode);
            stream.Flush(flushToDisk: true);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void KeepOwner(SafeFileHandle file, string target)
    {
        if (LibC.OwnerOf(target, out LibC.FileOwner owner) != 0
            || LibC.ChangeOwner(file, owner) != 0)
        {
            throw new IOException($"{target}: cannot keep its owner: {LibC.LastError.Describe()}");
        }
    }

    private static void KeepAttributes(SafeFileHandle file, string target)
    {
        using var from = new SafeFileHandle(LibC.OpenNonBlocking(target), ownsHandle: true);
        if (from.IsInvalid)
        {
            throw new IOException($"{target}: cannot read its attributes: {LibC.LastError.Describe()}");
        }

        ExtendedAttributes.Copy(from, file, target);
    }

    /// <summary>A new name is on disk only when its directory is.</summary>
    private static void FlushDirectoryOf(string target)
    {
        int directory = LibC.OpenNonBlocking(Path.GetDirectoryName(target)!);
        if (directory >= 0)
        {
            using var handle = new SafeFileHandle(directory, ownsHandle: true);
            RandomAccess.FlushToDisk(handle);
        }
    }
}
