using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>
/// A step on the configuration of another agent. It carries the whole content before and after, so it is run
/// only while the content is still the one that was decided on, and its inverse is known. What it changes has a record
/// of its own (<see cref="AgentFileRecord"/>).
/// </summary>
internal abstract record AgentAction : StepAction
{
    /// <summary>What is known of earlier changes before the step.</summary>
    public AgentFileRecord? RecordFrom { get; init; }

    /// <summary>What is known of changes after it; null when nothing is left of them.</summary>
    public AgentFileRecord? RecordTo { get; init; }

    /// <summary>For whom.</summary>
    public required SecurityGroupBackend Backend { get; init; }

    /// <summary>What holds after it, for people.</summary>
    public required string Description { get; init; }

    /// <summary>What held before it, for people.</summary>
    public required string PreviousDescription { get; init; }

    /// <summary>How the agent takes it up, as arguments; empty where it does so by itself.</summary>
    public ImmutableArray<string> Restart { get; init; } = [];

    public override string Summary => $"{Object}: {Description}"
        + (Restart.IsEmpty ? "" : $", and restart the agent ({string.Join(' ', Restart)})");

    public override Scope Scope => Scope.Agents;

    public override ImmutableArray<StepAction> Inverse =>
    [
        WithContentSwapped() with
        {
            RecordFrom = RecordTo,
            RecordTo = RecordFrom,
            Description = PreviousDescription,
            PreviousDescription = Description,
        },
    ];

    /// <summary>Nothing: it takes back itself what it did, and keeps a record of what it could not.</summary>
    public override ImmutableArray<StepAction> InverseOfFailed => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;

    /// <summary>The same step with the content before it and after it exchanged.</summary>
    protected abstract AgentAction WithContentSwapped();
}
