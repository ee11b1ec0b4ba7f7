using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OvsOffload.Flows;

/// <summary>Reads of a flow's line only what counting by state needs, and looks at each byte once: faster than
/// <see cref="FlowLine"/>.</summary>
/// <remarks>
/// It knows only the usual line, as of <c>dpctl/dump-flows -m</c>:
/// <code>
/// ufid:UUID, KEY, packets:N, bytes:N, used:(never|N.NNNs)[, flags:F][, offloaded:(yes|partial)][, dp:LAYER], actions:A
/// </code>
/// with numbers and words of up to 15 bytes, and with text after it. Anything else, sound or damaged, is left to
/// <see cref="FlowLine"/>; of what it does read, <see cref="FlowLine"/> would say the same.
/// </remarks>
internal static class FlowStateScan
{
    /// <summary>Where the ufid begins in a line.</summary>
    public const int UfidStart = 5;

    private const int KeyStart = UfidStart + Ufid.Length + 2;

    /// <summary>Above all that the statistics can take, with a vector read at their end.</summary>
    private const int MaxStatistics = 256;

    /// <summary>Where the bars of a ufid stand, by bits.</summary>
    private const uint UfidBars = (1 << 8) | (1 << 13) | (1 << 18) | (1 << 23);

    /// <summary>Reads the line that a text begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="state">The flow's state.</param>
    /// <param name="layer">Where the flow lies, as in <see cref="FlowLine.Layer"/>.</param>
    /// <returns>The length of the line with its newline; 0 where <see cref="FlowLine"/> has to read it, or where it
    /// does not end.</returns>
    // Compiled when it is first called: code compiled ahead would have to do without this processor's vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int TryRead(ReadOnlySpan<byte> text, out FlowState state, out ReadOnlySpan<byte> layer)
    {
        state = FlowState.Unknown;
        layer = [];
        if (text.Length < MaxStatistics || !IsKeyAfterUfid(text))
        {
            return 0;
        }

        int at = FindStatistics(text);
        if (at == 0
            || !SkipNumber(text, ref at, ", packets:"u8.Length)
            || Word(text, at) != BinaryPrimitives.ReadUInt64LittleEndian(", bytes:"u8)
            || !SkipNumber(text, ref at, ", bytes:"u8.Length)
            || !SkipUsed(text, ref at))
        {
            return 0;
        }

        ulong next = Word(text, at);
        if (next == BinaryPrimitives.ReadUInt64LittleEndian(", flags:"u8))
        {
            at += ", flags:"u8.Length;
            at += ValueLength(text, at);
            next = Word(text, at);
        }

        if (next == BinaryPrimitives.ReadUInt64LittleEndian(", offloa"u8))
        {
            if (text[at..].StartsWith(", offloaded:yes,"u8))
            {
                state = FlowState.Offloaded;
                at += ", offloaded:yes"u8.Length;
            }
            else if (text[at..].StartsWith(", offloaded:partial,"u8))
            {
                state = FlowState.Partial;
                at += ", offloaded:partial"u8.Length;
            }

            next = Word(text, at);
        }

        if (text[at..].StartsWith(", dp:"u8))
        {
            at += ", dp:"u8.Length;
            layer = text.Slice(at, ValueLength(text, at));
            at += layer.Length;
            if (layer.IsEmpty)
            {
                return 0;
            }

            if (state == FlowState.Unknown)
            {
                state = layer.SequenceEqual("tc"u8) ? FlowState.TcNotInHardware : FlowState.Software;
            }
        }

        // Actions that begin like this may be none.
        if (!text[at..].StartsWith(", actions:"u8) || text[at + ", actions:"u8.Length] is (byte)',' or (byte)'\r')
        {
            return 0;
        }

        at += ", actions:"u8.Length;
        int rest = text[at..].IndexOf((byte)'\n');
        return rest > 0 ? at + rest + 1 : 0;
    }

    /// <summary>Whether a line begins with a ufid and an attribute of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsKeyAfterUfid(ReadOnlySpan<byte> text)
    {
        var begin = Vector256.Create(text.Slice(UfidStart, Vector256<byte>.Count));
        var end = Vector128.Create(text.Slice(UfidStart + Ufid.Length - Vector128<byte>.Count, Vector128<byte>.Count));
        var key = Vector128.Create(text.Slice(KeyStart, Vector128<byte>.Count));
        int word = BitOperations.TrailingZeroCount(~(
            IsDigit(key) | Vector128.LessThan(key - Vector128.Create((byte)'a'), Vector128.Create((byte)26))
            | Vector128.Equals(key, Vector128.Create((byte)'_'))).ExtractMostSignificantBits());
        return text.StartsWith("ufid:"u8)
            && Vector256.Equals(begin, Vector256.Create((byte)'-')).ExtractMostSignificantBits() == UfidBars
            && IsHexadecimal(begin).ExtractMostSignificantBits() == ~UfidBars
            // The last twelve digits.
            && (IsHexadecimal(end).ExtractMostSignificantBits() >> 4) == 0xFFF
            && text[KeyStart - 2] == ',' && text[KeyStart - 1] == ' '
            && word is > 0 and < 16 && text[KeyStart + word] == '(';
    }

    /// <summary>Where the first <c>, packets:</c> of the line stands; 0 where there is none, or not enough text
    /// after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FindStatistics(ReadOnlySpan<byte> text)
    {
        // Names aside, the first space after the ufid is that of the statistics.
        var space = Vector256.Create((byte)' ');
        var newline = Vector256.Create((byte)'\n');
        for (int from = KeyStart; from <= text.Length - MaxStatistics; from += Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(text.Slice(from, Vector256<byte>.Count));
            uint found = (Vector256.Equals(bytes, space) | Vector256.Equals(bytes, newline))
                .ExtractMostSignificantBits();
            for (; found != 0; found &= found - 1)
            {
                int at = from + BitOperations.TrailingZeroCount(found) - 1;
                if (text[at + 1] == '\n')
                {
                    return 0;
                }

                if (Word(text, at) == BinaryPrimitives.ReadUInt64LittleEndian(", packet"u8)
                    && text[at + 8] == 's' && text[at + 9] == ':')
                {
                    return at <= text.Length - MaxStatistics ? at : 0;
                }
            }
        }

        return 0;
    }

    /// <summary>Goes past a name, and a number of up to 15 digits after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SkipNumber(ReadOnlySpan<byte> text, ref int at, int name)
    {
        int digits = DigitCount(Others(text, at + name));
        at += name + digits;
        return digits is > 0 and < 16;
    }

    /// <summary>Goes past <c>, used:</c> with <c>never</c>, or seconds with or without a fraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SkipUsed(ReadOnlySpan<byte> text, ref int at)
    {
        if (!text[at..].StartsWith(", used:"u8))
        {
            return false;
        }

        at += ", used:"u8.Length;
        if (text[at] == 'n')
        {
            bool isNever = text[at..].StartsWith("never,"u8);
            at += "never"u8.Length;
            return isNever;
        }

        uint others = Others(text, at);
        int whole = DigitCount(others);
        if (whole is 0 or > 13)
        {
            return false;
        }

        at += whole;
        if (text[at] == '.')
        {
            int fraction = DigitCount(others >> (whole + 1));
            if (fraction == 0 || whole + fraction > 14)
            {
                return false;
            }

            at += 1 + fraction;
        }

        return text[at++] == 's' && text[at] == ',';
    }

    /// <summary>Bytes up to a comma; 0 where there is none nearby.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ValueLength(ReadOnlySpan<byte> text, int at)
    {
        var bytes = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
        uint ends = (Vector128.Equals(bytes, Vector128.Create((byte)','))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\n'))).ExtractMostSignificantBits();
        // What ends in a newline is refused by what has to follow.
        return ends == 0 ? 0 : BitOperations.TrailingZeroCount(ends);
    }

    /// <summary>A bit for each of sixteen bytes that is no digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Others(ReadOnlySpan<byte> text, int at) =>
        ~IsDigit(Vector128.Create(text.Slice(at, Vector128<byte>.Count))).ExtractMostSignificantBits() & 0xFFFF;

    private static int DigitCount(uint others) => BitOperations.TrailingZeroCount(others | 0x1_0000);

    private static Vector128<byte> IsDigit(Vector128<byte> bytes) =>
        Vector128.LessThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)10));

    private static Vector128<byte> IsHexadecimal(Vector128<byte> bytes) =>
        IsDigit(bytes)
        | Vector128.LessThan(
            (bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)6));

    private static Vector256<byte> IsHexadecimal(Vector256<byte> bytes) =>
        Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10))
        | Vector256.LessThan(
            (bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> text, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(text.Slice(at, sizeof(ulong)));
}
