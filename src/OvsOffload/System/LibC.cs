using System.Runtime.InteropServices;

namespace OvsOffload.System;

/// <summary>
/// The libc calls that .NET does not offer. The only file of the project that imports libc: a caller elsewhere adds its
/// call here. Every call sets the last error, which <see cref="LastError"/> reads.
/// </summary>
internal static partial class LibC
{
    /// <summary>AF_NETLINK, sys/socket.h.</summary>
    public const int AddressFamilyNetlink = 16;

    /// <summary>SOCK_RAW, sys/socket.h.</summary>
    public const int SocketTypeRaw = 3;

    /// <summary>SOCK_CLOEXEC, sys/socket.h: a child process must not inherit the socket.</summary>
    public const int SocketCloseOnExec = 0x80000;

    /// <summary>CLONE_NEWNET, linux/sched.h.</summary>
    public const int CloneNewNetwork = 0x40000000;

    /// <summary>socket(2). Returns a file descriptor, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int addressFamily, int type, int protocol);

    /// <summary>bind(2) of a <see cref="NetlinkAddress"/>. Returns 0, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeHandle socket, in NetlinkAddress address, uint addressLength);

    /// <summary>setns(2): moves the calling thread, and no other, into a namespace. Returns 0, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(SafeHandle namespaceFile, int namespaceType);

    /// <summary>O_NONBLOCK, O_CLOEXEC; asm-generic/fcntl.h.</summary>
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;

    /// <summary>SIGTERM, asm-generic/signal.h.</summary>
    public const int SignalTerminate = 15;

    /// <summary>open(2) for reading without ever blocking: <c>/dev/kmsg</c> answers EAGAIN at its end.</summary>
    public static int OpenNonBlocking(string path) => Open(path, NonBlockingCloseOnExec);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    /// <summary>kill(2). Returns 0, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    /// <summary>
    /// M_MMAP_THRESHOLD, glibc's malloc.h: bytes from which a block is mapped, and given back when freed.
    /// </summary>
    public const int MallocMapThreshold = -3;

    /// <summary>M_ARENA_MAX, glibc's malloc.h.</summary>
    public const int MallocMostArenas = -8;

    /// <summary>mallopt(3), which only glibc has. Returns 1, or 0.</summary>
    /// <exception cref="EntryPointNotFoundException">Another libc.</exception>
    [LibraryImport("libc", EntryPoint = "mallopt", SetLastError = true)]
    public static partial int SetMallocOption(int option, int value);

    /// <summary>AT_FDCWD, linux/fcntl.h: a relative path begins at the working directory.</summary>
    private const int WorkingDirectory = -100;

    /// <summary>RENAME_EXCHANGE, linux/fs.h.</summary>
    private const uint RenameExchange = 2;

    /// <summary>STATX_UID | STATX_GID, linux/stat.h.</summary>
    private const uint StatOwner = 0x8 | 0x10;

    /// <summary>renameat2(2) with RENAME_EXCHANGE: two files of one file system change names at once. Returns 0, or
    /// -1.</summary>
    public static int Exchange(string one, string other) =>
        RenameAt2(WorkingDirectory, one, WorkingDirectory, other, RenameExchange);

    /// <summary>statx(2), following links, for the owner alone. Returns 0, or -1.</summary>
    public static int OwnerOf(string path, out FileOwner owner) =>
        StatX(WorkingDirectory, path, 0, StatOwner, out owner);

    /// <summary>LOCK_EX, sys/file.h.</summary>
    public const int LockExclusive = 2;

    /// <summary>flock(2); waits until nobody else holds the lock, which ends with the handle. Returns 0, or
    /// -1.</summary>
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeHandle file, int operation);

    /// <summary>fchown(2). Returns 0, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(SafeHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(
        int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out FileOwner owner);

    /// <summary>The owner in struct statx, linux/stat.h, which is 256 bytes long.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public readonly struct FileOwner
    {
        [FieldOffset(20)]
        private readonly uint _user;

        [FieldOffset(24)]
        private readonly uint _group;

        /// <summary>stx_uid.</summary>
        public uint User => _user;

        /// <summary>stx_gid.</summary>
        public uint Group => _group;
    }

    /// <summary>The error of the last call of this class on this thread.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>struct sockaddr_nl, linux/netlink.h. With port 0 the kernel chooses a port.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct NetlinkAddress(ushort family)
    {
        private readonly ushort _family = family;
        private readonly ushort _padding;
        private readonly uint _port;
        private readonly uint _groups;

        /// <summary>The address that lets the kernel choose.</summary>
        public static NetlinkAddress Any => new(AddressFamilyNetlink);
    }
}
