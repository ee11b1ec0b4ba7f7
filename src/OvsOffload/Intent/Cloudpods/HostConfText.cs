using System.Buffers;
using System.Text.Unicode;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>Makes text of a file's bytes. More lenient than our own configuration: tabs are no fault here.</summary>
internal static class HostConfText
{
    /// <summary>The text, without a byte order mark.</summary>
    /// <exception cref="ConfigurationException">It is larger than 1 MiB, or not UTF-8.</exception>
    public static string Decode(string file, ReadOnlySpan<byte> content)
    {
        if (content.Length > ConfigurationText.MaxBytes)
        {
            throw Refuse(SourcePosition.WholeFile(file), "the file is larger than 1 MiB");
        }

        if (content is [0xef, 0xbb, 0xbf, ..])
        {
            content = content[3..];
        }

        char[] characters = new char[content.Length];
        OperationStatus status =
            Utf8.ToUtf16(content, characters, out int read, out int written, replaceInvalidSequences: false);
        string text = new string(characters, 0, written);
        return status == OperationStatus.Done
            ? text
            : throw Refuse(
                new SourcePosition(file, 1 + text.AsSpan().Count('\n'), text.Length - text.LastIndexOf('\n')),
                $"byte 0x{content[read]:x2} is not UTF-8");
    }

    private static ConfigurationException Refuse(SourcePosition position, string message) =>
        new([new ConfigurationError(position, message)]);
}
