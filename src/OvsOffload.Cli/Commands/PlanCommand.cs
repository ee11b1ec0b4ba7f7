using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Cli.Commands;

/// <summary><c>plan</c>: prints the steps from what is to what is wanted.</summary>
internal static class PlanCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        Option<bool> all = PlanText.Verbose();
        var output = new Option<string?>("--out")
        {
            Description = "save the plan, for apply FILE",
            HelpName = "FILE",
        };
        FileOption.RefuseEmpty(output);
        var command = new Command("plan", "show what apply would change; change nothing") { output, all };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed, globals, parsed.GetValue(output), parsed.GetValue(all), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, string? output, bool all, CancellationToken cancellation)
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

        return output is null || TrySave(output, state, plan) ? ExitStatus.Of(plan) : ExitStatus.Failed;
    }

    /// <summary>Saves a plan that can be applied; whether nothing went wrong.</summary>
    private static bool TrySave(string file, HostState state, Plan plan)
    {
        if (plan.IsRefused)
        {
            Output.Note($"{file} was not written, because nothing of this plan would run");
            return true;
        }

        using var content = new MemoryStream();
        Document.Write(content, state.HostName, state.ReadAt, writer => PlanDocument.Write(writer, plan));
        try
        {
            AtomicFile.Write(
                Path.GetFullPath(file), content.ToArray(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Output.Error($"cannot write {file}: {ErrnoText.Describe(failure)}");
            return false;
        }

        Output.Note($"saved to {file}; run it, and nothing else, with: ovs-offload apply {file}");
        return true;
    }
}
