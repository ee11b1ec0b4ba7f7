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
