namespace OvsOffload.Verifying;

/// <summary>What came of a check on one object; the greater, the worse.</summary>
internal enum FindingStatus
{
    /// <summary>
    /// It could not be checked, or there is nothing to check. Never to be taken for <see cref="Ok"/>.
    /// </summary>
    Skipped,

    /// <summary>Checked, and as it should be.</summary>
    Ok,

    /// <summary>Worth knowing; nothing that is wanted suffers.</summary>
    Info,

    /// <summary>Degraded or risky.</summary>
    Warning,

    /// <summary>What is wanted does not work.</summary>
    Error,
}

/// <summary>What a check found on one object.</summary>
internal sealed record Finding
{
    /// <summary>The check.</summary>
    public required CheckInfo Check { get; init; }

    /// <summary>What came of it.</summary>
    public required FindingStatus Status { get; init; }

    /// <summary>
    /// A PF by its PCI address, with the function behind it (<c>0000:3b:00.0 vf3</c>); <c>Open vSwitch</c>,
    /// <c>kernel</c>, <c>host</c>.
    /// </summary>
    public required string Object { get; init; }

    /// <summary>What is so, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>
    /// The file, attribute or line that was read, with its value; for a skipped check why it could not be.
    /// </summary>
    public required string Evidence { get; init; }

    /// <summary>Why it is so, in one sentence; null where nothing is wrong.</summary>
    public string? Cause { get; init; }

    /// <summary>A command or setting that mends it; null where nothing is wrong.</summary>
    public string? Fix { get; init; }

    /// <summary>Whether something is wrong or worth knowing.</summary>
    public bool IsFound => Status >= FindingStatus.Info;
}
