namespace OvsOffload.Flows;

/// <summary>
/// Why a flow is not offloaded: a closed list, <see cref="FlowReasons"/> says what each means. Where several apply, the
/// one that stands first here is told: first what concerns every flow, then what no hardware could do, then what Open
/// vSwitch does not hand over, then what the NIC refuses, and last what only says that it was refused.
/// </summary>
internal enum FlowReason : byte
{
    HwOffloadOff,
    TcPolicySkipHw,

    SlowPath,
    Controller,
    Sampling,
    Userspace,

    FromInternalPort,
    ToInternalPort,
    FromPortOutsideNic,
    ToPortOutsideNic,
    ToItself,
    BetweenUplinks,
    DifferentNics,
    PortsNotBonded,
    SwitchdevOff,
    HwTcOffloadOff,
    PortKeptInSoftware,

    TooManyOutputs,
    TooManyActions,
    HashAction,
    LbOutput,
    Clone,
    Truncation,
    EthernetHeader,
    Nsh,
    AddMpls,
    DecTtl,
    UserspaceTunnel,
    UnsupportedSet,
    UnsupportedAction,
    CtHelper,

    Ipv6Fragments,
    FragmentRewrite,
    DpHash,
    SkbMark,
    SkbPriority,
    PacketType,
    PartialVlan,
    MplsStack,
    UnsupportedMatch,
    RecircSharing,
    RecircIdTooLarge,
    CtKernel,

    CtState,
    CheckPktLen,

    CtIcmp,
    CtSkipSoftware,
    CtAfterSet,
    CtMirror,
    CtNic,
    Meter,
    TunnelAddress,
    TunnelPort,
    TunnelOptions,
    EncapOff,

    TableFull,
    IngressQdiscMissing,
    InlineMode,
    MissingChain,
    Vlan,
    NicKey,
    NicAction,
    SkipHardwareFlag,

    NicRefused,
    KernelRefused,
    PartialActions,
    UserspaceDatapath,
    ProviderRefused,
    NewConnection,
    TooNew,
    FollowOn,
    NothingInTc,
    Unknown,
}

/// <summary>Who says so.</summary>
internal enum ReasonSource : byte
{
    /// <summary>It follows from the flow and from what is known of the host.</summary>
    Inferred,

    /// <summary>The kernel or the driver said so: in a log, or by the flags of the tc filter.</summary>
    Kernel,

    /// <summary>The switch said so, in the flow's line: OVS-DOCA's <c>dp-offload-info</c>.</summary>
    Switch,
}
