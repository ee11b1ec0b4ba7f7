using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using CliWrap;

#pragma warning disable RS0030 // The one runner of processes.

namespace OvsOffload.Os;

/// <summary>Runs programs of the host; the seam for tests.</summary>
internal interface IProcessRunner
{
    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="ProcessException">It could not be started, took too long, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program was ended before this is thrown.</exception>
    Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken);
}

/// <summary>
/// The only place that starts processes, with CliWrap. The child gets what the request has for its standard input, by
/// default nothing, and the C locale. At its limit or on cancellation it gets SIGTERM, and SIGKILL with all its
/// children after the grace time. Safe for concurrent use.
/// </summary>
internal sealed class ProcessRunner(TimeProvider time) : IProcessRunner
{
    /// <summary>A daemon started by the program may keep its outputs open for good; after the program ended, its
    /// outputs are read for so long and no longer.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>The same after a program that was ended, of which nobody wants the output.</summary>
    private static readonly TimeSpan EndedDrainLimit = TimeSpan.FromSeconds(0.5);

    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var child = Child.Start(request);
        try
        {
            await child.Exited.WaitAsync(request.Limit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await EndAsync(child, request.Grace);
            if (await DrainAsync(child, EndedDrainLimit) is TimeoutException)
            {
                throw new ProcessException(
                    request,
                    $"cannot be killed: process {child.Id} hangs in the kernel; see dmesg and /proc/{child.Id}/stack",
                    null, child.Error.Text, exception);
            }
            if (exception is OperationCanceledException)
            {
                throw;
            }
            throw new ProcessException(
                request, $"timed out after {request.Limit.TotalSeconds:0.###} s and was killed", null,
                child.Error.Text, exception);
        }

        if (await DrainAsync(child, DrainLimit) is { } failure)
        {
            throw new ProcessException(request, $"cannot read its output: {failure.Message}", null, "", failure);
        }
        (int exitCode, BoundedOutput? output, BoundedOutput? error) =
            (child.Ended.Result.ExitCode, child.Output, child.Error);
        return exitCode == 0
            ? new ProcessResult(output.Text, error.Text, output.IsCut || error.IsCut)
            : throw new ProcessException(request, $"exit code {exitCode}", exitCode, error.Text);
    }

    private async Task EndAsync(Child child, TimeSpan grace)
    {
        child.Terminate();
        try
        {
            await child.Exited.WaitAsync(grace, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await child.KillAsync();
        }
    }

    /// <summary>Waits for the end of the outputs, and says what went wrong.</summary>
    private async Task<Exception?> DrainAsync(Child child, TimeSpan limit)
    {
        await ((Task)child.Ended).WaitAsync(limit, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await child.StopReadingAsync();
        await ((Task)child.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return child.Ended.Exception?.InnerException;
    }

    /// <summary>A program under way.</summary>
    private sealed class Child : IDisposable
    {
        private readonly CancellationTokenSource _reading = new();
        private readonly CancellationTokenSource _killing = new();

        private Child(ProcessRequest request)
        {
            Output = new BoundedOutput(request.OutputBound);
            Error = new BoundedOutput(request.OutputBound);
            // CliWrap's own default, the current directory, cannot be read where that was deleted.
            var command = new Command(
                request.Arguments[0], "", workingDirPath: "", ResourcePolicy.Default, Credentials.Default,
                Variables(request), CommandResultValidation.None,
                PipeSource.FromBytes(Encoding.UTF8.GetBytes(request.Input)), Into(Output), Into(Error));
            Task? exited = null;
            CommandTask<CommandResult> task = command.ExecuteAsync(
                start => AddArguments(start, request),
                // CliWrap's task ends only when nobody has the outputs open any more, a daemon that was left neither.
                process => exited = process.WaitForExitAsync(CancellationToken.None),
                _killing.Token);
            (Id, Ended, Exited) = (task.ProcessId, task.Task, exited!);
        }

        public int Id { get; }

        public BoundedOutput Output { get; }

        public BoundedOutput Error { get; }

        /// <summary>Ends with the program.</summary>
        public Task Exited { get; }

        /// <summary>Ends with the program and its outputs. Cancelled when it was killed; a TimeoutException when it
        /// lives on.</summary>
        public Task<CommandResult> Ended { get; }

        public static Child Start(ProcessRequest request)
        {
            try
            {
                return new Child(request);
            }
            catch (Win32Exception exception)
            {
                // CliWrap's exception is one of the same type without the number.
                Win32Exception cause = exception.InnerException as Win32Exception ?? exception;
                throw new ProcessException(
                    request, $"cannot be started: {((Errno)cause.NativeErrorCode).Describe()}", null, "", exception);
            }
        }

        /// <summary>CliWrap's graceful end is SIGINT, which daemons take for a key that was pressed.</summary>
        public void Terminate()
        {
            // The number of a process that was waited for may be another's.
            if (!Exited.IsCompleted)
            {
                _ = LibC.Terminate(Id);
            }
        }

        public Task KillAsync() => _killing.CancelAsync();

        public Task StopReadingAsync() => _reading.CancelAsync();

        public void Dispose()
        {
            _reading.Dispose();
            _killing.Dispose();
        }

        private static Dictionary<string, string?> Variables(ProcessRequest request)
        {
            // Words that are shown to a human or searched must not depend on the operator's locale.
            var variables = new Dictionary<string, string?> { ["LC_ALL"] = "C" };
            foreach ((string? name, string? value) in request.Environment)
            {
                variables[name] = value;
            }
            return variables;
        }

        /// <summary>CliWrap puts the arguments into one line, which .NET takes apart again.</summary>
        private static void AddArguments(ProcessStartInfo start, ProcessRequest request)
        {
            foreach (string? argument in request.Arguments.Skip(1))
            {
                start.ArgumentList.Add(argument);
            }
        }

        private PipeTarget Into(BoundedOutput output) =>
            PipeTarget.Create((stream, _) => output.ReadAsync(stream, _reading.Token));
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
            byte[] buffer = new byte[8192];
            try
            {
                for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
                {
                    lock (_gate)
                    {
                        int room = Math.Min(read, bound - _kept.Count);
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
