using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Cli;

/// <summary>Runs a plan for a command that changes the host: the lock, the question, the steps, the report.</summary>
/// <param name="session">The configuration and the reader.</param>
/// <param name="words">How it speaks of itself.</param>
internal sealed class PlanRun(Session session, PlanRunText words)
{
    /// <summary>What is meant, seen from the host as it is before the first step.</summary>
    public Func<HostState, HostIntent> Goal { get; init; } = _ => session.Intent;

    /// <summary>Decides.</summary>
    public Func<HostIntent, HostState, Stage, SkippedParts, Plan> Decide { get; init; } = Planner.Plan;

    /// <summary>Which part of the way.</summary>
    public Stage Stage { get; init; }

    /// <summary>Whether a step that fails takes everything back.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Whether nobody is asked.</summary>
    public bool Yes { get; init; }

    /// <summary>Whether every step of the plan is shown by itself.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether one JSON document is printed instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>Runs it.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (!Session.IsRoot)
        {
            Output.Error($"{words.Command} must be run as root");
            return ExitStatus.Failed;
        }

        // The terminal may be an SSH session through the very NIC that loses its link for a moment.
        using var hangup =
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        using var held = RunLock.TryTake(HostPaths.Real, out string? holder);
        if (held is null)
        {
            Output.Error($"another ovs-offload process is running: {holder}");
            return ExitStatus.Refused;
        }

        return await HoldingAsync(cancellation);
    }

    private async Task<int> HoldingAsync(CancellationToken cancellation)
    {
        string journal = FileJournal.PathOf(HostPaths.Real);
        if (InterruptedRun.Read(journal) is { } interrupted)
        {
            Output.Note($"{interrupted}; continuing from the current state of the host");
        }

        HostState before = await session.Reader.ReadAsync(cancellation);
        HostIntent goal = Goal(before);
        Plan plan = Decide(goal, before, Stage, SkippedParts.Empty);
        if (!Json)
        {
            PlanText.Write(plan, words, Verbose);
        }

        if (!plan.IsRefused && !plan.Steps.IsEmpty && !Yes && !Confirmed(plan.Steps.Length))
        {
            return ExitStatus.Usage;
        }

        StepProgress? progress = Json ? null : new StepProgress(Output.Note, TimeProvider.System);
        using var steps = new HostSteps(session.Intent.OpenVSwitch, session.Reader);
        var applier = new Applier(
            session.Reader.ReadAsync, steps.Runner, new FileJournal(journal, TimeProvider.System), progress)
        {
            Decide = Decide,
            Starting = start => progress?.Start(start),
            Holders = new HolderCheck(session.Reader.ReadFunctionsAsync, TimeProvider.System),
            IsAtomic = IsAtomic,

            // At the prompt time went by, in which the host may have changed.
            First = Yes ? before : null,
        };
        ApplyReport report = await applier.ApplyAsync(goal, Stage, cancellation);
        if (Json)
        {
            Output.Json(before, writer => ApplyDocument.Write(writer, report));
        }

        WriteReport(report, Json ? [] : plan.Objections);
        return ExitStatus.Of(report);
    }

    private static bool Confirmed(int count)
    {
        if (!Output.IsInteractive)
        {
            Output.Error("standard input is not a terminal; use --yes to run without confirmation");
            return false;
        }

        string steps = count == 1 ? "this step" : $"these {count} steps";
        if (Output.Ask($"Run {steps}? The default is no. [y/N] ") is "y" or "Y" or "yes")
        {
            return true;
        }

        Output.Note("Cancelled; nothing was changed.");
        return false;
    }

    private void WriteReport(ApplyReport report, ImmutableArray<Objection> said)
    {
        foreach (Objection objection in report.Objections.Except(said))
        {
            Output.Error(objection.ToString());
        }

        foreach (string failure in report.Failures)
        {
            Output.Error(failure);
        }

        if (report.Undone > 0 || !report.NotUndone.IsEmpty)
        {
            Output.Note(report.NotUndone.IsEmpty
                ? $"undone: {report.Undone} steps"
                : $"undone: {report.Undone} steps; not undone:");
        }

        foreach (string left in report.NotUndone)
        {
            Output.Error(left);
        }

        int done = report.Steps.Count(step => step.Result == StepResult.Done);
        if (report.IsKnownToMatch && !Json)
        {
            Output.Result($"{done} steps done; {words.NothingToDo}.");
        }
        else if (report.Succeeded && !Json)
        {
            Output.Result($"{done} steps done; not everything could be read, so more may have to be done.");
        }
        else if (report.Reached && !Json)
        {
            Output.Result($"{done} steps done; the rest was skipped because of the problems listed above.");
        }

        foreach (string pending in report.Pending)
        {
            Output.Note($"pending: {pending}");
        }
    }
}

/// <summary>How a command that runs plans speaks of itself.</summary>
/// <param name="Command">Its name.</param>
/// <param name="NothingToDo">What holds when nothing is left to do.</param>
internal sealed record PlanRunText(string Command, string NothingToDo)
{
    /// <summary>Of <c>plan</c> and <c>apply</c>.</summary>
    public static PlanRunText Apply { get; } = new("apply", "the host matches the configuration");

    /// <summary>Of <c>revert</c>, of one PF or of everything.</summary>
    public static PlanRunText Revert(PciAddress? pf) => new(
        "revert", "no recorded changes left to revert" + (pf is null ? "" : $" on {pf}"));
}
