using System.Text;

namespace OvsOffload.Intent.Configuration;

/// <summary>A value of the file before it means anything: a scalar, a list or a mapping.</summary>
internal abstract record ConfigurationNode(SourcePosition Position)
{
    /// <summary>What an operator would call it, for the words "found ..".</summary>
    public abstract string Describe();

    /// <summary>A text of the file in quotes, shortened, and with nothing in it that a terminal would act on.</summary>
    public static string Quote(string text)
    {
        const int longest = 60;
        var shown = new StringBuilder("\"");
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            _ = char.IsControl(character) || char.IsSurrogate(character)
                ? shown.Append($"\\u{(int)character:x4}")
                : shown.Append(character);
        }

        return shown.Append(text.Length > longest ? "..\"" : "\"").ToString();
    }
}

/// <summary>
/// A scalar, not yet typed: YAML's own typing would turn <c>0000:03:00.0</c> into a number and <c>no</c> into false.
/// </summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Text">The text without quotes, escapes resolved.</param>
/// <param name="IsPlain">Whether it stands without quotes.</param>
internal sealed record ScalarNode(SourcePosition Position, string Text, bool IsPlain) : ConfigurationNode(Position)
{
    /// <summary>Whether there is a key and nothing behind it.</summary>
    public bool IsEmpty => IsPlain && Text.Length == 0;

    public override string Describe() =>
        IsEmpty ? "nothing" : IsPlain ? Quote(Text) : $"{Quote(Text)} in quotes";
}

/// <summary>A list.</summary>
internal sealed record SequenceNode(SourcePosition Position, IReadOnlyList<ConfigurationNode> Items)
    : ConfigurationNode(Position)
{
    public override string Describe() => "a list";
}

/// <summary>A mapping; a key may still stand in it twice.</summary>
internal sealed record MappingNode(SourcePosition Position, IReadOnlyList<MappingEntry> Entries)
    : ConfigurationNode(Position)
{
    public override string Describe() => "a mapping (lines of \"key: value\")";
}

/// <summary>One <c>key: value</c> of a mapping.</summary>
internal sealed record MappingEntry(ScalarNode Key, ConfigurationNode Value);
