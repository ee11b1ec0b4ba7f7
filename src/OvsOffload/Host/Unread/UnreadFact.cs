namespace OvsOffload.Host;

/// <summary>Who stands on a reading: what that one says is not known while the reading is failed.</summary>
[Flags]
internal enum NeededBy
{
    /// <summary>Nobody on this host.</summary>
    Nobody = 0,

    /// <summary>Whether the host matches the configuration: plan, apply, the service.</summary>
    Plan = 1,

    /// <summary>Whether anything is in the way of offload: the checks.</summary>
    Checks = 2,

    /// <summary>Both.</summary>
    Both = Plan | Checks,
}

/// <summary>Something that somebody needs and that could not be read.</summary>
/// <param name="What">What it is, for people: <c>e-switch of 0000:3b:00.0</c>.</param>
/// <param name="Why">Why it could not be read.</param>
/// <param name="By">Who needs it.</param>
internal sealed record UnreadFact(string What, string Why, NeededBy By)
{
    /// <summary>Whether it is one of Open vSwitch, which is not there yet while the network comes up.</summary>
    public bool IsOfSwitch { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{What}: {Why}";
}
