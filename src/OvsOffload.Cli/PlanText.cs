using System.Collections.Immutable;
using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Cli;

/// <summary>A plan for people.</summary>
internal static class PlanText
{
    /// <summary><c>--verbose</c> of the commands that show a plan.</summary>
    public static Option<bool> Verbose() => new("--verbose", "-v")
    {
        Description = "show every step by itself, not the same step of several VFs as one",
    };

    /// <summary>Writes the steps to standard output and the objections to standard error.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="words">How the command speaks of itself.</param>
    /// <param name="all">Whether every step stands by itself, and not the same of several VFs in one.</param>
    public static void Write(Plan plan, PlanRunText words, bool all)
    {
        foreach (Objection objection in plan.Objections)
        {
            Output.Error(objection.ToString());
        }

        ImmutableArray<Step> steps = plan.IsRefused ? [] : plan.Steps;
        foreach (string line in (all ? StepGroup.Singly(steps) : StepGroup.Of(steps)).SelectMany(Lines))
        {
            Output.Result(line);
        }

        foreach (string pending in plan.Pending)
        {
            Output.Result($"  pending: {pending}");
        }

        foreach (string note in plan.Notes)
        {
            Output.Result($"  note: {note}");
        }

        // Of a plan that is refused as a whole nothing runs, whatever the rest of the host is like: one clear error.
        WriteUnread(plan.IsRefused ? [] : plan.Unread);
        Output.Result(Verdict(plan, words));
    }

    /// <summary>The lines of one entry.</summary>
    public static IEnumerable<string> Lines(StepGroup group) =>
    [
        $"{(group.First == group.Last ? $"{group.First}" : $"{group.First}-{group.Last}"),3}. {group.Summary}",
        $"     why: {group.Why}",
        .. group.Disrupts.Select(disruption => $"     disrupts: {disruption}"),
        $"     undo: {group.Undo}",
    ];

    /// <summary>What the plan comes to, in one sentence.</summary>
    public static string Verdict(Plan plan, PlanRunText words) => plan switch
    {
        { IsRefused: true } or { Objections.IsEmpty: false, IsPartial: false } =>
            $"Plan refused: {Problems(plan)} above. Nothing will be changed.",
        { Objections.IsEmpty: false, Steps.IsEmpty: true } =>
            $"Nothing to run. {Skipped(plan)}",
        { Objections.IsEmpty: false } =>
            $"{Count(plan)} to run: ovs-offload {words.Command}. {Skipped(plan)}",
        { Steps.IsEmpty: true, Unread.IsEmpty: false } =>
            "No steps to run, but not everything could be read: more may have to be done (see above).",
        { Steps.IsEmpty: true, Pending.IsEmpty: true } => $"Nothing to do: {words.NothingToDo}.",
        { Steps.IsEmpty: true } => "No steps to run; manual action pending (see above).",
        _ => $"{Count(plan)} to run: ovs-offload {words.Command}",
    };

    /// <summary>Says what could not be read; on a host that answers nothing, not hundreds of lines.</summary>
    private static void WriteUnread(ImmutableArray<UnreadFact> unread)
    {
        const int Most = 8;
        foreach (UnreadFact fact in unread.Take(Most))
        {
            Output.Error($"cannot read {fact}");
        }

        if (unread.Length > Most)
        {
            Output.Error($"cannot read {unread.Length - Most} more facts (see --json)");
        }
    }

    private static string Skipped(Plan plan) =>
        $"Skipped because of {Problems(plan)} above: {string.Join(", ", plan.Skipped.Names)}.";

    private static string Problems(Plan plan) =>
        plan.Objections.Length == 1 ? "the problem" : $"the {plan.Objections.Length} problems";

    private static string Count(Plan plan) => plan.Steps.Length == 1 ? "1 step" : $"{plan.Steps.Length} steps";
}
