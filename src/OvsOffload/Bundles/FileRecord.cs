using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>How a file was read.</summary>
internal enum FileRead
{
    /// <summary>From its beginning to its end.</summary>
    Bytes,

    /// <summary>Its end alone.</summary>
    Tail,

    /// <summary>What a record device holds.</summary>
    Ring,

    /// <summary>The text of a symbolic link.</summary>
    Link,

    /// <summary>The names in a directory.</summary>
    Names,
}

/// <summary>One reading of a file, link or directory, be it known, absent or failed.</summary>
/// <param name="Read">How it was read.</param>
/// <param name="Path">Absolute, as on the host: <c>/sys/bus/pci/devices</c>.</param>
internal sealed record FileRecord(FileRead Read, string Path)
{
    /// <summary>What came of it.</summary>
    public ReadingOutcome Outcome { get; init; } = ReadingOutcome.Known;

    /// <summary>Why there is no content, in words and with the errno's name; empty where there is.</summary>
    public string Why { get; init; } = "";

    /// <summary>The bytes; of a link its text, of a directory the names with <c>/</c> between them.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>Whether the content begins where the file does.</summary>
    public bool StartsAtBeginning { get; init; } = true;

    /// <summary>The content as text; null where it is none, for then it must not be changed.</summary>
    public string? Text
    {
        get
        {
            try
            {
                return Strict.GetString(Content);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    private static UTF8Encoding Strict { get; } =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The same with other text.</summary>
    public FileRecord With(string text) => this with { Content = Encoding.UTF8.GetBytes(text) };
}
