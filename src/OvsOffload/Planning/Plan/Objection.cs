using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>A reason not to run a plan, or a part of it.</summary>
/// <param name="Kind">What kind of reason, which decides the exit status.</param>
/// <param name="Object">The object concerned.</param>
/// <param name="Text">The reason and what to do about it, for people.</param>
/// <param name="Position">Where in the configuration it was asked for.</param>
internal sealed record Objection(ObjectionKind Kind, string Object, string Text, SourcePosition? Position)
{
    /// <summary>What it blocks; null where that is the whole host.</summary>
    public Scope? Scope { get; init; }

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
