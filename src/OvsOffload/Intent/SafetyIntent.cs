namespace OvsOffload.Intent;

/// <summary>What must not be disrupted, beyond what is held by a guest (which never is).</summary>
internal sealed record SafetyIntent
{
    /// <summary>Key <c>protect</c>.</summary>
    public ProtectionKind Protect { get; init; } = ProtectionKind.Auto;

    /// <summary>The interfaces of <see cref="ProtectionKind.List"/>, at least one; otherwise empty.</summary>
    public IReadOnlyList<string> ProtectedInterfaces { get; init; } = [];

    /// <summary>Where each key stands.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}

/// <summary>How the protected interfaces are found.</summary>
internal enum ProtectionKind
{
    /// <summary>What carries the default route or the SSH connection, and what these stand on. The default.</summary>
    Auto,

    /// <summary>Nothing is protected.</summary>
    None,

    /// <summary>Those of <see cref="SafetyIntent.ProtectedInterfaces"/>.</summary>
    List,
}
