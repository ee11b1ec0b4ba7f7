using System.Collections.Immutable;

namespace OvsOffload.Flows;

/// <summary>What a reason means.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Word">Its name in metrics and documents.</param>
/// <param name="IsFault">Whether such a flow should be offloaded; false where it lies in the nature of the
/// flow.</param>
/// <param name="Check">The check of <c>verify</c> that says more; null without one.</param>
/// <param name="Sentence">What it means.</param>
/// <param name="Change">What to change.</param>
internal sealed record FlowReasonInfo(
    FlowReason Reason, string Word, bool IsFault, string? Check, string Sentence, string Change);

/// <summary>The closed list of reasons.</summary>
internal static class FlowReasons
{
    private const string Rules = "change the OpenFlow rules so that they do without it";
    private const string RulesOrNic = Rules + ", or use a NIC and driver that can";
    private const string Nothing = "nothing: such packets need the CPU";

    private static readonly ImmutableArray<FlowReasonInfo> Table = Sorted(
    [
        new(FlowReason.HwOffloadOff, "hw_offload_off", true, "O01",
            "hw-offload is not configured in Open vSwitch, or has not taken it up.",
            "ovs-vsctl set Open_vSwitch . other_config:hw-offload=true"),
        new(FlowReason.TcPolicySkipHw, "tc_policy_skip_hw", true, "O03",
            "tc-policy=skip_hw keeps every rule out of the NIC.",
            "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none, and restart ovs-vswitchd"),

        new(FlowReason.SlowPath, "slow_path", false, null,
            "Open vSwitch handles these packets itself (LACP, BFD, ARP snooping, an action that the datapath lacks).",
            Nothing),
        new(FlowReason.Controller, "controller", false, null,
            "The packets go up to an OpenFlow controller.",
            "nothing where the controller has to see them; else a rule of its own for the traffic"),
        new(FlowReason.Sampling, "sampling", true, "O21",
            "sFlow, IPFIX or a sample action copies packets to the CPU.",
            "remove sFlow, NetFlow and IPFIX from the bridge: ovs-vsctl clear Bridge BRIDGE sflow ipfix netflow"),
        new(FlowReason.Userspace, "userspace", false, null, "The packets go up to ovs-vswitchd.", Nothing),

        new(FlowReason.FromInternalPort, "from_internal_port", false, null,
            "The packets come from a bridge's internal port, from the host itself.",
            "nothing for the host's own traffic; guests' traffic must come in at a representor"),
        new(FlowReason.ToInternalPort, "to_internal_port", false, "O35",
            "The packets go to a bridge's internal port, to the host itself, or are flooded to all ports.",
            "nothing for the host's own traffic and for broadcasts; unicast that is flooded needs MAC learning"),
        new(FlowReason.FromPortOutsideNic, "from_port_outside_nic", false, null,
            "The packets come from a port that belongs to no NIC with an e-switch (tap, veth, a NIC in legacy mode).",
            "give the guest a VF, and plug its representor"),
        new(FlowReason.ToPortOutsideNic, "to_port_outside_nic", false, null,
            "The packets go to a port that belongs to no NIC with an e-switch (tap, veth, a NIC in legacy mode).",
            "give the guest a VF, and plug its representor"),
        new(FlowReason.ToItself, "to_itself", true, "O12",
            "The flow goes back to the port that it came from.",
            "look for a loop in the bridge's rules"),
        new(FlowReason.BetweenUplinks, "between_uplinks", false, "O12",
            "The flow goes from one uplink to another: the NIC switches between guests and an uplink only.",
            "bond the two ports, or do without transit traffic"),
        new(FlowReason.DifferentNics, "different_nics", true, "O11",
            "The flow goes from one card to another, which no NIC carries.",
            "keep the ports of one bridge on one card"),
        new(FlowReason.SwitchdevOff, "switchdev_off", true, "N02",
            "The port's NIC is not in switchdev mode.",
            "devlink dev eswitch set pci/ADDRESS mode switchdev, or a configuration for ovs-offload apply"),
        new(FlowReason.HwTcOffloadOff, "hw_tc_offload_off", true, "N10",
            "hw-tc-offload is off on one of the flow's ports.",
            "ethtool -K DEVICE hw-tc-offload on; where it is [fixed], see P09"),

        new(FlowReason.TooManyOutputs, "too_many_outputs", false, "O13",
            "The flow goes to more ports than one rule can copy to.",
            "less flooding: MAC learning on, smaller broadcast domains, fewer mirrors"),
        new(FlowReason.TooManyActions, "too_many_actions", true, null,
            "The flow has more than 16 actions (TCA_ACT_MAX_NUM).",
            Rules),
        new(FlowReason.HashAction, "hash_action", true, "O22",
            "The packets are hashed in software, for a select group or a bond of Open vSwitch.",
            "no groups of type select (OVN: load balancers), and a Linux bond instead of one of Open vSwitch"),
        new(FlowReason.LbOutput, "lb_output", true, "B14",
            "The output is chosen by a bond of Open vSwitch.",
            "a Linux bond over the uplinks"),
        new(FlowReason.Clone, "clone", true, null, "The packets are cloned, which tc cannot express.", Rules),
        new(FlowReason.Truncation, "truncation", true, null,
            "The packets are cut to a length (a mirror with snaplen).",
            Rules),
        new(FlowReason.EthernetHeader, "ethernet_header", true, null, "An Ethernet header is pushed or popped.", Rules),
        new(FlowReason.Nsh, "nsh", true, null, "The flow matches or changes network service headers.", Rules),
        new(FlowReason.AddMpls, "add_mpls", true, null, "An MPLS header is added below Ethernet.", Rules),
        new(FlowReason.DecTtl, "dec_ttl", true, null, "The TTL is decremented by the dec_ttl action.", Rules),
        new(FlowReason.UserspaceTunnel, "userspace_tunnel", false, null,
            "The tunnel is built by the userspace datapath.",
            "datapath_type=system on the bridges, where the NIC's driver is the kernel's"),
        new(FlowReason.UnsupportedSet, "unsupported_set", true, null,
            "A field is set that tc rules cannot set.",
            Rules),
        new(FlowReason.UnsupportedAction, "unsupported_action", true, null, "An action that tc does not know.", Rules),
        new(FlowReason.CtHelper, "ct_helper", true, null,
            "Conntrack with a helper (FTP, TFTP) has to see the packets' contents.",
            "no helper (alg=) in the rules, where the protocol can do without"),

        new(FlowReason.Ipv6Fragments, "ipv6_fragments", false, "O33",
            "The flow matches fragments of IPv6 packets.",
            "an MTU along the way that needs no fragments"),
        new(FlowReason.FragmentRewrite, "fragment_rewrite", false, "O33",
            "Headers of fragments are changed, whose checksum cannot be mended.",
            "an MTU along the way that needs no fragments"),
        new(FlowReason.DpHash, "dp_hash", true, "O22",
            "The flow matches on a hash that software has calculated.",
            "no groups of type select (OVN: load balancers)"),
        new(FlowReason.SkbMark, "skb_mark", true, null, "The flow matches on the packet's mark (pkt_mark).", Rules),
        new(FlowReason.SkbPriority, "skb_priority", true, null, "The flow matches on the packet's priority.", Rules),
        new(FlowReason.PacketType, "packet_type", true, null,
            "The flow matches packets without an Ethernet header.",
            Rules),
        new(FlowReason.PartialVlan, "partial_vlan", true, null,
            "The flow matches on some bits of the VLAN only.",
            Rules),
        new(FlowReason.MplsStack, "mpls_stack", true, null, "The flow matches on more than one MPLS label.", Rules),
        new(FlowReason.UnsupportedMatch, "unsupported_match", true, null,
            "The flow matches on a field that tc rules cannot match on.",
            Rules),
        new(FlowReason.RecircSharing, "recirc_sharing", true, "O08",
            "The flow goes on in another table of the datapath (recirc), and this kernel cannot hand packets "
                + "over between tc and the datapath (CONFIG_NET_TC_SKB_EXT).",
            "a kernel with CONFIG_NET_TC_SKB_EXT, or rules without ct and without recirculation"),
        new(FlowReason.CtKernel, "ct_kernel", true, "P10",
            "The kernel or driver was built without conntrack offload.",
            "see P10: another kernel, the vendor's driver, or security groups off"),

        new(FlowReason.CtIcmp, "ct_icmp", false, "O09",
            "ICMP below conntrack: only TCP and UDP are offloaded.",
            "nothing; test with TCP"),
        new(FlowReason.CtState, "ct_state", true, "O10",
            "The flow matches on a connection's state that hardware does not know (related, invalid, NAT).",
            "stateful rules that match on +new, +est and +rpl only"),
        new(FlowReason.CtSkipSoftware, "ct_skip_sw", true, "O04",
            "Conntrack needs tc in software, too, and tc-policy=skip_sw rules that out.",
            "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none, and restart ovs-vswitchd"),
        new(FlowReason.CtAfterSet, "ct_after_set", true, null,
            "Addresses or ports are changed before conntrack looks at them, which this generation of NIC cannot do.",
            RulesOrNic),
        new(FlowReason.CtMirror, "ct_mirror", true, "O19",
            "The flow is mirrored and tracked, which this generation of NIC cannot do.",
            "no mirror on this bridge, or a ConnectX-6 Dx or later"),
        new(FlowReason.CtNic, "ct_nic", true, "O28",
            "This generation of NIC has no conntrack offload that works for it.",
            "security groups off on this host, or a ConnectX-6 Dx or later"),
        new(FlowReason.Meter, "meter", true, "O20",
            "The flow is policed by a meter, and this generation of NIC has none.",
            "no meters and no ingress policing by them, or a ConnectX-6 Dx or later"),
        new(FlowReason.TunnelAddress, "tunnel_address", true, "O15",
            "The tunnel's local address is not on the uplink or its bond.",
            "move the address (local_ip) to the uplink or bond"),
        new(FlowReason.TunnelPort, "tunnel_port", true, "O14",
            "The tunnel's UDP port is not one that the NIC was told of.",
            "use the protocol's own port (VXLAN 4789, Geneve 6081)"),
        new(FlowReason.TunnelOptions, "tunnel_options", true, "O18",
            "The tunnel's options are more than the NIC's parser takes.",
            "mlxconfig set FLEX_PARSER_PROFILE_ENABLE=0, or tunnels without options"),
        new(FlowReason.EncapOff, "encap_off", true, "N23",
            "The e-switch's encap mode is none.",
            "devlink dev eswitch set pci/ADDRESS encap-mode basic"),

        new(FlowReason.TableFull, "table_full", true, "O25",
            "The NIC's flow table is full.",
            "reduce the number of flows: wider matches in the bridge's rules, a lower other_config:max-idle or "
                + "flow-limit; or use a NIC with larger tables"),
        new(FlowReason.IngressQdiscMissing, "ingress_qdisc_missing", true, "O07",
            "The port's ingress qdisc is gone: another program changed it.",
            "keep NetworkManager and others off the port, and restart ovs-vswitchd"),
        new(FlowReason.InlineMode, "inline_mode", true, "N22",
            "The inline mode is too low for what the flow matches on.",
            "devlink dev eswitch set pci/ADDRESS inline-mode transport"),
        new(FlowReason.MissingChain, "missing_chain", true, null,
            "The flow before it in the pipeline is not in tc.",
            "look at the reason of the flow that recirculates to it"),
        new(FlowReason.Vlan, "vlan", true, "O17",
            "The NIC or its firmware cannot do the VLAN actions.",
            "newer firmware"),
        new(FlowReason.NicKey, "nic_key", true, null, "The NIC cannot match on what the flow matches on.", RulesOrNic),
        new(FlowReason.NicAction, "nic_action", true, null, "The NIC cannot do what the flow does.", RulesOrNic),
        new(FlowReason.SkipHardwareFlag, "skip_hw_flag", true, "O03",
            "The tc filter was asked to stay out of the NIC (skip_hw).",
            "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none, and restart ovs-vswitchd"),

        new(FlowReason.NicRefused, "nic_refused", true, "O05",
            "tc took the flow, and the NIC's driver refused it without a word.",
            "add the same rule by hand with skip_sw to get the driver's words: tc filter add dev DEVICE "
                + "ingress .. flower skip_sw .."),
        new(FlowReason.KernelRefused, "kernel_refused", true, "O06",
            "The kernel refused the tc rule.",
            "ovs-appctl vlog/set netlink_socket:file:dbg, then the kernel's words stand in ovs-vswitchd's log"),
        new(FlowReason.PartialActions, "partial_actions", false, null,
            "The NIC matches the packets, and software does the actions.",
            RulesOrNic),
        new(FlowReason.UserspaceDatapath, "userspace_datapath", false, "O27",
            "The flow lies in the userspace datapath, and its provider did not take it.",
            "datapath_type=system on the bridge, where the NIC's driver is the kernel's"),
        new(FlowReason.TooNew, "too_new", false, null,
            "The flow has no packet yet: it may still be handed over.",
            "ask again"),
        new(FlowReason.Unknown, "unknown", true, "O05",
            "Nothing in the flow or on this host shows why.",
            "ovs-appctl vlog/set netdev_offload_tc:file:dbg dpif_netlink:file:dbg (4.0: "
                + "dpif_offload_tc_netdev), revalidator/purge, and the log"),
    ]);

    private static readonly ImmutableDictionary<string, FlowReasonInfo> ByWord =
        Table.ToImmutableDictionary(info => info.Word, StringComparer.Ordinal);

    /// <summary>All of them, in order.</summary>
    public static ImmutableArray<FlowReasonInfo> All => Table;

    /// <summary>What a reason means.</summary>
    public static FlowReasonInfo Of(FlowReason reason) => Table[(int)reason];

    /// <summary>The reason with this word; null where there is none.</summary>
    public static FlowReasonInfo? Find(string word) => ByWord.GetValueOrDefault(word);

    /// <summary>The word of a source.</summary>
    public static string Word(ReasonSource source) => source == ReasonSource.Kernel ? "kernel" : "inferred";

    private static ImmutableArray<FlowReasonInfo> Sorted(FlowReasonInfo[] infos) =>
        [.. infos.OrderBy(info => info.Reason)];
}
