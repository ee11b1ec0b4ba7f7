using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace OvsOffload.System;

/// <summary>Runs programs of the host; the seam for tests.</summary>
internal interface IProcessRunner
{
    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="ProcessException">It could not be started, took too long, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program was ended before this is thrown.</exception>
    Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken);
}

/// <summary>
/// The only place that starts processes. The child gets what the request has for its standard
/// input, by default nothing, and the C locale. At its limit or on
/// cancellation it gets SIGTERM, and SIGKILL with all its children after the grace time. Safe for concurrent use.
/// </summary>
internal sealed class ProcessRunner(TimeProvider time) : IProcessRunner
{
    /// <summary>A daemon started by the program may keep its outputs open for good; after the program ended, its
    /// outputs are read for so long and no longer.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(request);
        var output = new BoundedOutput(request.OutputBound);
        var error = new BoundedOutput(request.OutputBound);
        using var draining = new CancellationTokenSource();
        var drained = Task.WhenAll(
            output.ReadAsync(process.StandardOutput.BaseStream, draining.Token),
            error.ReadAsync(process.StandardError.BaseStream, draining.Token));
        // Not waited for: what the program does not read before it ends, nobody needs.
        _ = FeedAsync(process.StandardInput, request.Input);
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(request.Limit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await EndAsync(process, request.Grace);
            await DrainAsync(drained, draining);
            if (exception is OperationCanceledException)
            {
                throw;
            }
            throw new ProcessException(
                request, $"did not end within {request.Limit.TotalSeconds:0.###} s and was stopped", null, error.Text,
                exception);
        }
        await DrainAsync(drained, draining);
        return process.ExitCode == 0
            ? new ProcessResult(output.Text, error.Text, output.IsCut || error.IsCut)
            : throw new ProcessException(request, $"exit code {process.ExitCode}", process.ExitCode, error.Text);
    }

    private static Process Start(ProcessRequest request)
    {
        var start = new ProcessStartInfo(request.Arguments[0], request.Arguments.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Words that are shown to a human or searched must not depend on the operator's locale.
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in request.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ProcessException(request, $"cannot be started: {((Errno)exception.NativeErrorCode).Describe()}",
                null, "", exception);
        }
    }

    /// <summary>A program may end without having read its input.</summary>
    private static async Task FeedAsync(StreamWriter input, string text)
    {
        try
        {
            await using (input)
            {
                await input.WriteAsync(text);
            }
        }
        catch (IOException)
        {
        }
    }

    private async Task EndAsync(Process process, TimeSpan grace)
    {
        // Still a child of ours that nobody has waited for, so the number cannot belong to another process yet.
        _ = LibC.Terminate(process.Id);
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(grace, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task DrainAsync(Task drained, CancellationTokenSource draining)
    {
        try
        {
            await drained.WaitAsync(DrainLimit, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await draining.CancelAsync();
        }
    }

    /// <summary>The first bytes of a stream; reads on after them so that the writer never blocks.</summary>
    private sealed class BoundedOutput(int bound)
    {
        private readonly Lock _gate = new();
        private readonly List<byte> _kept = [];

        public bool IsCut { get; private set; }

        public string Text
        {
            get
            {
                lock (_gate)
                {
                    return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_kept));
                }
            }
        }

        public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
        {
            var buffer = new byte[8192];
            try
            {
                for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
                {
                    lock (_gate)
                    {
                        var room = Math.Min(read, bound - _kept.Count);
                        _kept.AddRange(buffer.AsSpan(0, room));
                        IsCut |= room < read;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // What was read by then is kept.
            }
        }
    }
}
