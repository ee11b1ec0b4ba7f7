using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>
/// What <c>uname -r</c> says, <c>6.1.0-56-amd64</c>, and the numbers it starts with. A distribution's kernel may carry
/// features of later ones: RHEL 8 says 4.18 and has much of 5.x, so a number alone never proves that something is
/// missing.
/// </summary>
internal sealed record KernelRelease(string Text, int Major, int Minor)
{
    /// <summary>Whether the number is at least that of the kernel which brought a feature.</summary>
    public bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    /// <summary>RHEL and its kin backport on a large scale (<c>4.18.0-553.el8.x86_64</c>).</summary>
    public bool IsEnterpriseBackport => Text.Contains(".el", StringComparison.Ordinal);

    public static Reading<KernelRelease> Parse(string text)
    {
        string[] parts = text.Split('.', 3);
        string minor = parts.Length < 2 ? "" : string.Concat(parts[1].TakeWhile(char.IsAsciiDigit));
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int majorNumber)
            && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int minorNumber)
            ? Reading.Known(new KernelRelease(text, majorNumber, minorNumber))
            : Reading.Failed<KernelRelease>($"'{text}' is not a kernel release");
    }

    public override string ToString() => Text;
}
