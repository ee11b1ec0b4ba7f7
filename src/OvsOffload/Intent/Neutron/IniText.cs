namespace OvsOffload.Intent.Neutron;

/// <summary>
/// Reads and changes one option of a file of oslo.config (openvswitch_agent.ini) and leaves every other byte as it is.
/// Pure.
/// Sections of one name count as one, and of two equal options the later counts.
/// </summary>
internal static class IniText
{
    /// <summary>The value of an option; null where it is not set.</summary>
    public static string? Value(string text, string section, string option) => Entries(TextLines.Split(text))
        .LastOrDefault(entry => entry.Section == section && entry.Option == option)?.Value;

    /// <summary>The text with an option set, or without it.</summary>
    /// <param name="text">One character for one byte.</param>
    /// <param name="section">The section's name.</param>
    /// <param name="option">The option's name.</param>
    /// <param name="value">The value; null to take the option away.</param>
    public static string With(string text, string section, string option, string? value)
    {
        if (Value(text, section, option) == value)
        {
            return text;
        }

        List<string> lines = TextLines.Split(text);
        Entry[] set = [.. Entries(lines).Where(entry => entry.Section == section && entry.Option == option)];
        if (value is null)
        {
            foreach (Entry entry in set.Reverse())
            {
                lines.RemoveRange(entry.Line, entry.Lines);
            }
        }
        else if (set.Length > 0)
        {
            Entry last = set[^1];
            string content = TextLines.Content(lines[last.Line]);
            string name = content[..(content.AsSpan().IndexOfAny('=', ':') + 1)];
            string blank = content[name.Length..] is [var first, ..] && char.IsWhiteSpace(first) ? " " : "";
            string end = TextLines.End(lines[last.Line + last.Lines - 1]);
            lines.RemoveRange(last.Line, last.Lines);
            lines.Insert(last.Line, name + blank + value + end);
        }
        else
        {
            Add(lines, section, $"{option} = {value}", option);
        }

        return string.Concat(lines);
    }

    /// <summary>Adds an option behind its default that stands there as a comment, else behind the section's
    /// head.</summary>
    private static void Add(List<string> lines, string section, string line, string option)
    {
        int head = lines.FindIndex(candidate => SectionOf(candidate) == section);
        if (head < 0)
        {
            if (lines.Count > 0)
            {
                TextLines.InsertAfter(lines, lines.Count - 1, "");
            }

            TextLines.InsertAfter(lines, lines.Count - 1, $"[{section}]");
            head = lines.FindIndex(candidate => SectionOf(candidate) == section);
        }

        int at = head;
        for (int next = head + 1; next < lines.Count && SectionOf(lines[next]) is null; next++)
        {
            string comment = TextLines.Content(lines[next]);
            if (comment.StartsWith('#') && comment[1..].TrimStart().StartsWith(option, StringComparison.Ordinal)
                && comment[1..].TrimStart()[option.Length..].TrimStart().StartsWith('='))
            {
                at = next;
            }
        }

        TextLines.InsertAfter(lines, at, line);
    }

    private static List<Entry> Entries(List<string> lines)
    {
        var entries = new List<Entry>();
        string section = "";
        for (int at = 0; at < lines.Count; at++)
        {
            string line = TextLines.Content(lines[at]);
            if (SectionOf(lines[at]) is { } name)
            {
                section = name;
            }
            else if (line.Length > 0 && char.IsWhiteSpace(line[0]) && line.Trim().Length > 0
                && entries.Count > 0 && entries[^1].Line + entries[^1].Lines == at)
            {
                Entry last = entries[^1];
                entries[^1] = last with { Value = $"{last.Value}\n{line.Trim()}", Lines = last.Lines + 1 };
            }
            else if (line is [not ('#' or ';'), ..] && line.AsSpan().IndexOfAny('=', ':') is > 0 and var sign)
            {
                entries.Add(new Entry(section, line[..sign].Trim(), line[(sign + 1)..].Trim(), at, 1));
            }
        }

        return entries;
    }

    private static string? SectionOf(string line) =>
        TextLines.Content(line).TrimEnd() is ['[', .. var name, ']'] ? name.Trim() : null;

    /// <summary>An option that is set.</summary>
    /// <param name="Section">Its section.</param>
    /// <param name="Option">Its name.</param>
    /// <param name="Value">Its value.</param>
    /// <param name="Line">The line, from 0.</param>
    /// <param name="Lines">How many lines it takes: those behind it that are indented belong to it.</param>
    private sealed record Entry(string Section, string Option, string Value, int Line, int Lines);
}
