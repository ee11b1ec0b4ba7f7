using System.Diagnostics.CodeAnalysis;

namespace OvsOffload.Intent.Configuration;

/// <summary>What a key takes: how it is read, how it is written, and how the operator is told.</summary>
/// <param name="allowed">The range in words, with its unit, such as "a whole number from 0 to 65535".</param>
internal abstract class ValueKind<T>(string allowed)
{
    public string Allowed { get; } = allowed;

    /// <summary>
    /// Reads a value; what is wrong with it goes to <paramref name="problems"/>, under <paramref name="path"/>.
    /// </summary>
    public abstract bool TryRead(
        ConfigurationNode node, string path, Problems problems, [MaybeNullWhen(false)] out T value);

    /// <summary>The value as YAML, on one line; null for a value that is expressed by leaving the key out.</summary>
    public abstract string? Format(T value);
}

/// <summary>A scalar's meaning, or else a hint why it has none (null where the allowed range says it all).</summary>
internal readonly record struct Parsed<T>(bool IsValue, T? Value, string? Hint)
{
    public static implicit operator Parsed<T>(T value) => new(true, value, null);

    public static implicit operator Parsed<T>(Wrong wrong) => new(false, default, wrong.Hint);
}

/// <summary>That a scalar is not what its key takes.</summary>
internal readonly record struct Wrong(string? Hint = null);

/// <summary>A value that is written as one scalar.</summary>
internal sealed class ScalarKind<T>(string allowed, Func<ScalarNode, Parsed<T>> parse, Func<T, string?> format)
    : ValueKind<T>(allowed)
{
    public override bool TryRead(
        ConfigurationNode node, string path, Problems problems, [MaybeNullWhen(false)] out T value)
    {
        Parsed<T> parsed = node is ScalarNode scalar ? parse(scalar) : new Wrong();
        if (!parsed.IsValue)
        {
            problems.NotAllowed(node, path, Allowed, parsed.Hint);
        }

        value = parsed.Value;
        return parsed.IsValue;
    }

    public override string? Format(T value) => format(value);
}

/// <summary>A value that may be left unstated, which is null.</summary>
internal sealed class OptionalKind<T>(ValueKind<T> kind) : ValueKind<T?>(kind.Allowed)
    where T : struct
{
    public override bool TryRead(ConfigurationNode node, string path, Problems problems, out T? value)
    {
        bool done = kind.TryRead(node, path, problems, out T stated);
        value = done ? stated : null;
        return done;
    }

    public override string? Format(T? value) => value is { } stated ? kind.Format(stated) : null;
}

/// <summary>A list of values.</summary>
/// <param name="what">Plural, such as "MAC addresses".</param>
/// <param name="item">What each item is.</param>
/// <param name="least">The fewest items.</param>
/// <param name="most">The most items.</param>
/// <param name="mayRepeat">Whether a value may stand in the list more than once.</param>
internal sealed class ListKind<T>(string what, ValueKind<T> item, int least, int most, bool mayRepeat = false)
    : ValueKind<IReadOnlyList<T>>(
        $"a list of {(least == 0 ? "up to" : $"{least} to")} {most} {what}, each {item.Allowed}")
    where T : notnull
{
    public override bool TryRead(
        ConfigurationNode node, string path, Problems problems, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = null;
        if (node is not SequenceNode sequence)
        {
            problems.NotAllowed(node, path, Allowed);
            return false;
        }

        if (sequence.Items.Count < least || sequence.Items.Count > most)
        {
            problems.Add(node.Position, $"{path}: found a list of {sequence.Items.Count}; allowed: {Allowed}");
            return false;
        }

        value = ReadItems(sequence, path, problems);
        return value is not null;
    }

    public override string Format(IReadOnlyList<T> value) => $"[{string.Join(", ", value.Select(item.Format))}]";

    private List<T>? ReadItems(SequenceNode sequence, string path, Problems problems)
    {
        var values = new List<T>();
        var first = new Dictionary<T, SourcePosition>();
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            ConfigurationNode node = sequence.Items[i];
            if (!item.TryRead(node, $"{path}[{i}]", problems, out T? value))
            {
                continue;
            }

            if (!mayRepeat && !first.TryAdd(value, node.Position))
            {
                problems.Add(
                    node.Position, $"{path}[{i}]: duplicate {node.Describe()}, first at {first[value]}");
                continue;
            }

            values.Add(value);
        }

        return values.Count == sequence.Items.Count ? values : null;
    }
}

/// <summary>One of some words, or else a list.</summary>
/// <param name="Word">The word; where a list was written, the one that stands for a list.</param>
/// <param name="List">Empty where a word was written.</param>
internal sealed record WordOrList<TWord, TItem>(TWord Word, IReadOnlyList<TItem> List);

/// <summary>One of some words, or else a list of values.</summary>
/// <param name="word">The words.</param>
/// <param name="list">The list.</param>
/// <param name="listWord">Which word stands for a list.</param>
internal sealed class WordOrListKind<TWord, TItem>(
    ValueKind<TWord> word, ValueKind<IReadOnlyList<TItem>> list, TWord listWord)
    : ValueKind<WordOrList<TWord, TItem>>($"{word.Allowed}, or {list.Allowed}")
    where TWord : struct, Enum
{
    public override bool TryRead(
        ConfigurationNode node,
        string path,
        Problems problems,
        [MaybeNullWhen(false)] out WordOrList<TWord, TItem> value)
    {
        value = null;
        if (node is SequenceNode)
        {
            value = list.TryRead(node, path, problems, out IReadOnlyList<TItem>? items) ? new(listWord, items) : null;
        }
        else if (node is ScalarNode)
        {
            value = word.TryRead(node, path, problems, out TWord chosen) ? new(chosen, []) : null;
        }
        else
        {
            problems.NotAllowed(node, path, Allowed);
        }

        return value is not null;
    }

    public override string? Format(WordOrList<TWord, TItem> value) =>
        value.Word.Equals(listWord) ? list.Format(value.List) : word.Format(value.Word);
}
