using System.Collections.Immutable;
using OvsOffload.Intent.Configuration;
using OvsOffload.Os;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>
/// Reads a host.conf that is a YAML mapping. It stands on the parser's events, because Cloudpods' parser takes the
/// later of two equal keys, which a loaded document refuses. A ConfigMap as kubectl prints it is read too: its key
/// <c>config</c>
/// is the file.
/// </summary>
internal static class HostConfYaml
{
    /// <summary>Nesting of what is passed over.</summary>
    private const int MaxDepth = 32;

    /// <summary>Reads the options.</summary>
    /// <exception cref="ConfigurationException">It is no YAML mapping, or a value is one that the parser
    /// refuses.</exception>
    public static Dictionary<string, HostConfValue> Read(
        string file, string text, ImmutableArray<HostConfWarning>.Builder warnings)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            return ReadDocument(file, parser, warnings);
        }
        catch (YamlException failure)
        {
            throw Refuse(At(file, failure.Start), $"invalid YAML: {failure.Message}");
        }
        catch (Exception failure) when (BrokenYaml.Caused(failure))
        {
            throw Refuse(At(file, parser.Current?.End ?? Mark.Empty), "invalid YAML from here on");
        }
    }

    private static Dictionary<string, HostConfValue> ReadDocument(
        string file, Parser parser, ImmutableArray<HostConfWarning>.Builder warnings)
    {
        var values = new Dictionary<string, HostConfValue>(StringComparer.Ordinal);
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return values;
        }

        parser.Consume<DocumentStart>();
        if (parser.Accept<Scalar>(out Scalar? nothing) && nothing.Value.Length == 0)
        {
            return values;
        }

        if (!parser.TryConsume<MappingStart>(out _))
        {
            throw Refuse(At(file, parser.Current!.Start), "host.conf has to be a mapping of options, not a list or a "
                + "text");
        }

        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar key = Key(file, parser);
            string option = key.Value.Replace('-', '_');
            SourcePosition position = At(file, key.Start);
            if (values.Remove(option, out HostConfValue? earlier))
            {
                warnings.Add(new HostConfWarning(
                    position, $"duplicate option {option}, first set at {earlier.Position}; Cloudpods uses this one"));
            }

            if (Value(file, parser, option, position) is { } value)
            {
                values[option] = value;
            }
        }

        return values;
    }

    private static Scalar Key(string file, Parser parser)
    {
        if (parser.TryConsume<Scalar>(out Scalar? key))
        {
            return key;
        }

        throw Refuse(At(file, parser.Current!.Start), "option names have to be words");
    }

    /// <summary>The value; null for a mapping, which no option that is imported takes.</summary>
    private static HostConfValue? Value(string file, Parser parser, string option, SourcePosition position)
    {
        if (parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            bool plain = scalar.Style == ScalarStyle.Plain;
            return plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL"
                ? throw Refuse(
                    position,
                    $"{option} has no value (Cloudpods' agent does not start with it and reports: Misformated line); "
                        + $"use {option}: [] for none, or remove the line")
                : new HostConfValue([scalar.Value], IsList: false, plain, At(file, scalar.Start));
        }

        if (parser.TryConsume<SequenceStart>(out SequenceStart? start))
        {
            ImmutableArray<string>.Builder items = ImmutableArray.CreateBuilder<string>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(parser.TryConsume<Scalar>(out Scalar? item)
                    ? item.Value
                    : throw Refuse(At(file, parser.Current!.Start), $"an item of {option} is not a plain value"));
            }

            return new HostConfValue(items.ToImmutable(), IsList: true, IsPlain: true, At(file, start.Start));
        }

        if (parser.Accept<AnchorAlias>(out AnchorAlias? alias))
        {
            throw Refuse(At(file, alias.Start), "YAML aliases are not supported; write the value out");
        }

        Skip(file, parser);
        return null;
    }

    private static void Skip(string file, Parser parser)
    {
        int depth = 0;
        do
        {
            ParsingEvent passed = parser.Consume<ParsingEvent>();
            depth += passed.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw Refuse(At(file, passed.Start), $"nested deeper than {MaxDepth} levels");
            }
        }
        while (depth > 0);
    }

    private static SourcePosition At(string file, Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    private static ConfigurationException Refuse(SourcePosition position, string message) =>
        new([new ConfigurationError(position, message)]);
}
