using System.Buffers;

namespace OvsOffload.Flows;

/// <summary>Walks over the attributes of a key, or over actions: <c>name</c> or <c>name(arguments)</c> with commas
/// between them, arguments nested to any depth.</summary>
/// <remarks>A port's name is an action, too, and may hold parentheses and commas; it then comes out in pieces, the last
/// one of which may take in all that follows. Nothing is lost: the items in a row are the whole text.</remarks>
internal ref struct FlowItems(ReadOnlySpan<byte> text)
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("(),"u8);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    /// <summary>The item as it stands in the text.</summary>
    public ReadOnlySpan<byte> Whole { readonly get; private set; }

    /// <summary>What is before the parenthesis.</summary>
    public ReadOnlySpan<byte> Name { readonly get; private set; }

    /// <summary>What is between the item's parentheses; empty where it has none.</summary>
    public ReadOnlySpan<byte> Arguments { readonly get; private set; }

    /// <summary>Whether it has parentheses.</summary>
    public readonly bool HasArguments => Name.Length < Whole.Length;

    /// <summary>Goes to the next item; false at the end.</summary>
    public bool Next()
    {
        if (_next >= _text.Length)
        {
            return false;
        }

        var start = _next;
        var open = -1;
        var depth = 0;
        var at = start;
        while (true)
        {
            var mark = _text[at..].IndexOfAny(Marks);
            if (mark < 0)
            {
                at = _text.Length;
                break;
            }

            at += mark;
            var b = _text[at];
            if (b == '(')
            {
                open = open < 0 ? at : open;
                depth++;
            }
            else if (b == ')')
            {
                depth = Math.Max(0, depth - 1);
            }
            else if (depth == 0)
            {
                break;
            }

            at++;
        }

        _next = at + 1;
        Whole = _text[start..at];
        Name = open < 0 ? Whole : _text[start..open];
        Arguments = open < 0 ? default : _text[(open + 1)..(Whole[^1] == ')' ? Math.Max(open + 1, at - 1) : at)];
        return true;
    }

    /// <summary>The arguments of the first item with this name; false where there is none.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> arguments)
    {
        var items = new FlowItems(text);
        while (items.Next())
        {
            if (items.Name.SequenceEqual(name) && items.HasArguments)
            {
                arguments = items.Arguments;
                return true;
            }
        }

        arguments = default;
        return false;
    }

    /// <summary>The value of <c>name=value</c> among items; false where there is none.</summary>
    public static bool TryFindValue(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var items = new FlowItems(text);
        while (items.Next())
        {
            if (items.Whole.StartsWith(name) && items.Whole.Length > name.Length && items.Whole[name.Length] == '=')
            {
                value = items.Whole[(name.Length + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
