using System.CommandLine;
using System.Runtime.InteropServices;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Planning;
using OvsOffload.System;

namespace OvsOffload.Cli.Commands;

/// <summary><c>apply</c>: runs the plan.</summary>
internal static class ApplyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var yes = new Option<bool>("--yes") { Description = "do not ask" };
        var stage = new Option<string>("--stage")
        {
            Description = "pre: NICs only, before the network is up; post: the rest, after Open vSwitch is up",
            HelpName = "pre|post",
        };
        stage.AcceptOnlyFromAmong("pre", "post");
        var command = new Command("apply", "bring this host to what is wanted") { yes, stage };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed,
            globals,
            parsed.GetValue(yes),
            parsed.GetValue(stage) switch { "pre" => Stage.Pre, "post" => Stage.Post, _ => Stage.All },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, bool yes, Stage stage, CancellationToken cancellation)
    {
        if (Session.OpenConfigured(parsed, globals) is not { } session)
        {
            return ExitStatus.Usage;
        }

        if (!Session.IsRoot)
        {
            Output.Error("apply needs root: it changes PCI functions, links and Open vSwitch");
            return ExitStatus.Failed;
        }

        // The terminal may be an SSH session through the very NIC that loses its link for a moment.
        using PosixSignalRegistration hangup =
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        using RunLock? held = RunLock.TryTake(HostPaths.Real, out string? holder);
        if (held is null)
        {
            Output.Error($"another run holds the lock: {holder}");
            return ExitStatus.Refused;
        }

        return await ApplyAsync(session, parsed.GetValue(globals.Json), yes, stage, cancellation);
    }

    private static async Task<int> ApplyAsync(
        Session session, bool json, bool yes, Stage stage, CancellationToken cancellation)
    {
        string journal = FileJournal.PathOf(HostPaths.Real);
        foreach (string line in FileJournal.CutOff(journal))
        {
            Output.Note($"the run before this one was cut off; {line}");
        }

        HostState before = await session.Reader.ReadAsync(cancellation);
        Plan plan = Planner.Plan(session.Intent, before, stage);
        if (!json)
        {
            PlanText.Write(plan);
        }

        if (plan.Objections.IsEmpty && !plan.Steps.IsEmpty && !yes && !Confirmed())
        {
            return ExitStatus.Usage;
        }

        var progress = new Progress(json ? null : Output.Note);
        using var steps = new HostSteps(session.Intent.OpenVSwitch, session.Reader);
        var applier = new Applier(
            session.Reader.ReadAsync, steps.Runner, new FileJournal(journal, TimeProvider.System), progress);
        ApplyReport report = await applier.ApplyAsync(session.Intent, stage, cancellation);
        if (json)
        {
            Output.Json(before, writer => ApplyDocument.Write(writer, report));
        }

        Say(report, json);
        return ExitStatus.Of(report);
    }

    private static bool Confirmed()
    {
        if (Console.IsInputRedirected)
        {
            Output.Error("standard input is no terminal, so nobody can be asked; use --yes");
            return false;
        }

        Console.Error.Write("Run these steps? [y/N] ");
        return Console.ReadLine() is "y" or "Y" or "yes";
    }

    private static void Say(ApplyReport report, bool json)
    {
        foreach (Objection objection in report.Objections.Where(_ => json || !report.Steps.IsEmpty))
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
                ? $"undone: {report.Undone} steps; nothing is left of them"
                : $"undone: {report.Undone} steps; not undone:");
        }

        foreach (string left in report.NotUndone)
        {
            Output.Error(left);
        }

        if (report.Succeeded && !json)
        {
            int done = report.Steps.Count(step => step.Result == StepResult.Done);
            Output.Result($"{done} steps done; everything is as wanted.");
        }

        foreach (string pending in report.Pending)
        {
            Output.Note($"pending: {pending}");
        }
    }

    /// <summary>
    /// Prints each step as it comes to its end, in order: <see cref="Progress{T}"/> would not keep it.
    /// </summary>
    private sealed class Progress(Action<string>? write) : IProgress<StepReport>
    {
        public void Report(StepReport value) => write?.Invoke(
            $"{value.Result.ToString().ToLowerInvariant(),-8} {value.Step.Action.Summary}"
                + (value.Error is null ? "" : $": {value.Error}"));
    }
}
