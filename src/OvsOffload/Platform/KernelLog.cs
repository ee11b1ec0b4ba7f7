using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>
/// Reads the kernel's log from <c>/dev/kmsg</c>, beginning with the oldest record that is still there, and keeps the
/// last ones. Never waits for new ones. Stateless.
/// </summary>
internal sealed class KernelLog(HostPaths paths)
{
    /// <summary>Records kept by default.</summary>
    public const int DefaultBound = 5000;

    /// <summary>A line may be this long: the kernel gives one record a read, of at most so many bytes
    /// (PRINTK_MESSAGE_MAX is 2048, its dictionary and escapes come on top).</summary>
    private const int RecordBound = 32768;

    /// <summary>Bytes that are looked at, the newest. 5000 records of the kernel come to half a million.</summary>
    private const int ByteBound = 8 << 20;

    /// <summary>The last records, oldest first. Failed without the right to read them
    /// (kernel.dmesg_restrict).</summary>
    /// <param name="bound">How many to keep.</param>
    /// <param name="after">Only records with a greater sequence number, as to see what a step has caused.</param>
    public Reading<IReadOnlyList<KernelLogRecord>> Read(int bound = DefaultBound, long after = -1) =>
        paths.Files.Ring(Path.Combine(paths.Dev, "kmsg"), ByteBound).Map(bytes => Collect(bytes, bound, after));

    private static IReadOnlyList<KernelLogRecord> Collect(ReadOnlySpan<byte> bytes, int bound, long after)
    {
        var last = new Queue<KernelLogRecord>();
        char[] room = new char[Math.Min(RecordBound, bytes.Length)];
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            ReadOnlySpan<byte> line = bytes[..Math.Min(end, RecordBound)];
            // Lines that begin with a blank are the record's dictionary (SUBSYSTEM=, DEVICE=) and no message.
            if (line.IsEmpty || line[0] == (byte)' '
                || !KernelLogRecord.TryParse(
                    room.AsSpan(0, Encoding.UTF8.GetChars(line, room)), out KernelLogRecord? record)
                || record.Sequence <= after)
            {
                continue;
            }
            last.Enqueue(record);
            if (last.Count > bound)
            {
                last.Dequeue();
            }
        }
        return [.. last];
    }
}
