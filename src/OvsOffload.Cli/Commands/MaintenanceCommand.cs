using System.CommandLine;
using OvsOffload.Applying;
using OvsOffload.Os;

namespace OvsOffload.Cli.Commands;

/// <summary>
/// <c>maintenance-check</c>, for the package's scripts: may the program be replaced or removed now? Not while a run is
/// changing this host, and not after one that was cut off, whose record the next version might not read.
/// </summary>
internal static class MaintenanceCommand
{
    private static readonly RetryOptions Wait =
        new() { Delay = TimeSpan.FromSeconds(1), Limit = TimeSpan.FromSeconds(60) };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "maintenance-check", "exit status 4 while ovs-offload must not be upgraded or removed")
        {
            Hidden = true,
        };
        command.SetAction(async (_, cancellation) =>
        {
            if (!Session.IsRoot)
            {
                Output.Error("maintenance-check must be run as root");
                return ExitStatus.Failed;
            }

            string? why = await Wait.UntilAsync(
                _ => Task.FromResult(Holder()), holder => holder is null, TimeProvider.System, cancellation);
            why = why is null
                ? InterruptedRun.Read(FileJournal.PathOf(HostPaths.Real)) is { } interrupted
                    ? $"{interrupted}; complete it with 'ovs-offload apply', or undo it with 'ovs-offload revert'"
                    : null
                : $"another ovs-offload process is changing this host: {why}; try again when it has ended";
            if (why is null)
            {
                return ExitStatus.Ok;
            }

            Output.Error(why);
            return ExitStatus.Refused;
        });
        return command;
    }

    private static string? Holder()
    {
        using var held = RunLock.TryTake(HostPaths.Real, out string? holder);
        return held is null ? holder : null;
    }
}
