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

    /// <summary>Reads a bundle in memory; nothing is written to disk.</summary>
    /// <param name="compressed">The file.</param>
    /// <exception cref="BundleException">It is no bundle, is damaged, or is larger than bundles are.</exception>
    public static Recording Read(ArraySegment<byte> compressed)
    {
        if (compressed is not [0x1f, 0x8b, ..] || compressed.Count < MinGzip)
        {
            throw new BundleException("not a support bundle: not gzip-compressed");
        }

        // The last four bytes of a gzip file are the length of what was compressed (RFC 1952): they tell a cut file,
        // and how much room to make where they can be true.
        uint claimed = BitConverter.ToUInt32(compressed.AsSpan()[^4..]);
        try
        {
            using var gzip = new GZipStream(
                new MemoryStream(compressed.Array!, compressed.Offset, compressed.Count), CompressionMode.Decompress);
            (Dictionary<string, byte[]> files, long length) = TarArchive.Read(
                gzip, Math.Min(claimed, Math.Min(MaxUnpacked, (long)compressed.Count * MaxRatio)));
            return length + Rest(gzip, MaxUnpacked - length) == claimed
                ? BundleFormat.Read(files)
                : throw new BundleException("truncated");
        }
        catch (InvalidDataException damaged)
        {
            throw new BundleException($"damaged: {damaged.Message}", damaged);
        }
    }

    /// <summary>Bytes to the end of a stream, which are read for their checksum alone.</summary>
    private static long Rest(Stream stream, long bound)
    {
        byte[] buffer = new byte[4096];
        long length = 0;
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            length += read;
            if (length > bound)
            {
                throw new BundleException($"uncompressed size exceeds {MaxUnpacked >> 20} MiB");
            }
        }

        return length;
    }
}
