using System.Collections.Immutable;
using System.Collections.ObjectModel;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;

namespace OvsOffload.Flows;

/// <summary>
/// What a host shows that bears on why flows are not offloaded; the room Host makes it of what it has read.
/// <see cref="None"/> is what is known of a dump of another host: nothing. Immutable.
/// </summary>
internal sealed record FlowReasonFacts
{
    /// <summary>Nothing is known.</summary>
    public static FlowReasonFacts None { get; } = new();

    /// <summary>Whether offload is in force; null where that is not known.</summary>
    public bool? HwOffload { get; init; }

    /// <summary>The flag of Open vSwitch's tc rules; null where that is not known.</summary>
    public TcPolicy? TcPolicy { get; init; }

    /// <summary>Whether the kernel can hand packets from tc to the datapath within a pipeline (CONFIG_NET_TC_SKB_EXT);
    /// null where that is not known.</summary>
    public bool? RecircSharing { get; init; }

    /// <summary>Whether kernel and driver have conntrack offload; null where that is not known.</summary>
    public bool? ConntrackOffload { get; init; }

    /// <summary>The version of ovs-vswitchd; null where that is not known.</summary>
    public Version? OvsVersion { get; init; }

    /// <summary>The names of ovs-vswitchd's log modules; null where it has not told them.</summary>
    public IReadOnlySet<string>? LogModules { get; init; }

    /// <summary>What is known of the daemon's log.</summary>
    public OffloadLog Log => new(OvsVersion, LogModules);

    /// <summary>The kernel by its number; null where that is not known, or proves nothing: a distribution's kernel may
    /// have what later ones brought.</summary>
    public KernelVersion? Kernel { get; init; }

    /// <summary>
    /// The connection states that Open vSwitch found tc to match on; null where its log does not say.
    /// </summary>
    public SupportedCtStates? CtStates { get; init; }

    /// <summary>What is assumed of a port that is not among <see cref="Ports"/>; null where nothing is.</summary>
    public FlowPort? Elsewhere { get; init; }

    /// <summary>The ports of all datapaths.</summary>
    public ByteKeyed<FlowPort> Ports { get; init; } = ByteKeyed<FlowPort>.Empty;

    /// <summary>
    /// Where a tunnel from or to a local address would end, by the address as Open vSwitch prints it; an address that
    /// is on no device of this host is not among them.
    /// </summary>
    public ByteKeyed<TunnelEndpoint> LocalAddresses { get; init; } = ByteKeyed<TunnelEndpoint>.Empty;

    /// <summary>What the kernel and Open vSwitch wrote into their logs, newest last.</summary>
    public ImmutableArray<LoggedRefusal> Logged { get; init; } = [];

    /// <summary>Of them, what the logs say of single flows, by the ufid.</summary>
    public IReadOnlyDictionary<UInt128, LoggedRefusal> LoggedFlows { get; init; } =
        ReadOnlyDictionary<UInt128, LoggedRefusal>.Empty;

    /// <summary>The tc filters of flows that tc took and the NIC did not; null where they were not looked up.</summary>
    public IReadOnlyDictionary<UInt128, FlowFilterFact>? Filters { get; init; }

    /// <summary>The same facts with the filters that were looked up.</summary>
    public FlowReasonFacts With(IReadOnlyDictionary<UInt128, FlowFilterFact> filters) =>
        this with { Filters = filters };
}

/// <summary>What <c>probe tc: supported ovs ct_state bits</c> says in ovs-vswitchd's log.</summary>
/// <param name="Bits">OVS_CS_F_*, include/uapi/linux/openvswitch.h.</param>
/// <param name="Line">The line, with the log's name before it.</param>
internal sealed record SupportedCtStates(ulong Bits, string Line);

/// <summary>What a port is.</summary>
internal enum FlowPortKind
{
    /// <summary>A VF's or another function's, in switchdev mode.</summary>
    Representor,

    /// <summary>A PF's own.</summary>
    Uplink,

    /// <summary>A Linux bond over uplinks.</summary>
    Bond,

    /// <summary>A bridge's own, or another of type internal.</summary>
    Internal,

    /// <summary>VXLAN, Geneve, GRE: the NIC is that of the uplink below.</summary>
    Tunnel,

    /// <summary>A device that is no part of an e-switch.</summary>
    OutsideNic,
}

/// <summary>One port of a datapath.</summary>
internal sealed record FlowPort
{
    public required string Name { get; init; }

    public required FlowPortKind Kind { get; init; }

    /// <summary>The bridge; null where none in the database has it.</summary>
    public string? Bridge { get; init; }

    /// <summary>The PF; null for what is on no NIC, and for a bond over several.</summary>
    public PciAddress? Pf { get; init; }

    /// <summary><c>vf3</c>, ..; null for what is no representor.</summary>
    public string? Function { get; init; }

    /// <summary>The NIC; of a bond its first member's.</summary>
    public NicModel? Nic { get; init; }

    /// <summary>The e-switch; null where the port has none.</summary>
    public string? SwitchId { get; init; }

    /// <summary>Whether the e-switch is in switchdev mode; null where that is not known.</summary>
    public bool? Switchdev { get; init; }

    /// <summary>Whether hw-tc-offload is on; null where that is not known.</summary>
    public bool? HwTcOffload { get; init; }

    /// <summary>Whether the ports of its card are one e-switch, by a bond (VF-LAG) or multiport; null where that is not
    /// known.</summary>
    public bool? JoinedPorts { get; init; }

    /// <summary>Why Open vSwitch keeps the port in software; null where it does not.</summary>
    public string? KeptInSoftware { get; init; }

    /// <summary>Whether the device has lost the ingress qdisc through which tc gets its flows.</summary>
    public bool LacksQdisc { get; init; }

    /// <summary>Whether tunnels may be offloaded (encap mode); null where that is not known.</summary>
    public bool? Encap { get; init; }

    /// <summary>The e-switch's inline mode, where the NIC sees no more of a packet than a VF's driver puts into the
    /// descriptor; null where it sees all, and where that is not known.</summary>
    public EswitchInlineMode? InlineMode { get; init; }

    /// <summary><c>external_ids:iface-id</c>: the port's name in the cloud.</summary>
    public string? IfaceId { get; init; }

    /// <summary><c>external_ids:vm-id</c> or <c>vm-uuid</c>: the guest.</summary>
    public string? Vm { get; init; }
}

/// <summary>Where a local address is.</summary>
/// <param name="Device">The device.</param>
/// <param name="OnUplink">Whether that is an uplink, a bond of uplinks, or a VLAN above one.</param>
/// <param name="Internal">Whether that is a port of Open vSwitch itself.</param>
internal sealed record TunnelEndpoint(string Device, bool OnUplink, bool Internal)
{
    /// <summary>For people.</summary>
    public string Words { get; } = $"the address is on {Device}";
}

/// <summary>A refusal that stands in a log.</summary>
/// <param name="Reason">What it means.</param>
/// <param name="Device">The netdev that it speaks of; null where it names none.</param>
/// <param name="Pf">The PF that it speaks of; null where it names none.</param>
/// <param name="Line">The line, with the log's name before it.</param>
/// <param name="ByNic">Whether the NIC's driver says so; else Open vSwitch or tc.</param>
internal sealed record LoggedRefusal(FlowReason Reason, string? Device, PciAddress? Pf, string Line, bool ByNic)
{
    /// <summary>
    /// Whether it speaks of packets from that device to one other: of other flows from there it says nothing.
    /// </summary>
    public bool IsOfPair { get; init; }
}

/// <summary>What the kernel says of a flow's tc filter.</summary>
/// <param name="Words">For people: <c>tc filter on eth5, pref 2, handle 0x1: not_in_hw</c>.</param>
/// <param name="SkipHardware">It was asked to stay out of the NIC.</param>
/// <param name="InHardware">It is in the NIC by now.</param>
internal sealed record FlowFilterFact(string Words, bool SkipHardware, bool InHardware);
