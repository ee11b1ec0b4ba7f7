using OvsOffload.Cli;
using OvsOffload.Cli.Commands;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Page;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.Verifying;
using FlowFacts = OvsOffload.Metrics.FlowFacts;

namespace OvsOffload.Tests.Cli;

/// <summary>What the outputs say of a host: the exit status and the words of each.</summary>
internal sealed record Told(string Output, int Status, string Words)
{
    /// <summary>Sentences that say that all is well.</summary>
    private static readonly string[] Green =
    [
        "no problems found", "no errors or warnings", "matches the configuration", "Nothing to do", "all is well",
        "flows are offloaded", "flow is offloaded",
    ];

    /// <summary>The same with a word before them that takes it back.</summary>
    private static readonly string[] NotGreen =
    [
        "nknown whether the host matches the configuration", "not known whether all is well",
        "partly matches the configuration",
    ];

    /// <summary>Whether it says, or lets a script think, that all is well.</summary>
    public bool IsGreen => Status == 0 || GreenWords.Any();

    private IEnumerable<string> GreenWords
    {
        get
        {
            string words = NotGreen.Aggregate(
                Words, (text, phrase) => text.Replace(phrase, "", StringComparison.Ordinal));
            return Green.Where(phrase => words.Contains(phrase, StringComparison.Ordinal));
        }
    }

    /// <summary>What <c>verify</c> says.</summary>
    public static Told ByVerify(Observation input)
    {
        var report = VerifyReport.Of(input, Checks.All);
        return new(
            "verify", ExitStatus.Of(report),
            string.Join('\n', VerifyText.Lines(report).Select(line => line.Text)));
    }

    /// <summary>What <c>status</c> says.</summary>
    public static Told ByStatus(Observation input) => new(
        "status", ExitStatus.Of(input),
        StatusCommand.Standing(PlanOf(input), !UnreadFacts.Of(input).IsEmpty));

    /// <summary>What <c>plan</c> says.</summary>
    public static Told ByPlan(Observation input)
    {
        Plan plan = Planner.Plan(input.Intent, input.State);
        return new("plan", ExitStatus.Of(plan), PlanText.Verdict(plan, PlanRunText.Apply));
    }

    /// <summary>What the status page has in its headline and its tiles; it has no exit status.</summary>
    public static Told ByPage(Observation input)
    {
        var time = new FakeTime();
        var views = new StatusViews(
            () => new ReconcileStatus(input, Planner.Plan(input.Intent, input.State), LastApply: null),
            () => new ServiceIntent(input.Intent, Configured: input.Intent.Manages, ReloadSucceeded: true),
            () => new FlowFacts("not of this test", [], new HashSet<string>()),
            () => Reading.Known(VerifyReport.Of(input, Checks.All)),
            new OffloadHistory(time),
            time);
        return new("page", ExitStatus.Failed, StatusPage.Of(views.Now()));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Output} exits {Status} and says {string.Join(", ", GreenWords)}";

    private static Plan? PlanOf(Observation input) =>
        input.Intent.Manages ? Planner.Plan(input.Intent, input.State) : null;
}
