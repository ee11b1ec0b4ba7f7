using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Metrics;
using OvsOffload.Os;
using OvsOffload.Service;

namespace OvsOffload.Cli.Commands;

/// <summary><c>run</c>: the service.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var command = new Command(
            "run", "run as a service: keep the host matching its configuration, serve metrics; SIGHUP reloads the "
                + "configuration and runs the checks again");
        command.SetAction((parsed, cancellation) => RunAsync(parsed, globals, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, GlobalOptions globals, CancellationToken cancellation)
    {
        // Before all else: who has a service reload while it starts must not end it.
        OffloadService? running = null;
        bool early = false;
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Interlocked.Exchange(ref early, true);
            Volatile.Read(ref running)?.Reload();
        });
        Dictionary<string, byte[]> content = ConfigurationWatch.Content(Session.FileOf(parsed, globals));
        if (Session.Open(parsed, globals) is not { } session)
        {
            return ExitStatus.Usage;
        }

        if (session.Intent.Manages && !Session.IsRoot)
        {
            Output.Error("run must be run as root with this configuration, which manages something");
            return ExitStatus.Failed;
        }

        string? first = null;
        using RunLock? instance = Session.IsRoot ? TryLock(out first) : null;
        if (first is not null)
        {
            Output.Note($"another ovs-offload service is running on this host: {first}");
        }

        NativeHeap.Limit();
        var environment = new ServiceEnvironment(
            HostPaths.Real,
            Session.Database,
            Session.Daemon,
            new SystemdNotify(Environment.GetEnvironmentVariable, TimeProvider.System),
            Environment.GetEnvironmentVariable("JOURNAL_STREAM") is null ? WritePlain : WriteToJournal,
            TimeProvider.System);
        var reconciler = new HostReconciler(session.Reader);
        if (session.Intent.Manages && Claim(reconciler) is { } other)
        {
            Output.Error($"another ovs-offload service or revert is running: {other}; stop it first");
            return ExitStatus.Refused;
        }

        var service = new OffloadService(
            environment,
            reconciler,
            session.ConfigFile,
            file => ConfigurationReader.ReadIfPresent(file, CollectorNames.All, new BondProfiles(HostPaths.Real)),
            session.Configured ? session.Intent : null)
        {
            FirstContent = content,

            // A second service would wait for the port of the first.
            WaitsForPort = first is null,
        };
        session.CurrentIntent = () => service.Intent;
        Interlocked.Exchange(ref running, service);
        if (Volatile.Read(ref early))
        {
            service.Reload();
        }

        try
        {
            await service.RunAsync(cancellation);
            return ExitStatus.Ok;
        }
        catch (ServiceException failure)
        {
            Output.Error(failure.IsAddressInUse && first is not null
                ? $"another service is running on this host ({first}): {failure.Message}"
                : failure.Message);
            return failure.IsAddressInUse && first is not null ? ExitStatus.Refused : ExitStatus.Failed;
        }
    }

    /// <summary>Where the lock cannot be made, the service observes and tries again before each repair.</summary>
    private static string? Claim(HostReconciler reconciler)
    {
        try
        {
            return reconciler.Claim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Output.Note("cannot lock this host against other runs, so nothing is repaired: "
                + $"{RunLock.DirectoryOf(HostPaths.Real)}: {ErrnoText.Describe(failure)}");
            return null;
        }
    }

    /// <summary>Where nothing can be written below /run nobody is told apart, and a service still observes.</summary>
    private static RunLock? TryLock(out string? first)
    {
        try
        {
            return RunLock.TryTake(HostPaths.Real, out first, RunLock.Instance);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            first = null;
            return null;
        }
    }

    private static void WritePlain(LogPriority priority, string line) => Output.Note(OneLine(line));

    /// <summary>The form in which systemd reads a line's priority, sd-daemon(3).</summary>
    private static void WriteToJournal(LogPriority priority, string line) =>
        Output.Note(string.Create(CultureInfo.InvariantCulture, $"<{(int)priority}>{OneLine(line)}"));

    private static string OneLine(string line) => line.ReplaceLineEndings(" ");
}
