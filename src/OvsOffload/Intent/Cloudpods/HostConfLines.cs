using OvsOffload.Intent.Configuration;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>
/// Reads a host.conf of lines <c>key = value</c>: <c>#</c> begins a comment, <c>[section]</c> means nothing, and a list
/// is <c>[a, b]</c>, <c>(a, b)</c> or one bare value.
/// </summary>
internal static class HostConfLines
{
    /// <summary>Reads the options; of two equal keys the later counts.</summary>
    /// <exception cref="ConfigurationException">A line is none of these.</exception>
    public static Dictionary<string, HostConfValue> Read(string file, string text)
    {
        var values = new Dictionary<string, HostConfValue>(StringComparer.Ordinal);
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> content = WithoutComment(line).Trim();
            if (content.IsEmpty || (content[0] == '[' && content[^1] == ']'))
            {
                continue;
            }

            int equals = content.IndexOf('=');
            if (equals <= 0)
            {
                throw new ConfigurationException(
                [
                    new ConfigurationError(
                        new SourcePosition(file, number, 1 + line.IndexOf(content[0])),
                        $"{ConfigurationNode.Quote(content.ToString())} is not a line KEY = VALUE (Cloudpods reports: "
                            + "Misformated line)"),
                ]);
            }

            string option = content[..equals].Trim().ToString().Replace('-', '_');
            int column = line.IndexOf('=') + 2;
            values[option] = Value(content[(equals + 1)..].Trim(), new SourcePosition(file, number, column));
        }

        return values;
    }

    /// <summary>A line without the comment at its end; a <c>#</c> inside of a word is a part of it.</summary>
    public static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line)
    {
        for (int at = 0; at < line.Length; at++)
        {
            if (line[at] == '#' && (at == 0 || char.IsWhiteSpace(line[at - 1])))
            {
                return line[..at];
            }
        }

        return line;
    }

    private static HostConfValue Value(ReadOnlySpan<char> text, SourcePosition position)
    {
        if (text is ['[', .., ']'] or ['(', .., ')'])
        {
            return new HostConfValue(
                [
                    .. text[1..^1].ToString()
                        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                        .Select(item => Unquoted(item)),
                ],
                IsList: true, IsPlain: false, position);
        }

        return new HostConfValue([Unquoted(text.ToString())], IsList: false, IsPlain: false, position);
    }

    private static string Unquoted(string text) =>
        text is ['"', .., '"'] or ['\'', .., '\''] ? text[1..^1] : text;
}
