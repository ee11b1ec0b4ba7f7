using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OvsOffload.Nics;

/// <summary>A YAML mapping from which every key is taken once; what is left over is an error, and so is what is
/// missing. Every error names file, line and column.</summary>
internal sealed class StrictMapping
{
    private readonly string _file;
    private readonly YamlMappingNode _node;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public StrictMapping(string file, YamlNode node)
    {
        _file = file;
        _node = node as YamlMappingNode ?? throw Error(node, "expected a mapping");
    }

    /// <summary>The text of a key that must be there.</summary>
    public string Text(string key) => TextOf(Required(key));

    /// <summary>One of a fixed set of words.</summary>
    public T Word<T>(string key, IReadOnlyDictionary<string, T> words) => WordOf(Required(key), words);

    /// <summary>One of a fixed set of words, or something else when the key is missing.</summary>
    public T Word<T>(string key, IReadOnlyDictionary<string, T> words, T otherwise) =>
        Optional(key) is { } node ? WordOf(node, words) : otherwise;

    /// <summary>A whole number above 0; null when the key is missing.</summary>
    public int? Number(string key)
    {
        if (Optional(key) is not { } node)
        {
            return null;
        }
        return int.TryParse(TextOf(node), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw Error(node, $"'{node}' is not a positive whole number");
    }

    /// <summary>The texts of a list; empty when the key is missing.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Items(key).Select(TextOf)];

    /// <summary>The items of a list; empty when the key is missing.</summary>
    public IReadOnlyList<YamlNode> Items(string key) => Optional(key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children],
        var node => throw Error(node, $"{key} must be a list"),
    };

    /// <summary>The mapping below a key; null when the key is missing.</summary>
    public StrictMapping? Mapping(string key) => Optional(key) is { } node ? new StrictMapping(_file, node) : null;

    /// <summary>The keys as they stand in the file; asking for them does not take them.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.Select(TextOf);

    /// <summary>Call when all keys were asked for.</summary>
    public void End()
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            if (!_known.Contains(TextOf(key)))
            {
                throw Error(key, $"unknown key '{key}'; known: {string.Join(", ", _known.Order())}");
            }
        }
    }

    public string TextOf(YamlNode node) =>
        node is YamlScalarNode { Value: { Length: > 0 } value }
            ? value
            : throw Error(node, "expected a single value");

    public T WordOf<T>(YamlNode node, IReadOnlyDictionary<string, T> words) =>
        words.TryGetValue(TextOf(node), out T? value)
            ? value
            : throw Error(node, $"'{node}' is not one of {string.Join(", ", words.Keys.Order())}");

    /// <summary>An error at the mapping itself.</summary>
    public NicModelsException Error(string message) => Error(_node, message);

    public NicModelsException Error(YamlNode node, string message) => At(_file, node.Start, message);

    public static NicModelsException At(string file, Mark mark, string message) =>
        new($"{file}:{mark.Line}:{mark.Column}: {message}");

    public YamlNode Required(string key) => Optional(key) ?? throw Error($"'{key}' is missing");

    private YamlNode? Optional(string key)
    {
        _known.Add(key);
        return _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;
    }
}
