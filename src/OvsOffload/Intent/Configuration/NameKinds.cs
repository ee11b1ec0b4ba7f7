using System.Text;
using System.Text.RegularExpressions;

namespace OvsOffload.Intent.Configuration;

/// <summary>The kinds of values that name something: interfaces, drivers, profiles, files.</summary>
internal static partial class NameKinds
{
    /// <summary><c>IFNAMSIZ</c> of linux/if.h without the closing zero. Bytes.</summary>
    private const int LongestInterfaceName = 15;

    /// <summary><c>ALTIFNAMSIZ</c> of linux/if.h without the closing zero. Bytes.</summary>
    private const int LongestAlternativeName = 127;

    /// <summary>The name of an interface that is made, a bond or a bridge.</summary>
    public static ValueKind<string> NewInterface { get; } = InterfaceName(
        $"an interface name of up to {LongestInterfaceName} bytes", LongestInterfaceName);

    /// <summary>The name or an alternative name of an interface that is there.</summary>
    public static ValueKind<string> Interface { get; } = InterfaceName(
        "an interface name or altname", LongestAlternativeName);

    public static ValueKind<VfDriver> Driver { get; } = new ScalarKind<VfDriver>(
        "auto, kernel, none, or the name of a driver such as vfio-pci",
        scalar => scalar.Text switch
        {
            "auto" => VfDriver.Auto,
            "kernel" => VfDriver.Kernel,
            "none" => VfDriver.None,
            _ => DriverName().IsMatch(scalar.Text) ? VfDriver.Named(scalar.Text) : new Wrong(),
        },
        driver => driver.ToString());

    public static ValueKind<string> Profile { get; } = ScalarKinds.Text<string>(
        "the name of a bond profile, such as lacp, without a folder and without .yaml",
        text => ProfileName().IsMatch(text) && !text.EndsWith(".yaml", StringComparison.Ordinal) ? text : new Wrong(),
        text => text);

    public static ValueKind<string?> OptionalPath { get; } = new ScalarKind<string?>(
        "the absolute path of a file",
        scalar => scalar.Text.StartsWith('/') && !HasControl(scalar.Text) ? scalar.Text : new Wrong(),
        path => path is null ? null : ScalarKinds.Yaml(path));

    /// <summary>A program and its arguments.</summary>
    public static ValueKind<string> CommandWord { get; } = ScalarKinds.Text<string>(
        "a word of a command line",
        text => text.Contains('\0') ? new Wrong() : text,
        text => text);

    /// <summary>Why a text is not the name or altname of an interface; null where it is one.</summary>
    public static string? FindInterfaceNameError(string text) => FindError(text, LongestAlternativeName);

    private static ValueKind<string> InterfaceName(string allowed, int longest) => ScalarKinds.Text<string>(
        allowed,
        text => FindError(text, longest) is { } complaint ? new Wrong(complaint) : text,
        text => text);

    /// <summary>
    /// The kernel's rules (<c>dev_valid_name</c> in net/core/dev.c); the percent sign is refused too, because in a new
    /// name it asks the kernel for a number.
    /// </summary>
    private static string? FindError(string text, int longest)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        return text switch
        {
            "" => "An interface name is not empty",
            "." or ".." => "The kernel refuses this name",
            _ when bytes > longest => $"It is {bytes} bytes long",
            _ when text.Contains('/') || text.Contains(':') || text.Contains('%') =>
                "An interface name has no slash, no colon and no percent sign",
            _ when text.Any(char.IsWhiteSpace) || HasControl(text) => "An interface name has no spaces",
            _ => null,
        };
    }

    private static bool HasControl(string text) => text.Any(char.IsControl);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]{0,62}\z")]
    private static partial Regex DriverName();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex ProfileName();
}
