namespace OvsOffload.Intent;

/// <summary>What the operator wants of one bond of uplinks.</summary>
internal sealed record BondIntent
{
    /// <summary>Key <c>name</c>, required: the interface's name, up to 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Key <c>profile</c>, required: the name of a bond profile, without a folder and without <c>.yaml</c>.
    /// </summary>
    public required string Profile { get; init; }

    /// <summary>That profile; null where profiles were not looked up.</summary>
    public BondProfile? Settings { get; init; }

    /// <summary>Key <c>members</c>, required: 1 to 8 PFs, each one also under <c>nics</c>.</summary>
    public required IReadOnlyList<PfReference> Members { get; init; }

    /// <summary>Key <c>vf-lag</c>.</summary>
    public VfLagRequirement VfLag { get; init; } = VfLagRequirement.Preferred;

    /// <summary>Key <c>mtu</c> in bytes, 68 to 65535; null leaves it as it is.</summary>
    public int? Mtu { get; init; }

    /// <summary>Key <c>managed</c>.</summary>
    public Management Managed { get; init; } = Management.Full;

    /// <summary>Where each key stands.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}

/// <summary>What it means when the NIC does not take the bond into hardware (VF-LAG).</summary>
internal enum VfLagRequirement
{
    /// <summary>The bond goes on in software, with a warning. The default.</summary>
    Preferred,

    /// <summary>The bond has failed.</summary>
    Required,
}
