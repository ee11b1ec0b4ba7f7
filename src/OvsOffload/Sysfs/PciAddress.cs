using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OvsOffload.Sysfs;

/// <summary>
/// Where a PCI function sits: <c>domain:bus:device.function</c>, all hexadecimal, always with its domain
/// (<c>0000:3b:00.1</c>). Orders as numbers. The domain may be above 0xffff (Linux numbers the domains behind Intel VMD
/// from 0x10000), the device goes to 31, the function to 7.
/// </summary>
internal readonly record struct PciAddress(uint Domain, byte Bus, byte Device, byte Function) : IComparable<PciAddress>
{
    private const int MaxDevice = 0x1f;
    private const int MaxFunction = 7;

    /// <summary>Reads the form of sysfs, in either letter case; the domain has 4 to 8 digits and must be
    /// there.</summary>
    /// <exception cref="FormatException">Says what the form is.</exception>
    public static PciAddress Parse(string text) => TryParse(text, out PciAddress address)
        ? address
        : throw new FormatException($"'{text}' is not a PCI address; the form is 0000:3b:00.0");

    public static bool TryParse([NotNullWhen(true)] string? text, out PciAddress address)
    {
        address = default;
        if (text is null || text.Length < "0000:00:00.0".Length)
        {
            return false;
        }
        ReadOnlySpan<char> span = text.AsSpan();
        int domainEnd = span.Length - ":00:00.0".Length;
        if (domainEnd > 8 || span[domainEnd] != ':' || span[domainEnd + 3] != ':' || span[domainEnd + 6] != '.'
            || !TryHex(span[..domainEnd], out uint domain)
            || !TryHex(span.Slice(domainEnd + 1, 2), out uint bus)
            || !TryHex(span.Slice(domainEnd + 4, 2), out uint device) || device > MaxDevice
            || !TryHex(span[(domainEnd + 7)..], out uint function) || function > MaxFunction)
        {
            return false;
        }
        address = new PciAddress(domain, (byte)bus, (byte)device, (byte)function);
        return true;
    }

    public int CompareTo(PciAddress other) => Order.CompareTo(other.Order);

    public override string ToString() => $"{Domain:x4}:{Bus:x2}:{Device:x2}.{Function:x}";

    private (uint, byte, byte, byte) Order => (Domain, Bus, Device, Function);

    private static bool TryHex(ReadOnlySpan<char> digits, out uint value) =>
        uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
