using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>How one backend stands to the decision.</summary>
/// <param name="Backend">The backend.</param>
internal sealed record BackendStatus(SecurityGroupBackend Backend)
{
    /// <summary>The backend's word in the configuration.</summary>
    public string Word => Backend.ToString().ToLowerInvariant();

    /// <summary>What has to be done; null when nothing has.</summary>
    public AgentAction? Action { get; init; }

    /// <summary>Why it is unknown, or cannot be done by ovs-offload; null when neither.</summary>
    public string? Problem { get; init; }

    /// <summary>Something to know beside it; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What was read, with its value.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>What stays to be done by hand once the action is run; null for nothing.</summary>
    public string? ManualFollowUp { get; init; }

    /// <summary>
    /// Whether it differs in a way that ovs-offload does not change: <see cref="Problem"/> says who has to.
    /// </summary>
    public bool IsOverridden { get; init; }

    /// <summary>Whether it differs from the decision; null where that is unknown.</summary>
    public bool? HasDrift => IsOverridden ? true : Problem is not null ? null : Action is not null;
}
