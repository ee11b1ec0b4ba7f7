using System.Collections.Immutable;
using System.IO.Compression;

namespace OvsOffload.Bundles;

/// <summary>A support bundle as a file: a recording in a gzip-compressed tar archive.</summary>
internal static class BundleFile
{
    /// <summary>Bytes of the file itself. Bundles come to some 300 kB.</summary>
    public const int MostCompressed = 32 << 20;

    /// <summary>Bytes that it unpacks to. <see cref="Recorder"/> takes 40 MiB, and base64 makes a third more.</summary>
    public const int MostUnpacked = 64 << 20;

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
        byte[] compressed = Bounded(stream, MostCompressed, $"it is larger than {MostCompressed >> 20} MiB");
        if (compressed is not [0x1f, 0x8b, ..])
        {
            throw new BundleException("it is not compressed with gzip: no support bundle");
        }

        byte[] archive;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
            archive = Bounded(gzip, MostUnpacked, $"it unpacks to more than {MostUnpacked >> 20} MiB");
        }
        catch (InvalidDataException damaged)
        {
            throw new BundleException($"it is damaged: {damaged.Message}", damaged);
        }

        // The last four bytes of a gzip file are the length of what was compressed (RFC 1952), which tells a cut file.
        if (compressed.Length < 18 || BitConverter.ToUInt32(compressed, compressed.Length - 4) != archive.Length)
        {
            throw new BundleException("it is cut short");
        }

        return BundleFormat.Read(TarArchive.Read(archive));
    }

    private static byte[] Bounded(Stream stream, int bound, string message)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (content.Length + read > bound)
            {
                throw new BundleException(message);
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
