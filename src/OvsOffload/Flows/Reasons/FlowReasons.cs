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
    private const string Rules = "change the OpenFlow rules to avoid it";
    private const string RulesOrNic = Rules + ", or use a NIC and driver that support it";
    private const string NoFix = "none needed: such packets have to be handled by the CPU";

    private static readonly ImmutableArray<FlowReasonInfo> Table = Sorted(
    [
        new(FlowReason.HwOffloadOff, "hw_offload_off", true, "O01",
            "hw-offload is not configured or not active in Open vSwitch.",
            "ovs-vsctl set Open_vSwitch . other_config:hw-offload=true"),
        new(FlowReason.TcPolicySkipHw, "tc_policy_skip_hw", true, "O03",
            "tc-policy=skip_hw disables hardware offload.",
            "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none, and restart ovs-vswitchd"),

        new(FlowReason.SlowPath, "slow_path", false, null,
            "Open vSwitch handles these packets itself (LACP, BFD, ARP snooping, an action that the datapath does not "
                + "support).",
            NoFix),
        new(FlowReason.Controller, "controller", false, null,
            "The packets go to an OpenFlow controller.",
            "none needed if the controller has to see them; otherwise add a separate rule for the traffic"),
        new(FlowReason.Sampling, "sampling", true, "O21",
            "sFlow, IPFIX or a sample action copies packets to the CPU.",
            "remove sFlow, NetFlow and IPFIX from the bridge: ovs-vsctl clear Bridge BRIDGE sflow ipfix netflow"),
        new(FlowReason.Userspace, "userspace", false, null, "The packets go to ovs-vswitchd.", NoFix),

        new(FlowReason.FromInternalPort, "from_internal_port", false, null,
            "The packets come from a bridge's internal port (the host itself).",
            "none needed for the host's own traffic; guests' traffic has to arrive on a representor"),
        new(FlowReason.ToInternalPort, "to_internal_port", false, "O35",
            "The packets go to a bridge's internal port (the host itself), or are flooded to all ports.",
            "none needed for the host's own traffic and broadcasts; flooded unicast needs MAC learning"),
        new(FlowReason.FromPortOutsideNic, "from_port_outside_nic", false, null,
            "The packets come from a port that is not on an e-switch (tap, veth, a NIC in legacy mode).",
            "assign a VF to the guest and add its representor to the bridge"),
        new(FlowReason.ToPortOutsideNic, "to_port_outside_nic", false, null,
            "The packets go to a port that is not on an e-switch (tap, veth, a NIC in legacy mode).",
            "assign a VF to the guest and add its representor to the bridge"),
        new(FlowReason.ToItself, "to_itself", true, "O12",
            "The flow goes back to the port it came from.",
            "look for a loop in the bridge's rules"),
        new(FlowReason.BetweenUplinks, "between_uplinks", false, "O12",
            "The flow goes from one uplink to another; the NIC only switches between guests and an uplink.",
            "bond the two ports, or avoid transit traffic"),
        new(FlowReason.DifferentNics, "different_nics", true, "O11",
            "The flow goes from one card to another, which no NIC supports.",
            "use ports of one card per bridge"),
        new(FlowReason.PortsNotBonded, "ports_not_bonded", true, "O41",
            "The flow goes from one port of the card to the other, and the two are neither bonded nor one e-switch: "
                + "VF to VF works from ConnectX-5 on, any other path needs a bond (VF-LAG) or multiport e-switch.",
            "bond the two ports (VF-LAG), or use one bridge per port"),
        new(FlowReason.SwitchdevOff, "switchdev_off", true, "N02",
            "The port's NIC is not in switchdev mode.",
            "devlink dev eswitch set pci/ADDRESS mode switchdev, or configure it and run ovs-offload apply"),
        new(FlowReason.HwTcOffloadOff, "hw_tc_offload_off", true, "N10",
            "hw-tc-offload is off on one of the flow's ports.",
            "ethtool -K DEVICE hw-tc-offload on; if it is [fixed], see P09"),
        new(FlowReason.PortKeptInSoftware, "port_kept_in_software", true, "O42",
            "Open vSwitch keeps one of the flow's ports in software: hw-offload-priority is none, or no offload "
                + "provider took the port.",
            "ovs-vsctl remove Interface PORT other_config hw-offload-priority, and restart ovs-vswitchd; see "
                + "ovs-appctl dpif/offload/show"),

        new(FlowReason.TooManyOutputs, "too_many_outputs", false, "O13",
            "The flow has more output ports than a NIC rule supports.",
            "reduce flooding: enable MAC learning, use smaller broadcast domains and fewer mirrors"),
        new(FlowReason.TooManyActions, "too_many_actions", true, null,
            "The flow has more than 16 actions (TCA_ACT_MAX_NUM).",
            Rules),
        new(FlowReason.HashAction, "hash_action", true, "O22",
            "The packets are hashed in software, for a select group or an Open vSwitch bond.",
            "avoid groups of type select (OVN: load balancers), and use a Linux bond instead of an Open vSwitch bond"),
        new(FlowReason.LbOutput, "lb_output", true, "B14",
            "The output is selected by an Open vSwitch bond.",
            "use a Linux bond over the uplinks"),
        new(FlowReason.Clone, "clone", true, null, "The packets are cloned, which tc cannot express.", Rules),
        new(FlowReason.Truncation, "truncation", true, null,
            "The packets are truncated (a mirror with snaplen).",
            Rules),
        new(FlowReason.EthernetHeader, "ethernet_header", true, null, "An Ethernet header is pushed or popped.", Rules),
        new(FlowReason.Nsh, "nsh", true, null, "The flow matches or changes network service headers.", Rules),
        new(FlowReason.AddMpls, "add_mpls", true, null, "An MPLS header is added below Ethernet.", Rules),
        new(FlowReason.DecTtl, "dec_ttl", true, null, "The TTL is decremented by the dec_ttl action.", Rules),
        new(FlowReason.UserspaceTunnel, "userspace_tunnel", false, null,
            "The tunnel is handled by the userspace datapath.",
            "set datapath_type=system on the bridges, if the NIC uses the kernel driver"),
        new(FlowReason.UnsupportedSet, "unsupported_set", true, null,
            "The flow sets a field that tc rules cannot set.",
            Rules),
        new(FlowReason.UnsupportedAction, "unsupported_action", true, null, "The flow has an action that tc does not "
            + "support.", Rules),
        new(FlowReason.CtHelper, "ct_helper", true, null,
            "Conntrack with a helper (FTP, TFTP) has to see the packets' contents.",
            "remove the helper (alg=) from the rules, if the protocol works without it"),

        new(FlowReason.Ipv6Fragments, "ipv6_fragments", false, "O33",
            "The flow matches IPv6 fragments.",
            "use an MTU along the path that needs no fragments"),
        new(FlowReason.FragmentRewrite, "fragment_rewrite", false, "O33",
            "The flow changes headers of fragments, whose checksum cannot be updated.",
            "use an MTU along the path that needs no fragments"),
        new(FlowReason.DpHash, "dp_hash", true, "O22",
            "The flow matches on a hash calculated in software.",
            "avoid groups of type select (OVN: load balancers)"),
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
            "The flow recirculates, and this kernel cannot pass packets between tc and the datapath "
                + "(CONFIG_NET_TC_SKB_EXT).",
            "use a kernel with CONFIG_NET_TC_SKB_EXT, or rules without ct and recirculation"),
        new(FlowReason.RecircIdTooLarge, "recirc_id_too_large", true, null,
            "The flow's recirculation id is above the number of chains that tc has (0xfffffff).",
            "restart ovs-vswitchd: ids begin anew"),
        new(FlowReason.CtKernel, "ct_kernel", true, "P10",
            "The kernel or driver was built without conntrack offload.",
            "see P10: use another kernel or the vendor's driver, or disable security groups"),

        new(FlowReason.CtState, "ct_state", true, "O10",
            "The flow matches on a connection state that cannot be offloaded: Open vSwitch never passes the NAT bits "
                + "(snat, dnat) to tc, set or not, and NICs reject +rel and +inv.",
            "use rules that match on new, est, rpl and trk only: no ct_state=-dnat or !ct.dnat, no +rel, no +inv"),
        new(FlowReason.CheckPktLen, "check_pkt_len", true, "O43",
            "The flow checks the packet's length (check_pkt_len: OVN's gateway_mtu, OpenFlow's check_pkt_larger).",
            "OVN-Kubernetes: --disable-pkt-mtu-check; OVN: remove options:gateway_mtu from the router's ports, or set "
                + "gateway_mtu_bypass; or Open vSwitch 3.0, Linux 6.3 and ConnectX-6 Dx or later, with no branch of "
                + "the check to the controller"),

        new(FlowReason.CtIcmp, "ct_icmp", false, "O09",
            "ICMP with conntrack: only TCP and UDP are offloaded.",
            "none needed; test with TCP"),
        new(FlowReason.CtSkipSoftware, "ct_skip_sw", true, "O04",
            "Conntrack also needs tc in software, which tc-policy=skip_sw disables.",
            "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none, and restart ovs-vswitchd"),
        new(FlowReason.CtAfterSet, "ct_after_set", true, null,
            "Addresses or ports are changed before conntrack, which this NIC generation does not support.",
            RulesOrNic),
        new(FlowReason.CtMirror, "ct_mirror", true, "O19",
            "The flow is mirrored and tracked, which this NIC generation does not support.",
            "remove the mirror from this bridge, or use ConnectX-6 Dx or later"),
        new(FlowReason.CtNic, "ct_nic", true, "O28",
            "This NIC generation has no usable conntrack offload for it.",
            "disable security groups on this host, or use ConnectX-6 Dx or later"),
        new(FlowReason.Meter, "meter", true, "O20",
            "The flow uses a meter, which this NIC generation does not support.",
            "remove meters and ingress policing by meters, or use ConnectX-6 Dx or later"),
        new(FlowReason.TunnelAddress, "tunnel_address", true, "O15",
            "The tunnel's local address is not on the uplink or its bond.",
            "move the address (local_ip) to the uplink or bond"),
        new(FlowReason.TunnelPort, "tunnel_port", true, "O14",
            "The tunnel's UDP port is not registered with the NIC.",
            "use the protocol's standard port (VXLAN 4789, Geneve 6081)"),
        new(FlowReason.TunnelOptions, "tunnel_options", true, "O18",
            "The NIC's parser does not support the tunnel's options.",
            "mlxconfig set FLEX_PARSER_PROFILE_ENABLE=0, or use tunnels without options"),
        new(FlowReason.EncapOff, "encap_off", true, "N23",
            "The e-switch's encap-mode is none.",
            "devlink dev eswitch set pci/ADDRESS encap-mode basic"),

        new(FlowReason.TableFull, "table_full", true, "O25",
            "The NIC's flow table is full.",
            "reduce the number of flows: wider matches in the bridge's rules, a lower other_config:max-idle or "
                + "flow-limit; or use a NIC with larger tables"),
        new(FlowReason.IngressQdiscMissing, "ingress_qdisc_missing", true, "O07",
            "The port's ingress qdisc is missing: another program changed it.",
            "exclude the port from NetworkManager and other programs, and restart ovs-vswitchd"),
        new(FlowReason.InlineMode, "inline_mode", true, "N22",
            "The inline mode is too low for the flow's match.",
            "devlink dev eswitch set pci/ADDRESS inline-mode transport"),
        new(FlowReason.MissingChain, "missing_chain", true, null,
            "The preceding flow in the pipeline is not in tc.",
            "see the reason of the flow that recirculates to it"),
        new(FlowReason.Vlan, "vlan", true, "O17",
            "The NIC or its firmware does not support the VLAN actions.",
            "update the firmware"),
        new(FlowReason.NicKey, "nic_key", true, null, "The NIC does not support the flow's match.", RulesOrNic),
        new(FlowReason.NicAction, "nic_action", true, null, "The NIC does not support the flow's actions.", RulesOrNic),
        new(FlowReason.SkipHardwareFlag, "skip_hw_flag", true, "O03",
            "The tc filter has the flag skip_hw.",
            "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none, and restart ovs-vswitchd"),

        new(FlowReason.NicRefused, "nic_refused", true, "O05",
            "tc has the flow, and no NIC does: the driver rejected it without a message, or the port is on no NIC.",
            "add the same rule manually with skip_sw to get the driver's message: tc filter add dev DEVICE ingress .. "
                + "flower skip_sw .."),
        new(FlowReason.KernelRefused, "kernel_refused", true, "O06",
            "The kernel rejected the tc rule.",
            "ovs-appctl vlog/set netlink_socket:file:dbg, then see the kernel's message in ovs-vswitchd's log"),
        new(FlowReason.PartialActions, "partial_actions", false, null,
            "The NIC matches the packets, and software executes the actions.",
            RulesOrNic),
        new(FlowReason.UserspaceDatapath, "userspace_datapath", false, "O27",
            "The flow is in the userspace datapath, and its offload provider did not accept it.",
            "set datapath_type=system on the bridge, if the NIC uses the kernel driver"),
        new(FlowReason.ProviderRefused, "provider_refused", true, null,
            "The offload provider of the userspace datapath (OVS-DOCA, DPDK) did not take the flow.",
            "see dp-offload-info in ovs-appctl dpctl/dump-flows -m, and ovs-vswitchd's log"),
        new(FlowReason.NewConnection, "new_connection", false, null,
            "The first packets of a connection are handled by the CPU, those of the established one in hardware.",
            "none needed: the connection is offloaded once it is established"),
        new(FlowReason.TooNew, "too_new", false, null,
            "The flow has no packets yet; it may still be offloaded.",
            "run it again later"),
        new(FlowReason.FollowOn, "follow_on", false, null,
            "Only flows in software lead to it, so it follows from their reason.",
            "see the reason of the flows that lead to it"),
        new(FlowReason.NothingInTc, "nothing_in_tc", true, "O02",
            "Not one flow of the dump is in tc: hw-offload is off or has not taken effect, or only flows that were "
                + "refused are in the dump.",
            "ovs-vsctl get Open_vSwitch . other_config:hw-offload; where it is true, restart ovs-vswitchd"),
        new(FlowReason.Unknown, "unknown", true, "O05",
            "Neither the flow nor the host shows the reason.",
            OffloadLog.Unknown.Advice),
    ]);

    private static readonly ImmutableDictionary<string, FlowReasonInfo> ByWord =
        Table.ToImmutableDictionary(info => info.Word, StringComparer.Ordinal);

    /// <summary>All of them, in order.</summary>
    public static ImmutableArray<FlowReasonInfo> All => Table;

    /// <summary>What a reason means.</summary>
    public static FlowReasonInfo Of(FlowReason reason) => Table[(int)reason];

    /// <summary>What to change, with the names of a daemon's own log modules.</summary>
    public static string ChangeOf(FlowReasonInfo info, OffloadLog log) =>
        info.Reason == FlowReason.Unknown ? log.Advice : info.Change;

    /// <summary>Whether a reason is that of the dump as a whole, so that no single flow shows more.</summary>
    public static bool IsOfWholeDump(FlowReason reason) => reason is FlowReason.HwOffloadOff or FlowReason.NothingInTc;

    /// <summary>Whether only the whole dump shows a reason, not a line by itself.</summary>
    public static bool NeedsWholeDump(FlowReason reason) =>
        reason is FlowReason.FollowOn or FlowReason.NothingInTc or FlowReason.ProviderRefused;

    /// <summary>Whether somebody may give a reason: the switch gives few.</summary>
    public static bool CanComeFrom(FlowReason reason, ReasonSource source) => source != ReasonSource.Switch
        || reason is FlowReason.FromInternalPort or FlowReason.ProviderRefused or FlowReason.NewConnection;

    /// <summary>The reason with this word; null where there is none.</summary>
    public static FlowReasonInfo? Find(string word) => ByWord.GetValueOrDefault(word);

    /// <summary>The word of a source.</summary>
    public static string Name(ReasonSource source) => source switch
    {
        ReasonSource.Kernel => "kernel",
        ReasonSource.Switch => "switch",
        _ => "inferred",
    };

    private static ImmutableArray<FlowReasonInfo> Sorted(FlowReasonInfo[] infos) =>
        [.. infos.OrderBy(info => info.Reason)];
}
