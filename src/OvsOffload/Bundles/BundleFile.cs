using System.Collections.Immutable;
using System.IO.Compression;

namespace OvsOffload.Bundles;

/// <summary>A support bundle as a file: a recording in a gzip-compressed tar archive.</summary>
internal static class BundleFile
{
    /// <summary>Bytes of the file itself. Bundles come to some 300 kB.</summary>
    public const int MaxCompressed = 32 << 20;

    /// <summary>Bytes that it unpacks to. <see cref="Recorder"/> takes 40 MiB, and base64 makes a third more.</summary>
    public const int MaxUnpacked = 64 << 20;

    /// <summary>Bytes of an empty gzip file: header of 10, trailer of 8 (RFC 1952).</summary>
    private const int MinGzip = 18;

    /// <summary>What deflate makes of a byte at most (RFC 1951: 258 bytes by two bits).</summary>
    private const int MaxRatio = 1032;

    /// <summary>Writes a bundle.</summary>
    /// <returns>What is in it.</returns>
    public static ImmutableArray<TarMember> Write(Stream stream, Recording recording)
    {
        ImmutableArray<TarMember> members = BundleFormat.Write(recording);
        using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        TarArchive.Write(gzip, members, recording.Manifest.Time);
        return members;
    }

    /// <summary>Reads a bundle into memory; nothing is written to disk.</summary>
    /// <param name="stream">The file.</param>
    /// <exception cref="BundleException">It is no bundle, is damaged, or is larger than bundles are.</exception>
    /// <exception cref="IOException">It could not be read.</exception>
    public static Recording Read(Stream stream)
    {
        int length = stream.CanSeek ? (int)Math.Min(stream.Length, MaxCompressed) : 0;
        return Read(Bounded(stream, length, MaxCompressed, $"larger than {MaxCompressed >> 20} MiB"));
    }

    /// <summary>The same of a file that is in memory.</summary>
    /// <inheritdoc cref="Read(Stream)"/>
    public static Recording Read(ArraySegment<byte> compressed)
    {
        if (compressed is not [0x1f, 0x8b, ..] || compressed.Count < MinGzip)
        {
            throw new BundleException("not a support bundle: not gzip-compressed");
        }

        // The last four bytes of a gzip file are the length of what was compressed (RFC 1952): they tell a cut file,
        // and how much room to make where they can be true.
        uint claimed = BitConverter.ToUInt32(compressed.AsSpan()[^4..]);
        int room = (int)Math.Min(claimed, Math.Min(MaxUnpacked, (long)compressed.Count * MaxRatio));
        ArraySegment<byte> archive;
        try
        {
            using var gzip = new GZipStream(
                new MemoryStream(compressed.Array!, compressed.Offset, compressed.Count), CompressionMode.Decompress);
            archive = Bounded(gzip, room, MaxUnpacked, $"uncompressed size exceeds {MaxUnpacked >> 20} MiB");
        }
        catch (InvalidDataException damaged)
        {
            throw new BundleException($"damaged: {damaged.Message}", damaged);
        }

        return claimed == archive.Count
            ? BundleFormat.Read(TarArchive.Read(archive))
            : throw new BundleException("truncated");
    }

    /// <summary>Reads to the end, straight into the memory that what is read stays in.</summary>
    private static ArraySegment<byte> Bounded(Stream stream, int room, int bound, string message)
    {
        // One byte more than the content has: its end is seen without another array.
        byte[] content = GC.AllocateUninitializedArray<byte>(Math.Max(room, 4095) + 1);
        int length = 0;
        for (int read; (read = stream.Read(content, length, content.Length - length)) > 0;)
        {
            length += read;
            if (length > bound)
            {
                throw new BundleException(message);
            }

            if (length == content.Length)
            {
                Array.Resize(ref content, Math.Min(2 * length, bound + 1));
            }
        }

        return new ArraySegment<byte>(content, 0, length);
    }
}
