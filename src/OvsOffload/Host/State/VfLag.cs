namespace OvsOffload.Host;

/// <summary>Whether the NIC has taken a bond into hardware.</summary>
internal enum VfLagState
{
    /// <summary>It could not be found out. The default, so that nobody takes what was not proven for active.</summary>
    Unknown = 0,

    Active,

    Inactive,
}

/// <summary>
/// What is proven of a bond's VF-LAG. The kernel refuses VF-LAG silently, so only what the driver shows counts, and
/// where it shows nothing the answer is that nobody can tell.
/// </summary>
/// <param name="State">What is proven.</param>
/// <param name="Evidence">What was read: a file with its content, a line of the kernel's log; empty where nothing
/// was.</param>
/// <param name="Why">Why it is inactive, or cannot be told; null where it is active.</param>
internal sealed record VfLag(VfLagState State, string Evidence, string? Why)
{
    /// <summary>It is in hardware.</summary>
    public static VfLag Active(string evidence) => new(VfLagState.Active, evidence, null);

    /// <summary>It is not.</summary>
    public static VfLag Inactive(string why, string evidence) => new(VfLagState.Inactive, evidence, why);

    /// <summary>Nobody can tell.</summary>
    public static VfLag Undetermined(string why) => new(VfLagState.Unknown, "", why);

    /// <inheritdoc/>
    public override string ToString() => State switch
    {
        VfLagState.Active => $"active ({Evidence})",
        VfLagState.Inactive => $"inactive: {Why} ({Evidence})",
        _ => $"unknown: {Why}",
    };
}
