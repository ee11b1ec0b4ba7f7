using System.Text;

namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Writes a configuration by its declarations; the first time that a key comes up, with its comment if wanted, or each
/// value with its remark.
/// </summary>
internal sealed class SectionWriter
{
    private const int LongestLine = 110;

    private const int IndentWidth = 2;

    private readonly StringBuilder _text;
    private readonly object _owner;
    private readonly HashSet<Declaration>? _commented;
    private readonly ConfigurationRemarks? _remarks;
    private readonly int _indent;

    /// <summary>Whether the next line begins an item of a list.</summary>
    private bool _beginsItem;

    /// <param name="withComments">Whether each key is explained.</param>
    public SectionWriter(bool withComments)
    {
        _text = new StringBuilder();
        _owner = this;
        _commented = withComments ? [] : null;
    }

    /// <param name="intent">What is written, as far as it has remarks.</param>
    /// <param name="remarks">What stands behind the values.</param>
    public SectionWriter(HostIntent intent, ConfigurationRemarks remarks)
    {
        _text = new StringBuilder();
        _owner = intent;
        _remarks = remarks;
    }

    private SectionWriter(SectionWriter outer, object owner, int indent, bool beginsItem)
    {
        _text = outer._text;
        _owner = owner;
        _commented = outer._commented;
        _remarks = outer._remarks;
        _indent = indent;
        _beginsItem = beginsItem;
    }

    /// <summary>The key with its value, unless it is left unstated.</summary>
    public void Write<T>(Key<T> key, T value)
    {
        if (IsWritten(key) && key.Kind.Format(value) is { } text)
        {
            Comment(key, key.Help, key.Range);
            Value(key, text);
        }
    }

    /// <summary>What the file is, at its top.</summary>
    public void WriteHeading(Section section)
    {
        Comment(section, section.Help);
        Separate();
        foreach (string line in _remarks?.Heading ?? [])
        {
            Line($"# {Printable(line)}");
        }
    }

    /// <summary>A mapping.</summary>
    public void WriteSection<T>(Section section, T content, Action<SectionWriter, T> write)
        where T : class
    {
        if (_remarks?.Concern(content) == false)
        {
            return;
        }

        Separate();
        Comment(section, section.Help);
        Line($"{section.Name}:");
        write(new SectionWriter(this, content, _indent + IndentWidth, beginsItem: false), content);
    }

    /// <summary>A list of mappings; nothing where it is empty.</summary>
    public void WriteSections<T>(Section section, IReadOnlyList<T> items, Action<SectionWriter, T> write)
        where T : class
    {
        if (items.Count == 0)
        {
            return;
        }

        Separate();
        Comment(section, section.Help);
        Line($"{section.Name}:");
        foreach (T item in items)
        {
            write(new SectionWriter(this, item, _indent + (2 * IndentWidth), beginsItem: true), item);
        }
    }

    /// <summary>A mapping of names, on one line.</summary>
    public void WriteNamed<T>(NamedValues<T> values, IReadOnlyDictionary<string, T> named)
    {
        if (IsWritten(values))
        {
            Comment(values, values.Help, $"Allowed: {values.NameKind}: {values.Kind.Allowed}. Default: {{}}.");
            IEnumerable<string> pairs = named.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{ScalarKinds.Yaml(pair.Key)}: {values.Kind.Format(pair.Value)}");
            Value(values, $"{{{string.Join(", ", pairs)}}}");
        }
    }

    public override string ToString() => _text.ToString();

    private bool IsWritten(Declaration key) => _remarks is null || _remarks.Find(_owner, key) is not null;

    private void Value(Declaration key, string value) => Line(_remarks?.Find(_owner, key) is { } remark
        ? $"{key.Name}: {value}  # {Printable(remark)}"
        : $"{key.Name}: {value}");

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
            foreach (string paragraph in paragraphs)
            {
                CommentParagraph(paragraph);
            }
        }
    }

    private void CommentParagraph(string paragraph)
    {
        var line = new StringBuilder();
        foreach (string word in paragraph.Split(' '))
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

    /// <summary>Names in files may hold anything; a comment ends at the end of its line.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    private void Line(string line)
    {
        _ = _beginsItem ? _text.Append(' ', _indent - IndentWidth).Append("- ") : _text.Append(' ', _indent);
        _text.Append(line).Append('\n');
        _beginsItem = false;
    }
}
