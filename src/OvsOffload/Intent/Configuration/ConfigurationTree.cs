using OvsOffload.Os;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Makes a tree of a YAML text. It stands on the parser's events and not on a loaded document, because only there can
/// aliases, tags and deep nesting be refused before they cost anything.
/// </summary>
internal sealed class ConfigurationTree
{
    /// <summary>The configuration nests five levels; this many are read before the text is refused.</summary>
    private const int MaxDepth = 16;

    private readonly string _file;
    private readonly Parser _parser;

    private ConfigurationTree(string file, string text)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The one document of the text.</summary>
    /// <exception cref="ConfigurationException">
    /// No YAML, not one document, or YAML that a configuration does not use.
    /// </exception>
    public static ConfigurationNode Read(string file, string text)
    {
        var tree = new ConfigurationTree(file, text);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException exception)
        {
            throw Refuse(tree.At(exception.Start), $"invalid YAML: {exception.Message}");
        }
        catch (Exception exception) when (BrokenYaml.Caused(exception))
        {
            throw Refuse(tree.At(tree._parser.Current?.End ?? Mark.Empty), "invalid YAML from here on");
        }
    }

    private ConfigurationNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            throw Refuse(new SourcePosition(_file, 1, 1), "the file is empty; it needs at least \"version: 1\"");
        }

        _parser.Consume<DocumentStart>();
        ConfigurationNode root = ReadNode(depth: 0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out DocumentStart? second)
            ? throw Refuse(At(second.Start), "a second document starts here; a configuration is one document")
            : root;
    }

    private ConfigurationNode ReadNode(int depth)
    {
        ParsingEvent next = _parser.Consume<ParsingEvent>();
        SourcePosition position = At(next.Start);
        if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false })
        {
            throw Refuse(position, "YAML anchors and aliases (& and *) are not supported; write the value out");
        }

        if (next is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            throw Refuse(position, $"the YAML tag {ConfigurationNode.Quote(tagged.Tag.ToString())} is not supported");
        }

        if (depth > MaxDepth)
        {
            throw Refuse(position, $"nested deeper than {MaxDepth} levels");
        }

        return next switch
        {
            Scalar scalar => new ScalarNode(position, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => ReadSequence(position, depth),
            _ => ReadMapping(position, depth),
        };
    }

    private SequenceNode ReadSequence(SourcePosition position, int depth)
    {
        var items = new List<ConfigurationNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new SequenceNode(position, items);
    }

    private MappingNode ReadMapping(SourcePosition position, int depth)
    {
        var entries = new List<MappingEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ConfigurationNode key = ReadNode(depth + 1);
            if (key is not ScalarNode { IsEmpty: false } name)
            {
                throw Refuse(key.Position, $"a key has to be a word; found {key.Describe()}");
            }

            entries.Add(new MappingEntry(name, ReadNode(depth + 1)));
        }

        return new MappingNode(position, entries);
    }

    private SourcePosition At(Mark mark) => new(_file, (int)mark.Line, (int)mark.Column);

    private static ConfigurationException Refuse(SourcePosition position, string message) =>
        new([new ConfigurationError(position, message)]);
}
