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

    /// <summary>Whether the run takes changes back, which it does also where nothing can be recorded.</summary>
    public bool IsRevert { get; init; }

    /// <summary>Whether nobody is asked: what runs is what is printed.</summary>
    public bool Yes { get; init; }

    /// <summary>The plan that was shown and saved before; null to show one. Nobody is asked then.</summary>
    public SavedPlan? Saved { get; init; }

    /// <summary>Whether every step of the plan is shown by itself.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether one JSON document is printed instead of text.</summary>
    public bool Json { get; init; }

    // Whether steps were done that were agreed to, and others are being asked about.
    private bool _ran;

    private bool Asks => !Yes && Saved is null;

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

        // Nobody holds the lock while somebody thinks about a question.
        ImmutableArray<ShownStep> consented = [];
        for (Planned? next = Asks ? await PlanAsync(cancellation) : null; ;)
        {
            if (next is not null)
            {
                if (!await ConsentAsync(next.Plan, cancellation))
                {
                    return _ran ? ExitStatus.Partial : ExitStatus.Usage;
                }

                consented = ShownStep.Of(next.Plan);
            }

            using RunLock? held = Take(out int refused);
            if (held is null)
            {
                return refused;
            }

            Planned planned = await PlanAsync(cancellation);
            if (Asks && ShownStep.Of(planned.Plan).Except(consented).Any())
            {
                Output.Note("The plan has changed since it was shown:");
                next = planned;
                continue;
            }

            if (await HoldingAsync(planned, cancellation) is { } status)
            {
                return status;
            }

            _ran = true;
            Output.Note("More steps are needed than were shown:");
            next = await PlanAsync(cancellation);
        }
    }

    private sealed record Planned(HostState Before, HostIntent Goal, Plan Plan);

    private async Task<Planned> PlanAsync(CancellationToken cancellation)
    {
        HostState before = await session.Reader.ReadAsync(cancellation);
        HostIntent goal = Goal(before);
        return new Planned(before, goal, Decide(goal, before, Stage, SkippedParts.Empty));
    }

    private static RunLock? Take(out int status)
    {
        status = ExitStatus.Refused;
        try
        {
            var held = RunLock.TryTake(HostPaths.Real, out string? holder);
            if (held is null)
            {
                Output.Error($"another ovs-offload process is running: {holder}");
            }

            return held;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Output.Error("cannot lock this host against other runs: "
                + $"{RunLock.DirectoryOf(HostPaths.Real)}: {ErrnoText.Describe(failure)}");
            status = ExitStatus.Failed;
            return null;
        }
    }

    /// <summary>The status; null where steps that were not shown are to be shown first.</summary>
    private async Task<int?> HoldingAsync(Planned planned, CancellationToken cancellation)
    {
        string journal = FileJournal.PathOf(HostPaths.Real);
        if (InterruptedRun.Read(journal) is { } interrupted)
        {
            Output.Note($"{interrupted}; continuing from the current state of the host");
        }

        if (Saved is not null && Saved.Host != planned.Before.HostName)
        {
            Output.Error($"this plan was made on {Saved.Host}, not on {planned.Before.HostName}; nothing was changed");
            return ExitStatus.Refused;
        }

        if (Saved is not null && Saved.Differences(planned.Plan) is { IsEmpty: false } differences)
        {
            foreach (string difference in differences)
            {
                Output.Error(difference);
            }

            Output.Error("the plan has changed since it was saved, so nothing was changed; make a new one: "
                + "ovs-offload plan --out FILE");
            return ExitStatus.Refused;
        }

        if (!Asks && !Json)
        {
            PlanText.Write(planned.Plan, words, Verbose);
        }

        StepProgress? progress = Json ? null : new StepProgress(Output.Note, TimeProvider.System);
        using var steps = new HostSteps(
            session.Intent.OpenVSwitch, session.Reader, new SysfsWriter(SysfsWriter.DefaultLimit, TimeProvider.System));
        var file = new FileJournal(journal, TimeProvider.System);
        var applier = new Applier(
            session.Reader.ReadAsync, steps.Runner, IsRevert ? new OptionalJournal(file, Output.Note) : file, progress)
        {
            Decide = Decide,
            Starting = start => progress?.Start(start),
            Holders = new HolderCheck(session.Reader.ReadFunctionsAsync, TimeProvider.System),
            IsAtomic = IsAtomic,
            First = planned.Before,
            MayRunUnshown = MayRunUnshown,
        };
        ApplyReport report = await applier.ApplyAsync(planned.Goal, Stage, cancellation);
        if (Json)
        {
            Output.Json(planned.Before, writer => ApplyDocument.Write(writer, report));
        }

        WriteReport(report, Json ? [] : planned.Plan.Objections);
        if (Asks && !report.Unshown.IsEmpty)
        {
            return null;
        }

        foreach (Step step in report.Unshown)
        {
            Output.Error($"not run, because the plan that was saved does not have it: {step.Action.Summary}");
        }

        return ExitStatus.Of(report, Stage);
    }

    /// <summary>Without a question what is printed runs; with one, or a saved plan, what was agreed to.</summary>
    private bool MayRunUnshown(ImmutableArray<Step> steps)
    {
        if (!Yes || Saved is not null)
        {
            return false;
        }

        foreach (Step step in Json ? [] : steps)
        {
            Output.Note($"another step is needed: {step.Action.Summary}");
        }

        return true;
    }

    /// <summary>Shows a plan and asks; whether it may run. Without steps there is nothing to ask.</summary>
    private async Task<bool> ConsentAsync(Plan plan, CancellationToken cancellation)
    {
        bool hasSteps = !plan.IsRefused && !plan.Steps.IsEmpty;
        if (Json)
        {
            if (hasSteps)
            {
                Output.Error("with --json no plan is shown, so none can be confirmed; use --yes, or a saved plan");
            }

            return !hasSteps;
        }

        PlanText.Write(plan, words, Verbose);
        return !hasSteps || await IsConfirmedAsync(plan.Steps.Length, cancellation);
    }

    private async Task<bool> IsConfirmedAsync(int count, CancellationToken cancellation)
    {
        if (!Output.IsInteractive)
        {
            Output.Error("standard input is not a terminal; use --yes to run without confirmation");
            return false;
        }

        string steps = count == 1 ? "this step" : $"these {count} steps";
        string question = $"Run {steps}? The default is no. [y/N] ";
        if (await Output.AskAsync(question, cancellation) is "y" or "Y" or "yes")
        {
            return true;
        }

        Output.Note(_ran ? "Cancelled; the steps that were done stay." : "Cancelled; nothing was changed.");
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
