using Microsoft.Win32.SafeHandles;

namespace OvsOffload.System;

/// <summary>The files as they are on this machine. Stateless.</summary>
internal sealed class LiveFiles : HostFiles
{
    /// <summary>A read of a record device returns one record; a buffer below its size is answered with EINVAL
    /// (PRINTK_MESSAGE_MAX is 2048, its dictionary and escapes come on top).</summary>
    private const int RecordBound = 32768;

    /// <summary>Bytes of a record device read at most: the largest log buffer that kernels are built with is 32 MiB
    /// (CONFIG_LOG_BUF_SHIFT 25).</summary>
    private const int RingBound = 64 << 20;

    /// <summary>The one that there is.</summary>
    public static LiveFiles Instance { get; } = new();

    /// <inheritdoc/>
    public override Reading<byte[]> Bytes(string path, int bound = DefaultBound) => HostFile.Try(path, () =>
    {
        // VFs lack a dozen of the attributes of PFs, and an exception for each costs more than all that is read.
        var descriptor = LibC.OpenNonBlocking(path);
        if (descriptor < 0)
        {
            return Unopened<byte[]>(path, LibC.LastError);
        }
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        // Length says 4096 in sysfs and 0 in procfs, so only reading to the end tells; and files of securityfs cannot
        // seek (its file operations name no llseek), so nothing is read at an offset.
        while (true)
        {
            var read = LibC.Read(file, buffer);
            if (read < 0 && LibC.LastError == Errno.EINTR)
            {
                continue;
            }
            if (read < 0)
            {
                return Unopened<byte[]>(path, LibC.LastError);
            }
            if (read == 0)
            {
                break;
            }
            if (content.Length + read > bound)
            {
                return Reading.Failed<byte[]>($"{path}: longer than {bound} bytes");
            }
            content.Write(buffer, 0, read);
        }
        return Reading.Known(content.ToArray());
    });

    /// <inheritdoc/>
    public override Reading<FileTail> Tail(string path, int bound) => HostFile.Try(path, () =>
    {
        using var stream = HostFile.Open(path);
        var start = Math.Max(0, stream.Length - bound);
        // One byte more to the left tells whether the first line is whole.
        stream.Position = Math.Max(0, start - 1);
        var buffer = new byte[bound + 1];
        var text = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        if (start > 0)
        {
            var firstEnd = text.IndexOf((byte)'\n');
            text = firstEnd < 0 ? default : text[(firstEnd + 1)..];
        }
        return Reading.Known(new FileTail(text.ToArray(), start == 0));
    });

    /// <inheritdoc/>
    public override Reading<byte[]> Ring(string path, int bound) => HostFile.Try(path, () =>
    {
        var descriptor = LibC.OpenNonBlocking(path);
        if (descriptor < 0)
        {
            return Unopened<byte[]>(path, LibC.LastError);
        }
        using var stream = new FileStream(
            new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        return Reading.Known(Newest(stream, bound));
    });

    /// <inheritdoc/>
    public override Reading<string> Link(string path) => HostFile.Try(path, () =>
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            return Reading.Known(target);
        }
        // LinkTarget is null for every error; resolving throws the one it was.
        return File.ResolveLinkTarget(path, returnFinalTarget: false) is null
            ? Reading.Failed<string>($"{path}: is not a symbolic link")
            : Reading.Absent<string>($"{path}: changed while it was read");
    });

    /// <inheritdoc/>
    public override Reading<IReadOnlyList<string>> Names(string directory) => HostFile.Try(directory, () =>
    {
        if (!Directory.Exists(directory))
        {
            var descriptor = LibC.OpenNonBlocking(directory);
            if (descriptor < 0)
            {
                return Unopened<IReadOnlyList<string>>(directory, LibC.LastError);
            }
            new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
        }
        string[] names = [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))];
        Array.Sort(names, StringComparer.Ordinal);
        return Reading.Known<IReadOnlyList<string>>(names);
    });

    /// <inheritdoc/>
    public override bool IsDirectory(string path) => Directory.Exists(path);

    private static Reading<T> Unopened<T>(string path, Errno errno) => HostFile.IsAbsence(errno)
        ? Reading.Absent<T>($"{path}: {errno.Describe()}")
        : Reading.Failed<T>($"{path}: {errno.Describe()}");

    private static byte[] Newest(FileStream stream, int bound)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[RecordBound];
        for (long total = 0; total < RingBound;)
        {
            var read = ReadSome(stream, buffer);
            if (read == 0)
            {
                break;
            }
            total += read;
            kept.Write(buffer, 0, read);
            if (kept.Length > 2L * bound)
            {
                Cut(kept, bound);
            }
        }
        Cut(kept, bound);
        return kept.ToArray();
    }

    /// <summary>Keeps the last bytes, from the beginning of a line on.</summary>
    private static void Cut(MemoryStream kept, int bound)
    {
        if (kept.Length <= bound)
        {
            return;
        }
        var last = kept.GetBuffer().AsSpan((int)kept.Length - bound, bound);
        var firstEnd = last.IndexOf((byte)'\n');
        last = firstEnd < 0 ? default : last[(firstEnd + 1)..];
        last.CopyTo(kept.GetBuffer());
        kept.SetLength(last.Length);
        kept.Position = last.Length;
    }

    /// <summary>The next bytes; 0 at the end.</summary>
    private static int ReadSome(FileStream stream, byte[] buffer)
    {
        while (true)
        {
            try
            {
                return stream.Read(buffer);
            }
            catch (IOException exception) when (ErrnoText.Of(exception) == Errno.EAGAIN)
            {
                return 0;
            }
            catch (IOException exception) when (ErrnoText.Of(exception) == Errno.EPIPE)
            {
                // The record was overwritten before it was read; the next read goes on with the oldest that is there.
            }
        }
    }
}
