namespace OvsOffload.Os;

/// <summary>What kind of thing a file is.</summary>
internal static class FileKind
{
    /// <summary>S_IFMT, linux/stat.h.</summary>
    private const int Mask = 0xf000;

    private const int Fifo = 0x1000, Character = 0x2000, Directory = 0x4000, Block = 0x6000, Regular = 0x8000;
    private const int SymbolicLink = 0xa000, Socket = 0xc000;

    /// <summary>S_IWGRP and S_IWOTH. With an access control list the group's bits are its mask, so that they tell of
    /// its entries too (acl(5)).</summary>
    private const int WritableByOthers = 0x12;

    /// <summary>The kernel's log, Documentation/admin-guide/devices.txt.</summary>
    private static readonly (uint Major, uint Minor) LogDevice = (1, 11);

    /// <summary>/dev/null; a link to it masks a file (systemd.unit(5), modprobe.d(5)), which is then empty.</summary>
    private static readonly (uint Major, uint Minor) NullDevice = (1, 3);

    /// <summary>Whether to read it is all that it takes: a regular file, or one that is masked.</summary>
    public static bool IsContent(this LibC.FileStatus status) => status.IsRegular()
        || ((status.Mode & Mask) == Character && status.Device == NullDevice);

    public static bool IsRegular(this LibC.FileStatus status) => (status.Mode & Mask) == Regular;

    public static bool IsDirectory(this LibC.FileStatus status) => (status.Mode & Mask) == Directory;

    public static bool IsSocket(this LibC.FileStatus status) => (status.Mode & Mask) == Socket;

    public static bool IsCharacterDevice(this LibC.FileStatus status) => (status.Mode & Mask) == Character;

    public static bool IsLink(this LibC.FileStatus status) => (status.Mode & Mask) == SymbolicLink;

    /// <summary>Whether it is <c>/dev/kmsg</c>, whatever its name is.</summary>
    public static bool IsKernelLog(this LibC.FileStatus status) =>
        (status.Mode & Mask) == Character && status.Device == LogDevice;

    /// <summary>Whether its group or everybody may write to it.</summary>
    public static bool IsWritableByOthers(this LibC.FileStatus status) => (status.Mode & WritableByOthers) != 0;

    /// <summary>Whether its group or everybody may do anything with it: S_IRWXG and S_IRWXO.</summary>
    public static bool IsOpenToOthers(this LibC.FileStatus status) => (status.Mode & 0x3f) != 0;

    /// <summary>Its kind for a message: <c>a FIFO</c>.</summary>
    public static string Describe(this LibC.FileStatus status) => (status.Mode & Mask) switch
    {
        Fifo => "a FIFO",
        Character => "a character device",
        Directory => "a directory",
        Block => "a block device",
        Regular => "a regular file",
        SymbolicLink => "a symbolic link",
        Socket => "a socket",
        _ => "an unknown kind of file",
    };
}
