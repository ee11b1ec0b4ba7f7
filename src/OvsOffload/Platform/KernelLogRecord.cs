using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace OvsOffload.Platform;

/// <summary>Severity of a log record, the kernel's KERN_EMERG to KERN_DEBUG (include/linux/kern_levels.h).</summary>
internal enum KernelLogLevel
{
    Emergency,
    Alert,
    Critical,
    Error,
    Warning,
    Notice,
    Informational,
    Debug,
}

/// <summary>One record of the kernel log (Documentation/ABI/testing/dev-kmsg).</summary>
/// <param name="Sequence">Counts up since boot; a gap means that records were overwritten.</param>
/// <param name="SinceBoot">When, on the clock that stands still while the machine is suspended.</param>
/// <param name="Level">How bad.</param>
/// <param name="Text">The message; a driver's line names the function it speaks of (<c>mlx5_core 0000:3b:00.0:
/// ..</c>).</param>
internal sealed record KernelLogRecord(long Sequence, TimeSpan SinceBoot, KernelLogLevel Level, string Text)
{
    /// <summary>Reads <c>6,339,5140900,-;text</c>, where the first number is facility * 8 + level and the third is in
    /// microseconds; fields that later kernels add before the semicolon are passed over.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, [NotNullWhen(true)] out KernelLogRecord? record)
    {
        record = null;
        int semicolon = line.IndexOf(';');
        if (semicolon < 0)
        {
            return false;
        }
        ReadOnlySpan<char> head = line[..semicolon];
        Span<Range> fields = stackalloc Range[4];
        if (head.Split(fields, ',') < 4
            || !int.TryParse(head[fields[0]], NumberStyles.None, CultureInfo.InvariantCulture, out int priority)
            || !long.TryParse(head[fields[1]], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            || !long.TryParse(head[fields[2]], NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            || microseconds > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond)
        {
            return false;
        }
        record = new KernelLogRecord(sequence, TimeSpan.FromMicroseconds(microseconds), (KernelLogLevel)(priority & 7),
            Unescape(line[(semicolon + 1)..].ToString()));
        return true;
    }

    /// <summary>The kernel writes unprintable bytes, bytes above 0x7e and the backslash as <c>\xNN</c>; the bytes are
    /// UTF-8.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains("\\x", StringComparison.Ordinal))
        {
            return text;
        }
        var bytes = new List<byte>(text.Length);
        for (int position = 0; position < text.Length; position++)
        {
            if (text[position] == '\\' && position + 3 < text.Length && text[position + 1] == 'x'
                && byte.TryParse(
                    text.AsSpan(position + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out byte value))
            {
                bytes.Add(value);
                position += 3;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, position, 1));
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
