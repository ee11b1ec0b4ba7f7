using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Cli.Commands;

/// <summary><c>plan</c>: prints the steps from what is to what is wanted.</summary>
internal static class PlanCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        Option<bool> all = PlanText.Verbose();
        var command = new Command("plan", "show what apply would change; change nothing") { all };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed, globals, parsed.GetValue(all), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, bool all, CancellationToken cancellation)
    {
        if (Session.OpenConfigured(parsed, globals) is not { } session)
        {
            return ExitStatus.Usage;
        }

        HostState state = await session.Reader.ReadAsync(cancellation);
        Plan plan = Planner.Plan(session.Intent, state);
        if (parsed.GetValue(globals.Json))
        {
            Output.Json(state, writer => PlanDocument.Write(writer, plan));
        }
        else
        {
            PlanText.Write(plan, PlanRunText.Apply, all);
        }

        return ExitStatus.Of(plan);
    }
}
