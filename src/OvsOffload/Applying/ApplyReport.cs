using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>What an apply did.</summary>
/// <param name="Steps">
/// Every step that was begun, with what came of it, in the order in which they were reached.
/// </param>
/// <param name="Objections">Why nothing was run, or why a NIC, or Open vSwitch, was left out on the way.</param>
/// <param name="Failures">
/// What else went wrong: one text for each NIC, or Open vSwitch, that did not reach the goal.
/// </param>
/// <param name="NotUndone">What could not be undone after a failure.</param>
/// <param name="Pending">What stays to be done outside: a restart.</param>
/// <param name="Reached">Whether any NIC, or Open vSwitch, matches the configuration.</param>
internal sealed record ApplyReport(
    ImmutableArray<StepReport> Steps,
    ImmutableArray<Objection> Objections,
    ImmutableArray<string> Failures,
    ImmutableArray<string> NotUndone,
    ImmutableArray<string> Pending,
    bool Reached)
{
    /// <summary>What could not be read at the end: more may have to be done.</summary>
    public ImmutableArray<UnreadFact> Unread { get; init; } = [];

    /// <summary>Steps that did not run because they were in no plan that was shown; the run ended there.</summary>
    public ImmutableArray<Step> Unshown { get; init; } = [];

    /// <summary>Whether nothing failed and nothing was left out.</summary>
    public bool Succeeded => Objections.IsEmpty && Failures.IsEmpty && Unshown.IsEmpty;

    /// <summary>Whether it is known that the host matches the configuration.</summary>
    public bool IsKnownToMatch => Succeeded && Unread.IsEmpty;

    /// <summary>How many steps were undone.</summary>
    public int Undone => Steps.Count(step => step.Result == StepResult.Undone);
}

/// <summary>A step of an apply that is about to run.</summary>
/// <param name="Step">The step.</param>
/// <param name="Number">Which step of the run it is, from 1.</param>
/// <param name="Total">
/// How many there are, as far as is known now: after a refusal, or when more shows on the way, there are others.
/// </param>
internal sealed record StepStart(Step Step, int Number, int Total);

/// <summary>One step of an apply.</summary>
/// <param name="Step">The step.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Error">Why it failed; null otherwise.</param>
internal sealed record StepReport(Step Step, StepResult Result, string? Error);
