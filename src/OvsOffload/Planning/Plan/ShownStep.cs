using System.Collections.Immutable;

namespace OvsOffload.Planning;

/// <summary>A step as it is shown: two that read the same are the same to whoever consents to them.</summary>
/// <param name="Id">Its kind and its object.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Disrupts">What people will notice, in lines.</param>
/// <param name="Undo">How it is undone.</param>
internal sealed record ShownStep(string Id, string Summary, string Disrupts, string Undo)
{
    /// <summary>The steps that would run of a plan; none of one that is refused.</summary>
    public static ImmutableArray<ShownStep> Of(Plan plan) => plan.IsRefused ? [] : [.. plan.Steps.Select(Of)];

    private static ShownStep Of(Step step) =>
        new(step.Id, step.Action.Summary, string.Join('\n', step.Disrupts), step.Undo);
}
