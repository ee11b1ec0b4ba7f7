using System.Runtime.CompilerServices;

namespace OvsOffload.Flows;

/// <summary>Walks over the attributes of a key, or over actions: <c>name</c> or <c>name(arguments)</c> with commas
/// between them, arguments nested to any depth.</summary>
/// <remarks>A port's name is an action, too, and may hold parentheses and commas; it then comes out in pieces, the last
/// one of which may take in all that follows. Nothing is lost: the items in a row are the whole text.</remarks>
internal ref struct FlowItems(ReadOnlySpan<byte> text)
{
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Next()
    {
        if (_next >= _text.Length)
        {
            return false;
        }

        int start = _next;
        ReadOnlySpan<byte> rest = _text[start..];
        int mark = 0;
        while (mark < rest.Length && rest[mark] is not ((byte)'(' or (byte)','))
        {
            mark++;
        }

        if (mark == rest.Length || rest[mark] == ',')
        {
            Whole = Name = rest[..mark];
            Arguments = default;
            _next = start + Whole.Length + 1;
            return true;
        }

        // What -m shows of a field that does not matter, and so of most.
        int end = rest[mark..].StartsWith("(0/0),"u8) ? mark + 5 : EndOf(rest, mark + 1);
        Whole = rest[..end];
        Name = rest[..mark];
        Arguments = rest[(mark + 1)..(Whole[^1] == ')' ? Math.Max(mark + 1, end - 1) : end)];
        _next = start + end + 1;
        return true;
    }

    /// <summary>Where the item ends whose first parenthesis is open before <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EndOf(ReadOnlySpan<byte> text, int at)
    {
        for (int depth = 1; depth > 0;)
        {
            int parenthesis = text[at..].IndexOfAny((byte)'(', (byte)')');
            if (parenthesis < 0)
            {
                return text.Length;
            }

            at += parenthesis;
            depth += text[at++] == '(' ? 1 : -1;
        }

        int comma = at < text.Length && text[at] != ',' ? text[at..].IndexOf((byte)',') : 0;
        return comma < 0 ? text.Length : at + comma;
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
