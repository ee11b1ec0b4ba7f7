using System.Globalization;
using System.Numerics;
using System.Text;

namespace OvsOffload.System;

/// <summary>
/// Reads the small text files, links and directories of sysfs and procfs into <see cref="Reading{T}"/>: what is not
/// there is absent, what is there and cannot be read is failed, with the errno's name and the path.
/// </summary>
internal static class HostFile
{
    /// <summary>Bytes. Far above every attribute this program reads; sysfs itself gives at most one page
    /// (4096).</summary>
    public const int DefaultBound = 1 << 20;

    /// <summary>The file's text without white space at its end. More than <paramref name="bound"/> bytes is a failure:
    /// a cut value is not a value.</summary>
    public static Reading<string> Text(string path, int bound = DefaultBound) =>
        Bytes(path, bound).Map(bytes => Encoding.UTF8.GetString(bytes).TrimEnd());

    /// <summary>The file's bytes, at most <paramref name="bound"/>; more is a failure.</summary>
    public static Reading<byte[]> Bytes(string path, int bound = DefaultBound) => Try(path, () =>
    {
        using var stream = Open(path);
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        // Length says 4096 in sysfs and 0 in procfs, so only reading to the end tells.
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (content.Length + read > bound)
            {
                return Reading.Failed<byte[]>($"{path}: longer than {bound} bytes");
            }
            content.Write(buffer, 0, read);
        }
        return Reading.Known(content.ToArray());
    });

    /// <summary>A decimal number, such as <c>sriov_totalvfs</c>.</summary>
    public static Reading<T> Number<T>(string path) where T : struct, INumberBase<T> =>
        Text(path).Then(text =>
            T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Reading.Known(value)
            : Reading.Failed<T>($"{path}: '{text}' is not a number"));

    /// <summary>A hexadecimal number with or without <c>0x</c>, such as <c>vendor</c>.</summary>
    public static Reading<T> Hex<T>(string path) where T : struct, INumberBase<T> => Text(path).Then(text =>
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return T.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? Reading.Known(value)
            : Reading.Failed<T>($"{path}: '{text}' is not a hexadecimal number");
    });

    /// <summary>An attribute that the kernel writes as 0 or 1, or N or Y.</summary>
    public static Reading<bool> Flag(string path) => Text(path).Then(text => text switch
    {
        "1" or "Y" => Reading.Known(true),
        "0" or "N" => Reading.Known(false),
        _ => Reading.Failed<bool>($"{path}: '{text}' is neither 0 nor 1"),
    });

    /// <summary>What a symbolic link says, as it stands there (<c>../../../0000:03:00.0</c>,
    /// <c>socket:[12345]</c>).</summary>
    public static Reading<string> Link(string path) => Try(path, () =>
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            return Reading.Known(target);
        }
        // LinkTarget is null for every error; resolving throws the one it was.
        return File.ResolveLinkTarget(path, returnFinalTarget: false) is null
            ? Reading.Failed<string>($"{path}: is not a symbolic link")
            : Reading.Absent<string>($"{path}: changed while it was read");
    });

    /// <summary>The last part of what a link says: the driver's name, the group's number, the function's
    /// address.</summary>
    public static Reading<string> LinkName(string path) =>
        Link(path).Map(target => Path.GetFileName(target.TrimEnd('/')));

    /// <summary>The names in a directory, in ordinal order.</summary>
    public static Reading<IReadOnlyList<string>> Names(string directory) => Try(directory, () =>
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))];
        Array.Sort(names, StringComparer.Ordinal);
        return Reading.Known<IReadOnlyList<string>>(names);
    });

    /// <summary>Opens for reading beside writers, without buffering.</summary>
    public static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });

    /// <summary>Runs a read; turns "is not there" into absent, and every other error of the file into failed.</summary>
    public static Reading<T> Try<T>(string path, Func<Reading<T>> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ErrnoText.Of(exception) switch
            {
                // The device or process behind an open file went away.
                Errno.ENOENT or Errno.ENOTDIR or Errno.ENODEV or Errno.ESRCH =>
                    Reading.Absent<T>($"{path}: {ErrnoText.Describe(exception)}"),
                _ => Reading.Failed<T>($"{path}: {ErrnoText.Describe(exception)}"),
            };
        }
    }
}
