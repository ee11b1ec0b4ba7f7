using System.Formats.Tar;
using System.Text;

namespace OvsOffload.Bundles;

/// <summary>One file of an archive.</summary>
/// <param name="Name">Relative, parts separated by <c>/</c>.</param>
/// <param name="Content">The bytes.</param>
internal readonly record struct TarMember(string Name, ReadOnlyMemory<byte> Content);

/// <summary>
/// Archives of regular files in the ustar form (POSIX.1-1988). They are read here and not by
/// <see cref="TarReader"/>, which takes what a header says for granted: it allocates an extended header of 2 GB, and
/// follows forms that a bundle never has.
/// </summary>
internal static class TarArchive
{
    /// <summary>Files of an archive at most.</summary>
    public const int MaxMembers = 10_000;

    private const int BlockLength = 512;
    private const int NameLength = 100;
    private const int PrefixAt = 345;
    private const int PrefixLength = 155;
    private const int SizeAt = 124;
    private const int ChecksumAt = 148;
    private const int TypeAt = 156;
    private const int MagicAt = 257;

    /// <summary>Longer names are not written; the form splits them at a slash into 155 and 100 bytes.</summary>
    public const int LongestName = NameLength;

    /// <summary>Writes an archive.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="members">The files.</param>
    /// <param name="time">Their time of modification.</param>
    public static void Write(Stream stream, IEnumerable<TarMember> members, DateTimeOffset time)
    {
        using var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (TarMember member in members)
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, member.Name)
            {
                DataStream = new MemoryStream(member.Content.ToArray(), writable: false),
                ModificationTime = time,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }

    /// <summary>Reads an archive to the block of zeros that ends it.</summary>
    /// <param name="archive">From its first byte.</param>
    /// <param name="length">Bytes that it has in all: no more room is made than these can fill.</param>
    /// <returns>The files by their names, and how many bytes were read.</returns>
    /// <exception cref="BundleException">It is cut, damaged, or holds what a bundle does not.</exception>
    public static (Dictionary<string, byte[]> Files, long Length) Read(Stream archive, long length)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        byte[] block = new byte[BlockLength];
        for (long at = 0; ;)
        {
            if (!Fill(archive, block))
            {
                throw new BundleException($"archive truncated at byte {at}");
            }

            at += BlockLength;
            if (!block.ContainsAnyExcept((byte)0))
            {
                return (files, at);
            }

            (string name, long size) = Header(block, at - BlockLength);
            if (size < 0 || size > length - at)
            {
                throw new BundleException($"archive truncated in {Quoted(name)}");
            }

            byte[] content = GC.AllocateUninitializedArray<byte>((int)size);
            int padding = (int)(-size & (BlockLength - 1));
            if (!Fill(archive, content) || !Fill(archive, block.AsSpan(0, padding)))
            {
                throw new BundleException($"archive truncated in {Quoted(name)}");
            }

            if (!files.TryAdd(name, content))
            {
                throw new BundleException($"archive contains {Quoted(name)} twice");
            }

            if (files.Count > MaxMembers)
            {
                throw new BundleException($"archive contains more than {MaxMembers} files");
            }

            at += size + padding;
        }
    }

    /// <summary>A name that is nobody's attempt to write elsewhere: relative, and without <c>..</c>.</summary>
    public static bool IsSafeName(string name) => name.Length > 0
        && !name.Any(char.IsControl)
        && name.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>A name for messages, without what a terminal would act upon.</summary>
    public static string Quoted(string name) =>
        $"'{string.Concat(name.Take(200).Select(letter => char.IsControl(letter) ? '?' : letter))}'";

    private static bool Fill(Stream archive, Span<byte> room) =>
        archive.ReadAtLeast(room, room.Length, throwOnEndOfStream: false) == room.Length;

    /// <summary>The name and the bytes of the file that a header announces; -1 where its size is no number.</summary>
    private static (string Name, long Size) Header(ReadOnlySpan<byte> header, long at)
    {
        if (!header[MagicAt..].StartsWith("ustar"u8) || Number(header.Slice(ChecksumAt, 8)) != Checksum(header))
        {
            throw new BundleException($"archive damaged at byte {at}: no file header");
        }

        string prefix = Name(header.Slice(PrefixAt, PrefixLength), at);
        string name = (prefix.Length > 0 ? prefix + "/" : "") + Name(header[..NameLength], at);
        if (header[TypeAt] is not ((byte)'0' or 0))
        {
            throw new BundleException($"archive contains {Quoted(name)}, which is {Kind(header[TypeAt])}, not a file");
        }

        return IsSafeName(name)
            ? (name, Number(header.Slice(SizeAt, 12)))
            : throw new BundleException($"archive contains a file with the invalid name {Quoted(name)}");
    }

    private static string Kind(byte type) => (char)type switch
    {
        '1' => "a hard link",
        '2' => "a symbolic link",
        '3' or '4' => "a device",
        '5' => "a directory",
        '6' => "a pipe",
        'x' or 'g' or 'L' or 'K' => "an extended header",
        _ => $"of type 0x{type:x2}",
    };

    private static string Name(ReadOnlySpan<byte> field, long at)
    {
        int end = field.IndexOf((byte)0);
        field = end < 0 ? field : field[..end];
        return Ascii.IsValid(field)
            ? Encoding.ASCII.GetString(field)
            : throw new BundleException($"archive damaged at byte {at}: name is not ASCII");
    }

    /// <summary>Octal digits, closed by NUL or blank; -1 for anything else.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> digits = field.Trim(" \0"u8);
        long number = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            number = number * 8 + (digit - '0');
        }

        return digits.IsEmpty ? -1 : number;
    }

    /// <summary>The sum of all bytes, the field of the sum itself taken for blanks.</summary>
    private static long Checksum(ReadOnlySpan<byte> header)
    {
        long sum = 0;
        for (int i = 0; i < BlockLength; i++)
        {
            sum += i is >= ChecksumAt and < ChecksumAt + 8 ? (byte)' ' : header[i];
        }

        return sum;
    }
}
