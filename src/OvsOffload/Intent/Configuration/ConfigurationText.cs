using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OvsOffload.Intent.Configuration;

/// <summary>Makes text of a file's bytes, and refuses what YAML readers report in words that help nobody.</summary>
internal static class ConfigurationText
{
    /// <summary>More than any configuration needs, and little enough to be read at once. Bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");

    /// <summary>The text, without a byte order mark.</summary>
    /// <exception cref="ConfigurationException">
    /// Too large, empty, not UTF-8, or with characters that do not belong there.
    /// </exception>
    public static string Decode(string file, ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxBytes)
        {
            throw Refuse(SourcePosition.WholeFile(file), $"the file is larger than {MaxBytes} bytes (1 MiB)");
        }

        if (content.StartsWith(Encoding.Unicode.Preamble) || content.StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            throw Refuse(new SourcePosition(file, 1, 1), "the file is UTF-16; save it as UTF-8");
        }

        if (content.StartsWith(Encoding.UTF8.Preamble))
        {
            content = content[Encoding.UTF8.Preamble.Length..];
        }

        char[] characters = new char[content.Length];
        OperationStatus status = Utf8.ToUtf16(
            content, characters, out int read, out int written, replaceInvalidSequences: false);
        string text = new string(characters, 0, written);
        if (status != OperationStatus.Done)
        {
            throw Refuse(EndOf(file, text), $"byte 0x{content[read]:x2} is not UTF-8; save the file as UTF-8");
        }

        RefuseCharacters(file, text);
        return text;
    }

    private static void RefuseCharacters(string file, string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (character == '\t' && !IsInComment(text, i))
            {
                throw Refuse(EndOf(file, text[..i]), "tab character; YAML allows only spaces for indentation");
            }

            if (char.IsControl(character) && character is not ('\t' or '\n' or '\r'))
            {
                throw Refuse(EndOf(file, text[..i]), $"control character 0x{(int)character:x2}; remove it");
            }
        }
    }

    /// <summary>Elsewhere the parser refuses most tabs itself, with the position of something else.</summary>
    private static bool IsInComment(ReadOnlySpan<char> text, int tab)
    {
        ReadOnlySpan<char> before = text[(text[..tab].LastIndexOfAny(LineEnds) + 1)..tab];
        return before.StartsWith('#') || before.Contains(" #", StringComparison.Ordinal);
    }

    private static SourcePosition EndOf(string file, string text)
    {
        int lineBegin = text.AsSpan().LastIndexOfAny(LineEnds) + 1;
        int lines = 1 + text.AsSpan().Count('\n') + text.AsSpan().Count('\r') - text.AsSpan().Count("\r\n");
        return new SourcePosition(file, lines, text.Length - lineBegin + 1);
    }

    private static ConfigurationException Refuse(SourcePosition position, string message) =>
        new([new ConfigurationError(position, message)]);
}
