using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OvsOffload.Os;

/// <summary>
/// The files as they are on this machine, below a root. All are read from the beginning to the end, whatever length
/// they claim. Stateless.
/// </summary>
/// <param name="root">Where the host's trees are: <c>/</c>, or a directory.</param>
internal sealed class LiveFiles(string root) : HostFiles
{
    /// <summary>A read of a record device returns one record; a buffer below its size is answered with EINVAL
    /// (PRINTK_MESSAGE_MAX is 2048, its dictionary and escapes come on top).</summary>
    private const int RecordBound = 32768;

    /// <summary>Bytes of a record device read at most: the largest log buffer that kernels are built with is 32 MiB
    /// (CONFIG_LOG_BUF_SHIFT 25).</summary>
    private const int RingBound = 64 << 20;

    /// <summary>Names in a directory. The largest that is read, /proc, has one for each process; PID_MAX_LIMIT of
    /// linux/threads.h is 2^22.</summary>
    private const int MaxNames = 1 << 22;

    /// <summary>Far above what a file system takes that answers at all.</summary>
    private static readonly TimeSpan DeviceLimit = TimeSpan.FromSeconds(1);

    private readonly string _root = root.TrimEnd('/');

    /// <summary>Those of this machine.</summary>
    public static LiveFiles Instance { get; } = new("/");

    /// <inheritdoc/>
    public override Reading<byte[]> Bytes(string path, int bound = DefaultBound) => HostFile.Try(path, () =>
        Open(path).Then(file =>
        {
            using (file)
            {
                return ReadAll(file, path, bound);
            }
        }));

    /// <inheritdoc/>
    public override Reading<FileTail> Tail(string path, int bound) => HostFile.Try(path, () => Open(path).Then(file =>
    {
        using (file)
        {
            long start = Math.Max(0, RandomAccess.GetLength(file) - bound);
            // One byte more to the left tells whether the first line is whole.
            long offset = Math.Max(0, start - 1);
            byte[] buffer = new byte[bound + 1];
            int length = 0;
            for (int read; (read = RandomAccess.Read(file, buffer.AsSpan(length), offset + length)) > 0;)
            {
                length += read;
            }
            ReadOnlySpan<byte> text = buffer.AsSpan(0, length);
            if (start > 0)
            {
                int firstEnd = text.IndexOf((byte)'\n');
                text = firstEnd < 0 ? default : text[(firstEnd + 1)..];
            }
            return Reading.Known(new FileTail(text.ToArray(), start == 0));
        }
    }));

    /// <inheritdoc/>
    public override Reading<byte[]> Ring(string path, int bound) => HostFile.Try(path, () =>
        HostFile.Open(_root, Full(path), status => status.IsKernelLog() || status.IsRegular()).Then(file =>
        {
            using (file)
            {
                return Newest(file, path, bound);
            }
        }));

    /// <inheritdoc/>
    public override Reading<string> Link(string path) => HostFile.Try(path, () =>
        HostFile.Locate(_root, Full(path), followLast: false).Then(place =>
        {
            using (place)
            {
                return LibC.StatusOf(place, out LibC.FileStatus status) != 0
                    ? HostFile.FromErrno<string>(path, LibC.LastError)
                    : status.IsLink() ? PathWalk.Target(place, path)
                    : Reading.Failed<string>($"{path}: is not a symbolic link");
            }
        }));

    /// <inheritdoc/>
    public override Reading<IReadOnlyList<string>> Names(string directory) => HostFile.Try(directory, () =>
        HostFile.Open(_root, Full(directory), FileKind.IsDirectory).Then(
            handle => In(handle, directory, static (_, _, name) => name)));

    /// <inheritdoc/>
    /// <remarks>
    /// Processes hold tens of thousands of descriptors open, and all of them are looked through: below a directory of
    /// the kernel each link is one call, without the questions whose files they are.
    /// </remarks>
    public override Reading<IReadOnlyList<NamedLink>> Links(string directory) => HostFile.Try(directory, () =>
        HostFile.OpenKernelDirectory(_root, Full(directory)) is { } opened
            ? opened.Then(handle => In(handle, directory, ReadLink))
            : base.Links(directory));

    /// <inheritdoc/>
    /// <remarks>The question goes to the file system, which may be a server that is gone: it is asked on a thread that
    /// is left behind then.</remarks>
    public override Reading<(uint Major, uint Minor)> Device(string path)
    {
        Task<Reading<(uint Major, uint Minor)>> asked = Task.Run(() => HostFile.Try(
            path, () => HostFile.Locate(_root, Full(path), followLast: false).Then(link =>
            {
                link.Dispose();
                return DeviceBehind(path);
            })));
        return asked.Wait(DeviceLimit)
            ? asked.Result
            : Reading.Failed<(uint Major, uint Minor)>(
                $"{path}: no answer within {DeviceLimit.TotalSeconds} s; a network file system may be down");
    }

    private Reading<(uint Major, uint Minor)> DeviceBehind(string path)
    {
        Reading<SafeFileHandle> found = HostFile.Locate(_root, Full(path), followLast: true);
        if (!found.IsKnown && _root.Length > 0)
        {
            // A tree that is no procfs: what its links say is below its root.
            found = PathWalk.To(_root, Full(path)).Then(walk =>
            {
                using (walk)
                {
                    return walk.TakePath() is { } taken ? Reading.Known(taken) : found;
                }
            });
        }

        if (!found.TryGet(out SafeFileHandle? place))
        {
            return Reading.Failed<(uint Major, uint Minor)>(found.Why);
        }

        using (place)
        {
            return LibC.StatusOf(place, out LibC.FileStatus status) != 0
                ? HostFile.FromErrno<(uint Major, uint Minor)>(path, LibC.LastError)
                : status.IsCharacterDevice() ? Reading.Known(status.Device)
                : Reading.Absent<(uint Major, uint Minor)>($"{path}: is {status.Describe()}, no character device");
        }
    }

    /// <inheritdoc/>
    public override bool IsDirectory(string path) => HostFile.Try(path, () =>
        HostFile.Locate(_root, Full(path), followLast: true).Map(place =>
        {
            using (place)
            {
                return LibC.StatusOf(place, out LibC.FileStatus status) == 0 && status.IsDirectory();
            }
        })).ValueOr(false);

    private Reading<SafeFileHandle> Open(string path) => HostFile.Open(_root, Full(path));

    /// <summary>The path as libc takes it, which would end at a zero.</summary>
    /// <exception cref="ArgumentException">It holds a zero.</exception>
    private static string Full(string path) =>
        path.StartsWith('/') && !path.Contains('\0') ? path : Path.GetFullPath(path);

    private static Reading<byte[]> ReadAll(SafeFileHandle file, string path, int bound)
    {
        // Length says 4096 in sysfs and 0 in procfs, so only reading to the end tells; and files of securityfs cannot
        // seek, so nothing is read at an offset. A page is enough for every attribute, of which there are thousands.
        Span<byte> page = stackalloc byte[4096];
        int length = 0;
        for (int read; length < page.Length; length += read)
        {
            read = Read(file, page[length..]);
            if (read < 0)
            {
                return HostFile.FromErrno<byte[]>(path, LibC.LastError);
            }
            if (read == 0)
            {
                return length > bound
                    ? Reading.Failed<byte[]>($"{path}: longer than {bound} bytes")
                    : Reading.Known(page[..length].ToArray());
            }
        }
        if (length > bound)
        {
            return Reading.Failed<byte[]>($"{path}: longer than {bound} bytes");
        }
        // A file on a disk has the length that it is said to have: it is read into the one array that it stays in.
        long told = LibC.StatusOf(file, out LibC.FileStatus status) == 0 ? status.Size : 0;
        byte[] content = new byte[Math.Min(Math.Max(told, 1 << 16), bound)];
        page.CopyTo(content);
        while (true)
        {
            // Room for what may come is made only once something came.
            int read = Read(file, length < content.Length ? content.AsSpan(length) : page);
            if (read < 0)
            {
                return HostFile.FromErrno<byte[]>(path, LibC.LastError);
            }
            if (read == 0)
            {
                return Reading.Known(length == content.Length ? content : content[..length]);
            }
            if (length + read > bound)
            {
                return Reading.Failed<byte[]>($"{path}: longer than {bound} bytes");
            }
            if (length == content.Length)
            {
                Array.Resize(ref content, (int)Math.Min(2L * length, bound));
                page[..read].CopyTo(content.AsSpan(length));
            }
            length += read;
        }
    }

    /// <summary>What a link in an open directory says.</summary>
    private static NamedLink ReadLink(int folder, string directory, string name)
    {
        Span<byte> text = stackalloc byte[PathWalk.LongestTarget];
        int length = LibC.ReadLink(folder, name, text);
        if (length >= 0)
        {
            return new NamedLink(name, Reading.Known(Encoding.UTF8.GetString(text[..length])));
        }

        Errno errno = LibC.LastError;
        string path = Path.Combine(directory, name);
        return new NamedLink(name, errno == Errno.EINVAL
            ? Reading.Failed<string>($"{path}: is not a symbolic link")
            : HostFile.FromErrno<string>(path, errno));
    }

    /// <summary>What there is in a directory, in ordinal order of the names.</summary>
    /// <param name="handle">The directory, which is closed.</param>
    /// <param name="directory">Its path.</param>
    /// <param name="read">Makes it of the directory's descriptor and path and of the name in it.</param>
    private static Reading<IReadOnlyList<T>> In<T>(
        SafeFileHandle handle, string directory, Func<int, string, string, T> read)
    {
        int descriptor = (int)handle.DangerousGetHandle();
        nint stream = LibC.OpenDirectory(descriptor);
        if (stream == 0)
        {
            Errno errno = LibC.LastError;
            handle.Dispose();
            return HostFile.FromErrno<IReadOnlyList<T>>(directory, errno);
        }
        handle.SetHandleAsInvalid();
        try
        {
            var names = new List<string>();
            for (nint entry; (entry = LibC.ReadDirectory(stream)) != 0;)
            {
                if (names.Count == MaxNames)
                {
                    return Reading.Failed<IReadOnlyList<T>>($"{directory}: more than {MaxNames} names");
                }
                if (Marshal.PtrToStringUTF8(entry + LibC.DirectoryEntryName) is { } name and not ("." or ".."))
                {
                    names.Add(name);
                }
            }
            if (LibC.LastError is var errno and not Errno.None)
            {
                return HostFile.FromErrno<IReadOnlyList<T>>(directory, errno);
            }
            names.Sort(StringComparer.Ordinal);
            return Reading.Known<IReadOnlyList<T>>(names.ConvertAll(name => read(descriptor, directory, name)));
        }
        finally
        {
            LibC.CloseDirectory(stream);
        }
    }

    private static Reading<byte[]> Newest(SafeFileHandle file, string path, int bound)
    {
        using var kept = new MemoryStream();
        byte[] buffer = new byte[RecordBound];
        for (long total = 0; total < RingBound;)
        {
            int read = Read(file, buffer);
            if (read < 0 && LibC.LastError == Errno.EPIPE)
            {
                // The record was overwritten before it was read; the next read goes on with the oldest that is there.
                continue;
            }
            if (read < 0 && LibC.LastError != Errno.EAGAIN)
            {
                return HostFile.FromErrno<byte[]>(path, LibC.LastError);
            }
            if (read <= 0)
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
        return Reading.Known(kept.ToArray());
    }

    /// <summary>Keeps the last bytes, from the beginning of a line on.</summary>
    private static void Cut(MemoryStream kept, int bound)
    {
        if (kept.Length <= bound)
        {
            return;
        }
        Span<byte> last = kept.GetBuffer().AsSpan((int)kept.Length - bound, bound);
        int firstEnd = last.IndexOf((byte)'\n');
        last = firstEnd < 0 ? default : last[(firstEnd + 1)..];
        last.CopyTo(kept.GetBuffer());
        kept.SetLength(last.Length);
        kept.Position = last.Length;
    }

    /// <summary>The next bytes; 0 at the end, or -1.</summary>
    private static int Read(SafeFileHandle file, Span<byte> buffer)
    {
        int read;
        do
        {
            read = LibC.Read(file, buffer);
        }
        while (read < 0 && LibC.LastError == Errno.EINTR);
        return read;
    }
}
