using System.Text;
using Microsoft.Win32.SafeHandles;
using OvsOffload.Os;

#pragma warning disable RS0030 // Sysfs takes one write, and no temporary file.

namespace OvsOffload.Sysfs;

/// <summary>
/// Writes one sysfs attribute with a limit. A driver may sleep for minutes inside a write (firmware commands, waiting
/// for a lock), and nothing can interrupt it: so each write has a thread of its own, and the caller gets its answer in
/// time. While one is under way no second one of the same attribute is begun.
/// </summary>
/// <param name="limit">How long to wait for the kernel. <see cref="DefaultLimit"/> unless a test says
/// otherwise.</param>
/// <param name="time">The clock of the limit.</param>
/// <param name="write">Opens and writes a file in one write(2); replaced in tests to answer with an errno or not at
/// all.</param>
internal sealed class SysfsWriter(TimeSpan limit, TimeProvider time, Action<string, byte[]>? write = null)
{
    /// <summary>Two minutes: firmware commands time out at 60 s (MLX5_CMD_TIMEOUT_MSEC).</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(2);

    /// <summary>VFs for which the limit is granted once more. 125 of a ConnectX-6 Lx were reported to take 65 s, so
    /// that each is given about twice what it took.</summary>
    private const int VfsOfOneLimit = 120;

    private readonly Action<string, byte[]> _write = write ?? WriteExisting;
    private readonly HashSet<string> _underWay = [];

    /// <summary>The limit of a write that creates or removes so many VFs.</summary>
    public TimeSpan LimitFor(int vfs) => limit * (1 + ((double)vfs / VfsOfOneLimit));

    /// <summary>Writes <paramref name="text"/> to an attribute that exists.</summary>
    /// <param name="file">The attribute.</param>
    /// <param name="text">Written as it is.</param>
    /// <param name="operation">What this is for, as the error will name it.</param>
    /// <param name="meaning">What an errno means here and what to do; null where there is nothing to add.</param>
    /// <param name="cancellationToken">Ends the waiting. The write itself goes on in the kernel; read back what came of
    /// it.</param>
    /// <exception cref="SysfsException">The kernel refused, or did not answer within the limit.</exception>
    public Task WriteAsync(
        string file, string text, string operation, Func<Errno, string?> meaning,
        CancellationToken cancellationToken) =>
        WriteAsync(file, text, operation, meaning, new WriteLimit(limit, static () => 0), cancellationToken);

    /// <summary>The same, with a limit of its own.</summary>
    /// <exception cref="SysfsException">The kernel refused, or did not answer in time.</exception>
    public async Task WriteAsync(
        string file, string text, string operation, Func<Errno, string?> meaning, WriteLimit within,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_underWay)
        {
            if (!_underWay.Add(file))
            {
                throw new SysfsException(operation, file, Errno.EBUSY,
                    "an earlier write to it is still in progress: see the kernel log for the cause", null);
            }
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                try
                {
                    _write(file, Encoding.ASCII.GetBytes(text));
                }
                finally
                {
                    // Before the answer: whoever gets it may write again.
                    lock (_underWay)
                    {
                        _underWay.Remove(file);
                    }
                }

                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        {
            // A write that never returns must not keep the process from ending.
            IsBackground = true,
            Name = "sysfs write",
        };
        thread.Start();
        try
        {
            await within.WaitAsync(done.Task, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new SysfsException(operation, file, Errno.ETIMEDOUT,
                $"the kernel did not complete the write within {within.Time.TotalSeconds:0} s and it is still in "
                + "progress: see the kernel log for the cause, and do not repeat the write", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Errno errno = ErrnoText.Of(exception);
            throw new SysfsException(operation, file, errno, meaning(errno), exception);
        }
    }

    /// <summary>Never creates: in sysfs a missing file is an answer, and elsewhere (a wrong root) a new one would hide
    /// it.</summary>
    private static void WriteExisting(string file, byte[] bytes)
    {
        using SafeFileHandle handle = File.OpenHandle(
            file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(handle, bytes, fileOffset: 0);
    }
}

/// <summary>How long a write may go on without getting on.</summary>
/// <param name="Time">The longest without progress.</param>
/// <param name="Progress">Changes whenever it has got on.</param>
internal sealed record WriteLimit(TimeSpan Time, Func<int> Progress)
{
    /// <summary>Waits for a write.</summary>
    /// <exception cref="TimeoutException">It did not get on for so long.</exception>
    public async Task WaitAsync(Task write, TimeProvider time, CancellationToken cancellation)
    {
        for (int before = Progress(); ;)
        {
            try
            {
                await write.WaitAsync(Time, time, cancellation);
                return;
            }
            catch (TimeoutException) when (Progress() is var now && now != before)
            {
                before = now;
            }
        }
    }
}
