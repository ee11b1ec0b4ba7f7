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
        var command = new Command("plan", "show what apply would change; change nothing");
        command.SetAction((parsed, cancellation) => RunAsync(parsed, globals, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, CancellationToken cancellation)
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
            PlanText.Write(plan, PlanRunText.Apply);
        }

        return ExitStatus.Of(plan);
    }
}
