using System.CommandLine;
using OvsOffload.Applying;
using OvsOffload.Planning;

namespace OvsOffload.Cli.Commands;

/// <summary><c>apply</c>: runs the plan.</summary>
internal static class ApplyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var yes = new Option<bool>("--yes") { Description = "run without confirmation" };
        var stage = new Option<string>("--stage")
        {
            Description = "pre: only NICs and bonds, before the network is up; post: the rest, after Open vSwitch is "
                + "up",
            HelpName = "pre|post",
        };
        Option<bool> all = PlanText.Verbose();
        stage.AcceptOnlyFromAmong("pre", "post");
        var command = new Command("apply", "make this host match the configuration") { yes, stage, all };
        command.SetAction(async (parsed, cancellation) =>
        {
            Stage part = parsed.GetValue(stage) switch { "pre" => Stage.Pre, "post" => Stage.Post, _ => Stage.All };
            var session = Session.OpenConfigured(
                parsed, globals, part == Stage.Pre ? Session.DatabaseOfBoot : Session.Database);
            if (session is null)
            {
                return ExitStatus.Usage;
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
            }.RunAsync(cancellation);
        });
        return command;
    }
}
