using System.CommandLine;
using OvsOffload.Applying;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Cli.Commands;

/// <summary><c>apply</c>: runs the plan.</summary>
internal static class ApplyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var saved = new Argument<string?>("FILE")
        {
            Description = "a plan that plan --out has written; it runs as it was saved, or not at all",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var yes = new Option<bool>("--yes") { Description = "run without confirmation" };
        var stage = new Option<string>("--stage")
        {
            Description = "pre: only NICs and bonds, before the network is up; post: the rest, after Open vSwitch is "
                + "up",
            HelpName = "pre|post",
        };
        Option<bool> all = PlanText.Verbose();
        stage.AcceptOnlyFromAmong("pre", "post");
        var command = new Command("apply", "make this host match the configuration") { saved, yes, stage, all };
        command.SetAction(async (parsed, cancellation) =>
        {
            Stage part = parsed.GetValue(stage) switch { "pre" => Stage.Pre, "post" => Stage.Post, _ => Stage.All };
            var session = Session.OpenConfigured(
                parsed, globals, part == Stage.Pre ? Session.DatabaseOfBoot : Session.Database);
            if (session is null)
            {
                return ExitStatus.Usage;
            }

            SavedPlan? shown = null;
            if (parsed.GetValue(saved) is { } file)
            {
                if (part != Stage.All)
                {
                    Output.Error("a saved plan is of all stages: use FILE without --stage");
                    return ExitStatus.Usage;
                }

                shown = Read(file);
                if (shown is null)
                {
                    return ExitStatus.Usage;
                }
            }

            if (part != Stage.All)
            {
                if (!BootReadiness.HasWork(session.Intent, part))
                {
                    Output.Note("the configuration manages nothing in this stage");
                    return ExitStatus.Ok;
                }

                await BootStage.AwaitAsync(session, part, cancellation);
            }

            return await new PlanRun(session, PlanRunText.Apply)
            {
                Json = parsed.GetValue(globals.Json),
                Yes = parsed.GetValue(yes),
                Verbose = parsed.GetValue(all),
                Stage = part,
                Saved = shown,
            }.RunAsync(cancellation);
        });
        return command;
    }

    /// <summary>Reads a saved plan; null when it is none, which has then been said.</summary>
    private static SavedPlan? Read(string file)
    {
        Reading<SavedPlan> read = LiveFiles.Instance.Bytes(Path.GetFullPath(file), SavedPlan.MaxBytes)
            .Then(bytes => SavedPlan.Parse(file, bytes));
        if (!read.IsKnown)
        {
            Output.Error(read.Why);
        }

        return read.ValueOrDefault();
    }
}
