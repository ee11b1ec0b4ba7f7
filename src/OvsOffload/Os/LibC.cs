using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Tmds.Linux;
using Native = Tmds.Linux.LibC;

#pragma warning disable RS0030 // The one file of imports.

namespace OvsOffload.Os;

/// <summary>
/// The libc calls that .NET does not offer, with .NET's handles and strings. The only file of the program that calls
/// libc: a caller elsewhere adds its call here. Calls and constants are those of Tmds.LibC, which knows them for x64
/// and arm64; what it lacks is imported below. Every call sets the last error, which <see cref="LastError"/> reads.
/// </summary>
internal static unsafe partial class LibC
{
    /// <summary>The error of the last call of this class on this thread.</summary>
    public static Errno LastError => (Errno)Native.errno;

    /// <summary>socket(2): a raw netlink socket that children do not inherit. Returns a file descriptor, or
    /// -1.</summary>
    /// <param name="protocol">NETLINK_ROUTE and so on, linux/netlink.h.</param>
    public static int NetlinkSocket(int protocol) =>
        Native.socket(Native.AF_NETLINK, Native.SOCK_RAW | Native.SOCK_CLOEXEC, protocol);

    /// <summary>bind(2) of a netlink socket to a port that the kernel chooses. Returns 0, or -1.</summary>
    public static int BindNetlink(SafeHandle socket)
    {
        var address = new NetlinkAddress((ushort)(int)Native.AF_NETLINK);
        var at = (Tmds.Linux.sockaddr*)&address;
        return With(socket, descriptor => Native.bind(descriptor, at, sizeof(NetlinkAddress)));
    }

    /// <summary>setns(2): moves the calling thread, and no other, into a network namespace. Returns 0, or
    /// -1.</summary>
    public static int EnterNetwork(SafeHandle namespaceFile) =>
        With(namespaceFile, static descriptor => Native.setns(descriptor, Native.CLONE_NEWNET));

    /// <summary>open(2) for reading without ever blocking: <c>/dev/kmsg</c> answers EAGAIN at its end. Returns a file
    /// descriptor, or -1.</summary>
    public static int OpenNonBlocking(string path) => With(path, static at => Native.open(at, NonBlocking));

    /// <summary>openat(2) likewise, of a name in a folder; a link is refused with ELOOP.</summary>
    public static int OpenNonBlocking(SafeHandle folder, string name) =>
        OpenAt(folder, name, NonBlocking | Native.O_NOFOLLOW);

    /// <summary>open(2) of a place, for looking at it and for what is below it. Returns a file descriptor, or
    /// -1.</summary>
    public static int OpenPath(string path, bool followLast)
    {
        int flags = followLast ? PathOnly : PathOnly | Native.O_NOFOLLOW;
        return With(path, at => Native.open(at, flags));
    }

    /// <summary>openat(2) likewise, of a name in a folder; of a link that of the link itself.</summary>
    public static int OpenPath(SafeHandle folder, string name) =>
        OpenAt(folder, name, PathOnly | Native.O_NOFOLLOW);

    private static int NonBlocking => Native.O_RDONLY | Native.O_NONBLOCK | Native.O_CLOEXEC | Native.O_NOCTTY;

    private static int PathOnly => Native.O_PATH | Native.O_CLOEXEC;

    private static int OpenAt(SafeHandle folder, string name, int flags) =>
        With(folder, descriptor => With(name, at => Native.openat(descriptor, at, flags)));

    /// <summary>statx(2) of an open file or place. Returns 0, or -1.</summary>
    public static int StatusOf(SafeHandle file, out FileStatus status)
    {
        Tmds.Linux.statx read = default;
        statx* into = &read;
        byte empty = 0;
        byte* name = &empty;
        int result = With(file, descriptor => Native.statx(
            descriptor, name, Native.AT_EMPTY_PATH, Native.STATX_BASIC_STATS, into));
        status = new FileStatus(
            read.stx_mode, read.stx_uid, (read.stx_rdev_major, read.stx_rdev_minor), (long)read.stx_size);
        return result;
    }

    /// <summary>readlinkat(2) of an open link. Returns the length of what it says, or -1.</summary>
    public static int ReadLink(SafeHandle link, Span<byte> text)
    {
        fixed (byte* start = text)
        {
            byte* at = start;
            byte empty = 0;
            byte* name = &empty;
            int length = text.Length;
            return With(link, descriptor => (int)Native.readlinkat(descriptor, name, at, length));
        }
    }

    /// <summary>readlinkat(2) of a name in an open folder, which nobody closes meanwhile. Returns the length of what
    /// the link says, or -1.</summary>
    public static int ReadLink(int folder, string name, Span<byte> text)
    {
        fixed (byte* start = text)
        {
            byte* into = start;
            int length = text.Length;
            return With(name, at => (int)Native.readlinkat(folder, at, into, length));
        }
    }

    /// <summary>geteuid(2).</summary>
    public static uint EffectiveUser() => Native.geteuid();

    /// <summary>read(2). Returns the number of bytes, 0 at the end, or -1.</summary>
    public static int Read(SafeHandle file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            byte* at = start;
            int length = buffer.Length;
            return With(file, descriptor => (int)Native.read(descriptor, at, length));
        }
    }

    /// <summary>kill(2) with SIGTERM. Returns 0, or -1.</summary>
    public static int Terminate(int process) => Native.kill(process, Native.SIGTERM);

    /// <summary>statx(2), following links, for the owner alone. Returns 0, or -1.</summary>
    public static int OwnerOf(string path, out FileOwner owner)
    {
        Tmds.Linux.statx status = default;
        statx* into = &status;
        int result = With(path, at => Native.statx(
            Native.AT_FDCWD, at, 0, Native.STATX_UID | Native.STATX_GID, into));
        owner = new FileOwner(status.stx_uid, status.stx_gid);
        return result;
    }

    /// <summary>fchown(2). Returns 0, or -1.</summary>
    public static int ChangeOwner(SafeHandle file, FileOwner owner) =>
        With(file, descriptor => Native.fchown(descriptor, owner.User, owner.Group));

    /// <summary>renameat2(2) with RENAME_EXCHANGE: two files of one file system change names at once. Returns 0, or
    /// -1.</summary>
    public static int Exchange(string one, string other) =>
        RenameAt2(Native.AT_FDCWD, one, Native.AT_FDCWD, other, RenameExchange);

    /// <summary>M_TRIM_THRESHOLD, glibc's malloc.h: bytes free at the heap's end from which they are given
    /// back.</summary>
    public const int MallocTrimThreshold = -1;

    /// <summary>M_MMAP_THRESHOLD, glibc's malloc.h: bytes from which a block is mapped, and given back when
    /// freed.</summary>
    public const int MallocMapThreshold = -3;

    /// <summary>M_ARENA_MAX, glibc's malloc.h.</summary>
    public const int MallocMostArenas = -8;

    /// <summary>mallopt(3), which only glibc has. Returns 1, or 0.</summary>
    /// <exception cref="EntryPointNotFoundException">Another libc.</exception>
    [LibraryImport("libc", EntryPoint = "mallopt", SetLastError = true)]
    public static partial int SetMallocOption(int option, int value);

    /// <summary>RENAME_EXCHANGE, linux/fs.h.</summary>
    private const uint RenameExchange = 2;

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(
        int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);

    /// <summary>flistxattr(2): names, each with a zero behind it. Returns bytes, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    public static partial nint ListAttributes(SafeHandle file, Span<byte> names, nuint size);

    /// <summary>fgetxattr(2). Returns bytes, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadAttribute(SafeHandle file, string name, Span<byte> value, nuint size);

    /// <summary>fsetxattr(2). Returns 0, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int WriteAttribute(
        SafeHandle file, string name, ReadOnlySpan<byte> value, nuint size, int flags);

    /// <summary>fstatfs(2). Returns 0, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int FileSystemOf(SafeHandle file, out FileSystemStatus status);

    /// <summary>fdopendir(3), which takes the descriptor over. Returns a stream, or 0.</summary>
    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint OpenDirectory(int descriptor);

    /// <summary>readdir(3). Returns a struct dirent, or 0; at the end without an error.</summary>
    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial nint ReadDirectory(nint stream);

    /// <summary>closedir(3).</summary>
    [LibraryImport("libc", EntryPoint = "closedir", SetLastError = true)]
    public static partial int CloseDirectory(nint stream);

    /// <summary>Bytes before d_name in struct dirent: d_ino, d_off, d_reclen, d_type; 64-bit glibc and musl.</summary>
    public const int DirectoryEntryName = 19;

    private delegate int PathCall(byte* path);

    /// <summary>A call with a path as libc wants it: UTF-8 that ends with a zero.</summary>
    private static int With(string path, PathCall call)
    {
        scoped var marshaller = new Utf8StringMarshaller.ManagedToUnmanagedIn();
        try
        {
            marshaller.FromManaged(path, stackalloc byte[Utf8StringMarshaller.ManagedToUnmanagedIn.BufferSize]);
            return call(marshaller.ToUnmanaged());
        }
        finally
        {
            marshaller.Free();
        }
    }

    /// <summary>A call with a descriptor that cannot be closed, and given to another file, meanwhile.</summary>
    private static int With(SafeHandle file, Func<int, int> call)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return call((int)file.DangerousGetHandle());
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Who a file belongs to.</summary>
    /// <param name="User">stx_uid, linux/stat.h.</param>
    /// <param name="Group">stx_gid.</param>
    public readonly record struct FileOwner(uint User, uint Group);

    /// <summary>What a file is, and who may change it; linux/stat.h.</summary>
    /// <param name="Mode">stx_mode: S_IFMT and permissions.</param>
    /// <param name="User">stx_uid.</param>
    /// <param name="Device">stx_rdev_major and stx_rdev_minor.</param>
    /// <param name="Size">stx_size, bytes; sysfs says 4096 and procfs 0.</param>
    public readonly record struct FileStatus(int Mode, uint User, (uint Major, uint Minor) Device, long Size);

    /// <summary>What is taken of struct statfs of 64-bit machines, asm-generic/statfs.h.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    public readonly struct FileSystemStatus
    {
        [FieldOffset(0)]
        private readonly long _type;

        [FieldOffset(80)]
        private readonly long _flags;

        /// <summary>f_type, linux/magic.h.</summary>
        public long Type => _type;

        /// <summary>f_flags has ST_RDONLY: the file system, or its mount here, is read-only (fs/statfs.c).</summary>
        public bool IsReadOnly => (_flags & 1) != 0;
    }

    /// <summary>struct sockaddr_nl, linux/netlink.h. With port 0 the kernel chooses a port.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct NetlinkAddress(ushort family)
    {
        private readonly ushort _family = family;
        private readonly ushort _padding;
        private readonly uint _port;
        private readonly uint _groups;
    }
}
