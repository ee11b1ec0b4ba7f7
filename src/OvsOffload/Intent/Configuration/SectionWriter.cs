using System.Text;

namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Writes a configuration by its declarations; the first time that a key comes up, with its comment if wanted.
/// </summary>
internal sealed class SectionWriter
{
    private const int LongestLine = 110;

    private const int IndentWidth = 2;

    private readonly StringBuilder _text;
    private readonly HashSet<Declaration>? _commented;
    private readonly int _indent;

    /// <summary>Whether the next line begins an item of a list.</summary>
    private bool _beginsItem;

    /// <param name="withComments">Whether each key is explained.</param>
    public SectionWriter(bool withComments)
        : this(new StringBuilder(), withComments ? [] : null, indent: 0, beginsItem: false)
    {
    }

    private SectionWriter(StringBuilder text, HashSet<Declaration>? commented, int indent, bool beginsItem)
    {
        _text = text;
        _commented = commented;
        _indent = indent;
        _beginsItem = beginsItem;
    }

    /// <summary>The key with its value, unless it is left unstated.</summary>
    public void Write<T>(Key<T> key, T value)
    {
        if (key.Kind.Format(value) is { } text)
        {
            Comment(key, key.Help, key.Range);
            Line($"{key.Name}: {text}");
        }
    }

    /// <summary>What the file is, at its top.</summary>
    public void WriteHeading(Section section)
    {
        Comment(section, section.Help);
        Separate();
    }

    /// <summary>A mapping.</summary>
    public void WriteSection(Section section, Action<SectionWriter> write)
    {
        Separate();
        Comment(section, section.Help);
        Line($"{section.Name}:");
        write(new SectionWriter(_text, _commented, _indent + IndentWidth, beginsItem: false));
    }

    /// <summary>A list of mappings; nothing where it is empty.</summary>
    public void WriteSections<T>(Section section, IReadOnlyList<T> items, Action<SectionWriter, T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        Separate();
        Comment(section, section.Help);
        Line($"{section.Name}:");
        foreach (var item in items)
        {
            write(new SectionWriter(_text, _commented, _indent + (2 * IndentWidth), beginsItem: true), item);
        }
    }

    /// <summary>A mapping of names, on one line.</summary>
    public void WriteNamed<T>(NamedValues<T> values, IReadOnlyDictionary<string, T> named)
    {
        Comment(values, values.Help, $"Allowed: {values.NameKind}: {values.Kind.Allowed}. Default: {{}}.");
        var pairs = named.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{ScalarKinds.Yaml(pair.Key)}: {values.Kind.Format(pair.Value)}");
        Line($"{values.Name}: {{{string.Join(", ", pairs)}}}");
    }

    public override string ToString() => _text.ToString();

    private void Separate()
    {
        if (_indent == 0 && _commented is not null)
        {
            _text.Append('\n');
        }
    }

    private void Comment(Declaration declaration, params ReadOnlySpan<string> paragraphs)
    {
        if (_commented?.Add(declaration) == true)
        {
            foreach (var paragraph in paragraphs)
            {
                CommentParagraph(paragraph);
            }
        }
    }

    private void CommentParagraph(string paragraph)
    {
        var line = new StringBuilder();
        foreach (var word in paragraph.Split(' '))
        {
            if (line.Length > 0 && _indent + 3 + line.Length + word.Length > LongestLine)
            {
                CommentLine(line);
            }

            line.Append(' ').Append(word);
        }

        CommentLine(line);
    }

    private void CommentLine(StringBuilder line)
    {
        _text.Append(' ', _indent).Append('#').Append(line).Append('\n');
        line.Clear();
    }

    private void Line(string line)
    {
        _ = _beginsItem ? _text.Append(' ', _indent - IndentWidth).Append("- ") : _text.Append(' ', _indent);
        _text.Append(line).Append('\n');
        _beginsItem = false;
    }
}
