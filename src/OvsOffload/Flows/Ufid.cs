using System.Buffers;
using System.Buffers.Binary;

namespace OvsOffload.Flows;

/// <summary>A flow's 128-bit id as Open vSwitch prints it: hexadecimal digits in groups of 8, 4, 4, 4 and 12
/// (UUID_FMT, include/openvswitch/uuid.h).</summary>
internal static class Ufid
{
    /// <summary>Its length in text.</summary>
    public const int Length = 36;

    private const int Digits = 32;

    private static readonly SearchValues<byte> Allowed = SearchValues.Create("0123456789abcdefABCDEF-"u8);

    /// <summary>Whether <paramref name="text"/> begins with an id.</summary>
    public static bool IsAt(ReadOnlySpan<byte> text) =>
        text.Length >= Length && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
        && text[..Length].IndexOfAnyExcept(Allowed) < 0 && text[..Length].Count((byte)'-') == 4;

    /// <summary>Reads the id that <paramref name="text"/> begins with.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out UInt128 ufid)
    {
        ufid = default;
        if (!IsAt(text))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[Digits];
        text[..8].CopyTo(digits);
        text[9..13].CopyTo(digits[8..]);
        text[14..18].CopyTo(digits[12..]);
        text[19..23].CopyTo(digits[16..]);
        text[24..Length].CopyTo(digits[20..]);
        Span<byte> bytes = stackalloc byte[Digits / 2];
        if (Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        ufid = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    /// <summary>The id as it is printed.</summary>
    public static string Format(UInt128 ufid)
    {
        string digits = $"{ufid:x32}";
        return $"{digits[..8]}-{digits[8..12]}-{digits[12..16]}-{digits[16..20]}-{digits[20..]}";
    }
}
