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

    /// <summary>Key <c>cloudpods</c>: for which hosts the backend of that name sets it.</summary>
    public CloudpodsReach Cloudpods { get; init; } = CloudpodsReach.Host;

    /// <summary>Key <c>neutron-driver</c>: the firewall driver that is left to the other ports.</summary>
    public NeutronFirewall NeutronDriver { get; init; } = NeutronFirewall.Noop;

    /// <summary>Key <c>restart-command</c>: how the agent is restarted; empty to find it.</summary>
    public IReadOnlyList<string> RestartCommand { get; init; } = [];

    /// <summary>Key <c>command</c>: the site's program and its arguments, for the backend of that name.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

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

/// <summary>Which hosts a change in Cloudpods reaches.</summary>
internal enum CloudpodsReach
{
    /// <summary>This one: <c>/etc/yunion/host_local.conf</c>, which overrides every other file. The default.</summary>
    Host,

    /// <summary>All of them: the ConfigMap <c>default-host</c>, by kubectl.</summary>
    Cluster,
}

/// <summary>Neutron's firewall driver where security groups are not to be conntrack flows of Open vSwitch.</summary>
internal enum NeutronFirewall
{
    /// <summary>No port of the host is filtered. The default.</summary>
    Noop,

    /// <summary>Ports with a tap device are filtered by iptables on a bridge of their own; VFs are not.</summary>
    IptablesHybrid,
}
