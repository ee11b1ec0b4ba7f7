using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace OvsOffload.Os;

/// <summary>
/// The files of a host: the running one's (<see cref="LiveFiles"/>), or those that a support bundle recorded. Reads the
/// small text files, links and directories of sysfs and procfs into <see cref="Reading{T}"/>: what is not there is
/// absent, what is there and cannot be read is failed, with the errno's name and the path.
/// </summary>
internal abstract class HostFiles
{
    /// <summary>Bytes. Far above every attribute this program reads; sysfs itself gives at most one page
    /// (4096).</summary>
    public const int DefaultBound = 1 << 20;

    /// <summary>The file's bytes, at most <paramref name="bound"/>; more is a failure.</summary>
    public abstract Reading<byte[]> Bytes(string path, int bound = DefaultBound);

    /// <summary>The last bytes of a file that may be long and may be written to, such as a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bound">How many bytes from its end.</param>
    public abstract Reading<FileTail> Tail(string path, int bound);

    /// <summary>
    /// The newest whole lines that are in a device such as <c>/dev/kmsg</c>, read without waiting for new ones.
    /// </summary>
    /// <param name="path">The device.</param>
    /// <param name="bound">Bytes kept.</param>
    public abstract Reading<byte[]> Ring(string path, int bound);

    /// <summary>What a symbolic link says, as it stands there (<c>../../../0000:03:00.0</c>,
    /// <c>socket:[12345]</c>).</summary>
    public abstract Reading<string> Link(string path);

    /// <summary>The names in a directory, in ordinal order.</summary>
    public abstract Reading<IReadOnlyList<string>> Names(string directory);

    /// <summary>What the links in a directory say, each read as <see cref="Link"/> does, in the order of their
    /// names.</summary>
    public virtual Reading<IReadOnlyList<NamedLink>> Links(string directory) =>
        Names(directory).Map<IReadOnlyList<NamedLink>>(
            names => [.. names.Select(name => new NamedLink(name, Link(Path.Combine(directory, name))))]);

    /// <summary>The number of the character device that a descriptor in procfs is open for; absent where it is open for
    /// something else. Failed where that cannot be told, as in a bundle, which has the link's text.</summary>
    public virtual Reading<(uint Major, uint Minor)> Device(string path) =>
        Reading.Failed<(uint Major, uint Minor)>($"{path}: only the running host knows its device");

    /// <summary>Whether there is a directory; false where it cannot be told.</summary>
    public abstract bool IsDirectory(string path);

    /// <summary>The file's text without white space at its end. More than <paramref name="bound"/> bytes is a failure:
    /// a cut value is not a value. So is what is not UTF-8.</summary>
    public Reading<string> Text(string path, int bound = DefaultBound)
    {
        Reading<byte[]> read = Bytes(path, bound);
        return !read.TryGet(out byte[]? bytes) ? read.Without<string>()
            : Utf8.IsValid(bytes) ? Reading.Known(Trimmed(bytes))
            : Reading.Failed<string>($"{path}: is not text in UTF-8");
    }

    /// <summary>The same for a file in which people or programs may write any bytes beside what is looked for in it:
    /// comments, names, arguments, an environment. What is not UTF-8 becomes U+FFFD.</summary>
    public Reading<string> LooseText(string path, int bound = DefaultBound) =>
        Bytes(path, bound).Map(bytes => Trimmed(bytes));

    /// <summary>Most texts end with a newline; without it before they become strings, there is one string and not
    /// two.</summary>
    private static string Trimmed(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text.TrimEnd(" \t\n\v\f\r"u8)).TrimEnd();

    /// <summary>A decimal number, such as <c>sriov_totalvfs</c>.</summary>
    public Reading<T> Number<T>(string path) where T : struct, INumberBase<T>
    {
        Reading<string> read = Text(path);
        return !read.TryGet(out string? text) ? read.Without<T>()
            : T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value)
                ? Reading.Known(value)
            : Reading.Failed<T>($"{path}: '{text}' is not a number");
    }

    /// <summary>A hexadecimal number with or without <c>0x</c>, such as <c>vendor</c>.</summary>
    public Reading<T> Hex<T>(string path) where T : struct, INumberBase<T> => Text(path).Then(text =>
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return T.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out T value)
            ? Reading.Known(value)
            : Reading.Failed<T>($"{path}: '{text}' is not a hexadecimal number");
    });

    /// <summary>An attribute that the kernel writes as 0 or 1, or N or Y.</summary>
    public Reading<bool> Flag(string path) => Text(path).Then(text => text switch
    {
        "1" or "Y" => Reading.Known(true),
        "0" or "N" => Reading.Known(false),
        _ => Reading.Failed<bool>($"{path}: '{text}' is neither 0 nor 1"),
    });

    /// <summary>The last part of what a link says: the driver's name, the group's number, the function's
    /// address.</summary>
    public Reading<string> LinkName(string path) =>
        Link(path).Map(target => Path.GetFileName(target.TrimEnd('/')));
}

/// <summary>A link in a directory.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Text">What it says.</param>
internal readonly record struct NamedLink(string Name, Reading<string> Text);

/// <summary>The end of a file.</summary>
/// <param name="Bytes">The last bytes; from the beginning of a line on, where <paramref name="IsWhole"/> is
/// false.</param>
/// <param name="IsWhole">Whether the file's beginning is included.</param>
internal sealed record FileTail(byte[] Bytes, bool IsWhole);
