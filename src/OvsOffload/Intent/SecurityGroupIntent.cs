namespace OvsOffload.Intent;

/// <summary>
/// Whether security groups, which need connection tracking, stay on where the NICs cannot offload it.
/// </summary>
internal sealed record SecurityGroupIntent
{
    /// <summary>Key <c>policy</c>.</summary>
    public SecurityGroupPolicy Policy { get; init; } = SecurityGroupPolicy.Auto;

    /// <summary>Key <c>backends</c>: what is told; without one nothing is changed, only said.</summary>
    public IReadOnlyList<SecurityGroupBackend> Backends { get; init; } = [];

    /// <summary>Where each key stands.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}

/// <summary>When security groups are switched off.</summary>
internal enum SecurityGroupPolicy
{
    /// <summary>
    /// Where a NIC of the set is older than ConnectX-6, or the kernel offloads no connection tracking. The default.
    /// </summary>
    Auto,

    /// <summary>Never.</summary>
    Keep,

    /// <summary>Always.</summary>
    Disable,
}

/// <summary>Whose security groups are switched.</summary>
internal enum SecurityGroupBackend
{
    /// <summary>The host agent of Cloudpods.</summary>
    Cloudpods,

    /// <summary>The Open vSwitch agent of OpenStack Neutron.</summary>
    Neutron,

    /// <summary>A command of the operator's.</summary>
    Command,
}
