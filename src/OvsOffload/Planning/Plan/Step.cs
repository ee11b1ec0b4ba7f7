using System.Collections.Immutable;

namespace OvsOffload.Planning;

/// <summary>One step of a plan.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Why">The reason, in one sentence.</param>
/// <param name="Disrupts">What people will notice while or after it is done; empty when nothing.</param>
internal sealed record Step(StepAction Action, string Why, ImmutableArray<string> Disrupts)
{
    /// <summary>Identifies the step in this plan: its kind and its object.</summary>
    public string Id => $"{Action.Kind}:{Action.Object}";

    /// <summary>How it is undone, for people.</summary>
    public string Undo => Action.Undo;
}
