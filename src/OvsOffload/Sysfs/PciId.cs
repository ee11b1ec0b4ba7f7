using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OvsOffload.Sysfs;

/// <summary>What a PCI function is: vendor and device number, as lspci -n writes them (<c>15b3:101d</c>).</summary>
internal readonly record struct PciId(ushort Vendor, ushort Device)
{
    /// <exception cref="FormatException">Says what the form is.</exception>
    public static PciId Parse(string text) => TryParse(text, out PciId id)
        ? id
        : throw new FormatException($"'{text}' is not a PCI id; the form is 15b3:101d");

    public static bool TryParse([NotNullWhen(true)] string? text, out PciId id)
    {
        id = default;
        if (text is not { Length: 9 } || text[4] != ':'
            || !ushort.TryParse(
                text.AsSpan(0, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort vendor)
            || !ushort.TryParse(
                text.AsSpan(5), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort device))
        {
            return false;
        }
        id = new PciId(vendor, device);
        return true;
    }

    public override string ToString() => $"{Vendor:x4}:{Device:x4}";
}
