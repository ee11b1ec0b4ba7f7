namespace OvsOffload.Intent;

/// <summary>
/// A text as lines with their own ends, so that one line can be changed and every other byte stays: comments, order,
/// CRLF, an end without a newline. In texts of other programs' files one character stands for one byte.
/// </summary>
internal static class TextLines
{
    /// <summary>The lines, each with its end; together they are the text.</summary>
    public static List<string> Split(string text)
    {
        var lines = new List<string>();
        for (int begin = 0; begin < text.Length;)
        {
            int end = text.IndexOf('\n', begin);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[begin..end]);
            begin = end;
        }

        return lines;
    }

    /// <summary>A line without its end, which is LF or CRLF; a CR alone ends none.</summary>
    public static string Content(string line) => line switch
    {
        [.. var content, '\r', '\n'] => content,
        [.. var content, '\n'] => content,
        _ => line,
    };

    /// <summary>The end of a line; empty for a last line without one.</summary>
    public static string End(string line) => line[Content(line).Length..];

    /// <summary>How lines end in this text: as its first one.</summary>
    public static string NewLine(IReadOnlyList<string> lines) =>
        lines.Count > 0 && End(lines[0]) is { Length: > 0 } end ? end : "\n";

    /// <summary>
    /// Adds a line behind another, or before all with -1. A last line without an end stays the last, and without an
    /// end.
    /// </summary>
    public static void InsertAfter(List<string> lines, int at, string content)
    {
        string newLine = NewLine(lines);
        if (at >= 0 && End(lines[at]).Length == 0)
        {
            lines[at] += newLine;
            lines.Insert(at + 1, content);
        }
        else
        {
            lines.Insert(at + 1, content + newLine);
        }
    }
}
