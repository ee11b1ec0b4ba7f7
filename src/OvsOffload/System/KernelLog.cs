using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OvsOffload.System;

/// <summary>
/// Reads the kernel's log from <c>/dev/kmsg</c>, beginning with the oldest record that is still there, and keeps the
/// last ones. Never waits for new ones. Stateless.
/// </summary>
internal sealed class KernelLog(HostPaths paths)
{
    /// <summary>Records kept by default.</summary>
    public const int DefaultBound = 5000;

    /// <summary>Bytes read at most: the largest log buffer that kernels are built with is 32 MiB (CONFIG_LOG_BUF_SHIFT
    /// 25).</summary>
    private const int ByteBound = 64 << 20;

    /// <summary>A read returns one record; a buffer below its size is answered with EINVAL (PRINTK_MESSAGE_MAX is 2048,
    /// its dictionary and escapes come on top).</summary>
    private const int RecordBound = 32768;

    /// <summary>Letters of all records that are kept. 5000 records of the kernel come to half a million.</summary>
    private const int LetterBound = 8 << 20;

    /// <summary>The last records, oldest first. Failed without the right to read them
    /// (kernel.dmesg_restrict).</summary>
    /// <param name="bound">How many to keep.</param>
    /// <param name="after">Only records with a greater sequence number, as to see what a step has caused.</param>
    public Reading<IReadOnlyList<KernelLogRecord>> Read(int bound = DefaultBound, long after = -1)
    {
        var path = Path.Combine(paths.Dev, "kmsg");
        return HostFile.Try(path, () =>
        {
            var descriptor = LibC.OpenNonBlocking(path);
            if (descriptor < 0)
            {
                var errno = LibC.LastError;
                return errno == Errno.ENOENT
                    ? Reading.Absent<IReadOnlyList<KernelLogRecord>>($"{path}: {errno.Describe()}")
                    : Reading.Failed<IReadOnlyList<KernelLogRecord>>($"{path}: {errno.Describe()}");
            }
            using var stream = new FileStream(
                new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
            return Reading.Known(Collect(stream, bound, after));
        });
    }

    private static IReadOnlyList<KernelLogRecord> Collect(FileStream stream, int bound, long after)
    {
        var last = new Queue<KernelLogRecord>();
        var letters = 0L;
        var lines = new LineSplitter();
        var buffer = new byte[RecordBound];
        for (long total = 0; total < ByteBound;)
        {
            var read = ReadSome(stream, buffer);
            if (read == 0)
            {
                break;
            }
            total += read;
            foreach (var line in lines.Add(buffer.AsSpan(0, read)))
            {
                // Lines that begin with a blank are the record's dictionary (SUBSYSTEM=, DEVICE=) and no message.
                if (!line.StartsWith(' ') && KernelLogRecord.TryParse(line, out var record) && record.Sequence > after)
                {
                    last.Enqueue(record);
                    letters += record.Text.Length;
                    while (last.Count > bound || letters > LetterBound)
                    {
                        letters -= last.Dequeue().Text.Length;
                    }
                }
            }
        }
        return [.. last];
    }

    /// <summary>The next bytes; 0 at the end.</summary>
    private static int ReadSome(FileStream stream, byte[] buffer)
    {
        while (true)
        {
            try
            {
                return stream.Read(buffer);
            }
            catch (IOException exception) when (ErrnoText.Of(exception) == Errno.EAGAIN)
            {
                return 0;
            }
            catch (IOException exception) when (ErrnoText.Of(exception) == Errno.EPIPE)
            {
                // The record was overwritten before it was read; the next read goes on with the oldest that is there.
            }
        }
    }

    /// <summary>Whole lines out of pieces.</summary>
    private sealed class LineSplitter
    {
        private readonly List<byte> _rest = [];

        public List<string> Add(ReadOnlySpan<byte> bytes)
        {
            var lines = new List<string>();
            for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
            {
                _rest.AddRange(bytes[..end]);
                lines.Add(Encoding.UTF8.GetString([.. _rest]));
                _rest.Clear();
            }
            // The kernel writes no such line; a file that stands for it must not fill the memory.
            _rest.AddRange(bytes[..Math.Min(bytes.Length, Math.Max(0, RecordBound - _rest.Count))]);
            return lines;
        }
    }
}
