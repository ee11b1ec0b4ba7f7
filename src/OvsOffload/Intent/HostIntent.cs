namespace OvsOffload.Intent;

/// <summary>
/// What the operator wants of this host: the content of config.yaml, checked as far as that is possible without looking
/// at the host. What is not stated is left alone.
/// </summary>
internal sealed record HostIntent
{
    /// <summary>
    /// The intent of a host without a configuration file: nothing is managed, metrics are served at their default
    /// place.
    /// </summary>
    public static HostIntent Observe { get; } = new();

    /// <summary>Key <c>nics</c>, in the file's order; no PF twice as far as the text tells.</summary>
    public IReadOnlyList<NicIntent> Nics { get; init; } = [];

    /// <summary>
    /// Key <c>bonds</c>, in the file's order; names are unique, members stand under <see cref="Nics"/>.
    /// </summary>
    public IReadOnlyList<BondIntent> Bonds { get; init; } = [];

    /// <summary>Key <c>bridges</c>, in the file's order; names are unique.</summary>
    public IReadOnlyList<BridgeIntent> Bridges { get; init; } = [];

    /// <summary>Key <c>openvswitch</c>.</summary>
    public OpenVSwitchIntent OpenVSwitch { get; init; } = new();

    /// <summary>Key <c>security-groups</c>.</summary>
    public SecurityGroupIntent SecurityGroups { get; init; } = new();

    /// <summary>Key <c>metrics</c>.</summary>
    public MetricsIntent Metrics { get; init; } = new();

    /// <summary>Key <c>safety</c>.</summary>
    public SafetyIntent Safety { get; init; } = new();

    /// <summary>
    /// Whether it wants anything of the host that the program would change; a file with nothing but metrics observes.
    /// </summary>
    public bool Manages =>
        Nics.Any(nic => nic.Managed == Management.Full)
        || Bonds.Any(bond => bond.Managed == Management.Full)
        || Bridges.Any(bridge => bridge.Managed == Management.Full)
        || OpenVSwitch.Settings.Any()
        || SecurityGroups.Backends.Count > 0;

    /// <summary>Where each section stands; its own place is the file.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}
