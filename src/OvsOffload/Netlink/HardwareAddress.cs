using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OvsOffload.Netlink;

/// <summary>
/// A link-layer address of any length (Ethernet 6 bytes, InfiniBand 20), written in lower-case hexadecimal with colons
/// as the kernel's tools do. Equal when the bytes are.
/// </summary>
internal readonly record struct HardwareAddress
{
    /// <summary>MAX_ADDR_LEN, linux/netdevice.h.</summary>
    private const int MaximumLength = 32;

    private readonly string? _text;

    public HardwareAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _text = string.Create(bytes.Length * 3 - 1, bytes, static (text, bytes) =>
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i].TryFormat(text[(i * 3)..], out _, "x2", CultureInfo.InvariantCulture);
                if (i > 0)
                {
                    text[i * 3 - 1] = ':';
                }
            }
        });
    }

    /// <summary>Number of bytes; 0 for the default value, the absence of an address.</summary>
    public int Length => _text is null ? 0 : (_text.Length + 1) / 3;

    /// <summary>All bytes are zero: for a VF, an address that was never set.</summary>
    public bool IsZero => _text is null || _text.AsSpan().IndexOfAnyExcept('0', ':') < 0;

    /// <summary>Reads <c>02:fc:00:00:00:01</c>, in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out HardwareAddress address)
    {
        address = default;
        if (text is null || text.Length % 3 != 2 || text.Length >= MaximumLength * 3)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[(text.Length + 1) / 3];
        for (int i = 0; i < bytes.Length; i++)
        {
            bool isSeparated = i == 0 || text[i * 3 - 1] == ':';
            if (!isSeparated || !byte.TryParse(
                text.AsSpan(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }
        }

        address = new HardwareAddress(bytes);
        return true;
    }

    /// <exception cref="FormatException">The text is no address.</exception>
    public static HardwareAddress Parse(string text) =>
        TryParse(text, out HardwareAddress address)
            ? address
            : throw new FormatException($"'{text}' is not a hardware address such as 02:fc:00:00:00:01");

    public byte[] ToBytes() =>
        _text is null ? [] : Convert.FromHexString(_text.Replace(":", "", StringComparison.Ordinal));

    public override string ToString() => _text ?? "";
}
