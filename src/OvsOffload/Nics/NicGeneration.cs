namespace OvsOffload.Nics;

/// <summary>What a NIC may be able to do in hardware; the word in the file is the name in lower case with
/// dashes.</summary>
internal enum NicFeature
{
    /// <summary>Open vSwitch flows through tc flower.</summary>
    Flower,

    /// <summary>VLAN push and pop.</summary>
    Vlan,

    /// <summary>VXLAN and its kin, in and out.</summary>
    Tunnels,

    /// <summary>Set fields of headers, NAT included.</summary>
    HeaderRewrite,

    /// <summary>Conntrack: ct matches and actions.</summary>
    ConnectionTracking,

    /// <summary>One flow to as many as 32 ports.</summary>
    ManyDestinations,

    /// <summary>A bond of the two ports below one e-switch.</summary>
    VfLag,

    /// <summary>The bond's port is chosen by hash in the card, flow by flow.</summary>
    HashLag,

    /// <summary>One e-switch over several ports without a bond.</summary>
    MultiportEswitch,

    /// <summary>Police actions and OpenFlow meters.</summary>
    Meters,

    /// <summary>Police actions that look at a packet's length: Open vSwitch's check_pkt_len.</summary>
    PoliceMtu,

    /// <summary>VFs of both ports of a card below one e-switch: a flow from a VF to one of the other port.</summary>
    MergedEswitch,

    /// <summary>sFlow by psample.</summary>
    Sampling,

    /// <summary>A tunnel's endpoint on a bridge of Open vSwitch instead of the uplink.</summary>
    TunnelOnInternalPort,
}

/// <summary>How well something works.</summary>
internal enum SupportLevel
{
    /// <summary>Nobody has written it down.</summary>
    Undocumented,

    None,

    /// <summary>Works, but is limited, or is not recommended.</summary>
    Limited,

    Full,
}

/// <summary>What <c>security-groups: auto</c> does for a NIC.</summary>
internal enum SecurityGroupClass
{
    Keep,

    /// <summary>Keep, and say that it is contested.</summary>
    Warn,

    Disable,
}

/// <summary>What the hardware of one generation of NICs can do.</summary>
internal sealed record NicGeneration
{
    public required string Name { get; init; }

    public required NicDriver Driver { get; init; }

    /// <summary>First number of the firmware's version; null where unknown.</summary>
    public int? FirmwareMajor { get; init; }

    /// <summary>The network part of a DPU: on its host the e-switch may belong to the DPU's own processors.</summary>
    public bool IsDpu { get; init; }

    /// <summary>Most VFs of a PF that hardware and driver take; null where only the firmware knows.</summary>
    public int? MaxVfs { get; init; }

    /// <summary>Most VFs in the firmware's setting with which VF-LAG is offered; null without such a limit.</summary>
    public int? MaxVfsForLag { get; init; }

    public required ModeChangeRule ModeChange { get; init; }

    /// <summary>Whether the VF's driver has to put headers up to the transport layer into the descriptor
    /// (MLX5_INLINE_MODE_TCP_UDP) before flows can match on ports.</summary>
    public bool NeedsInlineTransport { get; init; }

    /// <summary>Whether devlink's encap mode can be switched.</summary>
    public bool HasEncapMode { get; init; }

    /// <summary>Values of flow_steering_mode, the best first; empty where there is no such setting.</summary>
    public IReadOnlyList<string> SteeringModes { get; init; } = [];

    /// <summary>Bond modes that make a VF-LAG, in the kernel's words.</summary>
    public IReadOnlyList<string> LagModes { get; init; } = [];

    public SecurityGroupClass SecurityGroups { get; init; }

    public IReadOnlyDictionary<NicFeature, SupportLevel> Features { get; init; } =
        new Dictionary<NicFeature, SupportLevel>();

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How well the hardware does something; the kernel and the firmware have their own say.</summary>
    public SupportLevel this[NicFeature feature] => Features.GetValueOrDefault(feature);
}
