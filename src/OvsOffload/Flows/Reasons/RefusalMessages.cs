using System.Collections.Immutable;

namespace OvsOffload.Flows;

/// <summary>What Open vSwitch, tc and drivers write when they refuse a flow, and what it means.</summary>
internal static class RefusalMessages
{
    /// <summary>
    /// Words, their meaning, and whether the NIC's driver says them; the first that fits counts. Those of drivers are
    /// extack texts and messages of mlx5 (en_tc.c, en/tc/act/*.c, en/tc_ct.c), those of Open vSwitch messages of
    /// netdev-offload-tc.c, dpif-offload-tc.c, dpif-netlink.c and tc.c.
    /// </summary>
    private static readonly ImmutableArray<(string Words, FlowReason Reason, bool ByNic)> Known =
    [
        ("flow table is full", FlowReason.TableFull, true),
        ("No space left on device", FlowReason.TableFull, true),
        ("min inline setting", FlowReason.InlineMode, true),
        ("ct offload isn't enabled", FlowReason.CtKernel, true),
        ("offload of ct action isn't available", FlowReason.CtKernel, true),
        ("ct offload not supported", FlowReason.CtNic, true),
        ("ct offload init failed", FlowReason.CtNic, true),
        ("ct_state +", FlowReason.CtState, true),
        ("only ct_state trk", FlowReason.CtState, true),
        ("tuple modif", FlowReason.CtAfterSet, true),
        ("not on same switch HW", FlowReason.DifferentNics, true),
        ("can't forward from a VF to itself", FlowReason.ToItself, true),
        ("are both uplink", FlowReason.BetweenUplinks, true),
        ("not the same uplink", FlowReason.BetweenUplinks, true),
        ("can't support more output ports", FlowReason.TooManyOutputs, true),
        ("offloaded vxlan udp dport", FlowReason.TunnelPort, true),
        ("is not registered as a VXLAN port", FlowReason.TunnelPort, true),
        ("GENEVE options", FlowReason.TunnelOptions, true),
        ("Unsupported tunnel", FlowReason.TunnelAddress, true),
        ("Total vlans used", FlowReason.Vlan, true),
        ("firmware vlan actions", FlowReason.Vlan, true),
        ("conform-exceed", FlowReason.Meter, true),
        ("Unsupported key", FlowReason.NicKey, true),
        ("Unsupported action", FlowReason.NicAction, true),

        ("recirc_id sharing not supported", FlowReason.RecircSharing, false),
        ("offloading attribute dp_hash", FlowReason.DpHash, false),
        ("offloading attribute pkt_mark", FlowReason.SkbMark, false),
        ("offloading attribute skb_priority", FlowReason.SkbPriority, false),
        ("offloading attribute packet_type", FlowReason.PacketType, false),
        ("offloading of non-ethernet packets", FlowReason.PacketType, false),
        ("multiple mpls_lses", FlowReason.MplsStack, false),
        ("offloading of IPv6 fragments", FlowReason.Ipv6Fragments, false),
        ("not supported on fragments", FlowReason.FragmentRewrite, false),
        ("offloading attribute", FlowReason.UnsupportedMatch, false),
        ("unknown attribute", FlowReason.UnsupportedMatch, false),
        ("Can only support", FlowReason.TooManyActions, false),
        ("Flow API provider mismatch", FlowReason.ToPortOutsideNic, false),
        ("for output port", FlowReason.ToPortOutsideNic, false),
        ("unsupported put action type", FlowReason.UnsupportedAction, false),
        ("unsupported set action", FlowReason.UnsupportedSet, false),
        ("unsupported sub attribute of set", FlowReason.UnsupportedSet, false),
        ("unsupported tunnel key attribute", FlowReason.UnsupportedSet, false),
        ("exceeds the chain id upper limit", FlowReason.RecircIdTooLarge, false),
        ("non-existing goto chain", FlowReason.MissingChain, false),
        ("police index", FlowReason.Meter, false),
        ("failed to offload flow: No such file or directory", FlowReason.IngressQdiscMissing, false),
        ("failed to put[", FlowReason.KernelRefused, false),
        ("failed to offload flow", FlowReason.KernelRefused, false),

        ("isn't supported", FlowReason.NicAction, true),
        ("not supported", FlowReason.NicAction, true),
    ];

    /// <summary>What a line of a log means; null where it refuses nothing.</summary>
    public static (FlowReason Reason, bool ByNic)? Find(string line)
    {
        foreach ((string? words, FlowReason reason, bool byNic) in Known)
        {
            if (line.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return (reason, byNic);
            }
        }

        return null;
    }
}
