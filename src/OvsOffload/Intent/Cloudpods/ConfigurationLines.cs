using System.Text;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>Writes a config.yaml line by line, each with its reason behind it.</summary>
internal sealed class ConfigurationLines
{
    private readonly StringBuilder _text = new();

    /// <summary>A line <c>KEY: VALUE  # why</c>.</summary>
    public ConfigurationLines Key(int indent, string key, string value, string why) =>
        Raw($"{new string(' ', indent)}{key}: {value}", why);

    /// <summary>The first line of an item of a list.</summary>
    public ConfigurationLines Item(int indent, string key, string value, string why) =>
        Raw($"{new string(' ', indent)}- {key}: {value}", why);

    /// <summary>A section's or list's head.</summary>
    public ConfigurationLines Head(string key) => Raw($"{key}:", null);

    /// <summary>A whole line of comment.</summary>
    public ConfigurationLines Comment(string text) => Raw($"# {Clean(text)}", null);

    /// <summary>A name as a YAML value that every reader takes for a text.</summary>
    public static string Quoted(string text) => ScalarKinds.Quoted(text);

    /// <summary>A name, quoted only where a reader could take it for something else.</summary>
    public static string Plain(string text) => ScalarKinds.Yaml(text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private ConfigurationLines Raw(string line, string? why)
    {
        _text.Append(line);
        if (why is not null)
        {
            _text.Append("  # ").Append(Clean(why));
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>Names in files may hold anything; a comment ends at the end of its line.</summary>
    private static string Clean(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
}
