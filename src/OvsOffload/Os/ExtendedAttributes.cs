using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OvsOffload.Os;

/// <summary>
/// What stands beside a file's content, owner and mode: access control lists, labels of SELinux, attributes of users
/// (xattr(7)).
/// </summary>
internal static class ExtendedAttributes
{
    /// <summary>XATTR_LIST_MAX and XATTR_SIZE_MAX, linux/limits.h.</summary>
    private const int MaxBytes = 65536;

    /// <summary>Sums over content and attributes, which the kernel makes itself
    /// (Documentation/ABI/testing/evm).</summary>
    private static readonly string[] MadeByKernel = ["security.ima", "security.evm"];

    /// <summary>Gives a file those of another; what is there already is not written.</summary>
    /// <exception cref="IOException">One cannot be read or written.</exception>
    public static void Copy(SafeFileHandle from, SafeFileHandle to, string path)
    {
        byte[] names = new byte[MaxBytes];
        nint length = LibC.ListAttributes(from, names, MaxBytes);
        if (length < 0)
        {
            // A file system without any.
            if (LibC.LastError is Errno.EOPNOTSUPP or Errno.ENOSYS)
            {
                return;
            }

            throw new IOException($"{path}: cannot list its extended attributes: {LibC.LastError.Describe()}");
        }

        byte[] value = new byte[MaxBytes], present = new byte[MaxBytes];
        foreach (string name in Encoding.UTF8.GetString(names.AsSpan(0, (int)length))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries).Except(MadeByKernel))
        {
            nint size = LibC.ReadAttribute(from, name, value, MaxBytes);
            if (size < 0)
            {
                throw new IOException($"{path}: cannot read its attribute {name}: {LibC.LastError.Describe()}");
            }

            ReadOnlySpan<byte> wanted = value.AsSpan(0, (int)size);
            nint now = LibC.ReadAttribute(to, name, present, MaxBytes);
            bool isSame = now == size && present.AsSpan(0, (int)now).SequenceEqual(wanted);
            if (!isSame && LibC.WriteAttribute(to, name, wanted, (nuint)size, 0) != 0)
            {
                throw new IOException($"{path}: cannot keep its attribute {name}: {LibC.LastError.Describe()}");
            }
        }
    }
}
