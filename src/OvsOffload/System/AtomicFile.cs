namespace OvsOffload.System;

/// <summary>Replaces a file so that a reader, or a power loss, finds the old or the new content and never a
/// part.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file, flushes to the disk, and renames over it. The mode of a file that is there is
    /// kept; a symbolic link stays one, and its target is replaced.</summary>
    /// <param name="path">The file; its directory must be there.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="mode">The mode of a new file. Default 0644.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null
            ? file.FullName
            : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var finalMode = File.Exists(target) ? File.GetUnixFileMode(target) : mode ?? DefaultMode;
        var temporary = Path.Combine(
            Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():n}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                // Nobody else may read it before it has its mode: it may hold a secret that the old file's mode guards.
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                BufferSize = 0,
            }))
            {
                stream.Write(content);
                File.SetUnixFileMode(stream.SafeFileHandle, finalMode);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static UnixFileMode DefaultMode =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
}
