using System.Collections.Immutable;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>What is to be done, in order, so that the host becomes as the operator means it.</summary>
/// <param name="Steps">The steps; empty when everything is as wanted.</param>
/// <param name="Objections">
/// What speaks against it. The steps are those that none of them concerns; where one concerns the whole host, none is
/// run.
/// </param>
/// <param name="Pending">What stays to be done outside of this plan: a restart, a reboot.</param>
internal sealed record Plan(
    ImmutableArray<Step> Steps,
    ImmutableArray<Objection> Objections,
    ImmutableArray<string> Pending)
{
    /// <summary>What an operator should know, and what changes nothing: neither the steps nor the exit
    /// status.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What is left out because of the objections.</summary>
    public LeftOut LeftOut { get; init; } = LeftOut.Nothing;

    /// <summary>Whether the objections leave something of what is wanted, be there steps for it or not.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Whether an objection concerns the whole host, so that no step may be run.</summary>
    public bool IsRefused => Objections.Any(objection => objection.Concern is null);

    /// <summary>Whether there is nothing to do and nothing to wait for.</summary>
    public bool IsEmpty => Steps.IsEmpty && Objections.IsEmpty && Pending.IsEmpty;
}

/// <summary>One step of a plan.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Why">The reason, in one sentence.</param>
/// <param name="Disrupts">What people will notice while or after it is done; empty when nothing.</param>
internal sealed record Step(StepAction Action, string Why, ImmutableArray<string> Disrupts)
{
    /// <summary>Identifies the step in this plan: its kind and its object.</summary>
    public string Id => $"{Action.Kind}:{Action.Object}";

    /// <summary>How it is undone, for people.</summary>
    public string Undo => Inverse.Describe(Action);
}

/// <summary>A reason not to run a plan, or a part of it.</summary>
/// <param name="Kind">What kind of reason, which decides the exit status.</param>
/// <param name="Object">The object concerned.</param>
/// <param name="Text">The reason and what to do about it, for people.</param>
/// <param name="Position">Where in the configuration it was asked for.</param>
internal sealed record Objection(ObjectionKind Kind, string Object, string Text, SourcePosition? Position)
{
    /// <summary>What it stands in the way of; null where that is the whole host.</summary>
    public Concern? Concern { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Position is null ? $"{Object}: {Text}" : $"{Position}: {Object}: {Text}";
}

/// <summary>Why a plan may not be run.</summary>
internal enum ObjectionKind
{
    /// <summary>The configuration does not fit this host: exit 2.</summary>
    Configuration,

    /// <summary>It would disrupt what is held or protected: exit 4.</summary>
    Refused,

    /// <summary>Something needed could not be read or does not answer: exit 1.</summary>
    Unreadable,

    /// <summary>The driver, firmware or kernel cannot do it: exit 1.</summary>
    Unsupported,
}

/// <summary>Which part of the way to the goal is wanted.</summary>
internal enum Stage
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Before the network is up: NICs only.</summary>
    Pre,

    /// <summary>After Open vSwitch is up: the rest.</summary>
    Post,
}
