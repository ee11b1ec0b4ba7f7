namespace OvsOffload.Flows;

/// <summary>
/// Which set actions Open vSwitch hands over to tc: addresses, TTL and TOS of IP, addresses of Ethernet, ports of TCP
/// and UDP, a label of MPLS, and a tunnel (parse_put_flow_set_action, netdev-offload-tc.c).
/// </summary>
internal static class SetRules
{
    /// <summary>Looks at one set action.</summary>
    /// <param name="whole">The action, as evidence.</param>
    /// <param name="arguments">What it sets.</param>
    /// <param name="facts">The host.</param>
    /// <param name="shape">Takes in what is found.</param>
    /// <param name="verdict">Takes in reasons.</param>
    public static void Apply(
        ReadOnlySpan<byte> whole,
        ReadOnlySpan<byte> arguments,
        FlowReasonFacts facts,
        ref FlowShape shape,
        ref FlowVerdict verdict)
    {
        var items = new FlowItems(arguments);
        while (items.Next())
        {
            ReadOnlySpan<byte> name = items.Name;
            ReadOnlySpan<byte> fields = items.Arguments;
            if (name.SequenceEqual("tunnel"u8))
            {
                Tunnel(whole, fields, facts, shape, ref verdict);
            }
            else if (name.SequenceEqual("mpls"u8) || name.SequenceEqual("eth"u8) || name.SequenceEqual("eth_type"u8))
            {
                continue;
            }
            else if (!IsSettable(name, fields, out bool isTuple))
            {
                verdict.Consider(FlowReason.UnsupportedSet, whole);
            }
            else
            {
                if (isTuple)
                {
                    shape.TupleSet = whole;
                }

                if (shape.IsFragment)
                {
                    verdict.Consider(FlowReason.FragmentRewrite, whole);
                }
            }
        }
    }

    private static bool IsSettable(ReadOnlySpan<byte> name, ReadOnlySpan<byte> fields, out bool isTuple)
    {
        isTuple = name.SequenceEqual("tcp"u8) || name.SequenceEqual("udp"u8);
        if (isTuple)
        {
            return true;
        }

        bool isIpv6 = name.SequenceEqual("ipv6"u8);
        if (!isIpv6 && !name.SequenceEqual("ipv4"u8))
        {
            return false;
        }

        isTuple = FlowItems.TryFindValue(fields, "src"u8, out _) || FlowItems.TryFindValue(fields, "dst"u8, out _);
        return !isIpv6 || !FlowItems.TryFindValue(fields, "label"u8, out ReadOnlySpan<byte> label)
            || MatchRules.IsWildcard(label);
    }

    private static void Tunnel(
        ReadOnlySpan<byte> whole,
        ReadOnlySpan<byte> fields,
        FlowReasonFacts facts,
        in FlowShape shape,
        ref FlowVerdict verdict)
    {
        if (FlowItems.TryFindValue(fields, "tp_src"u8, out _))
        {
            verdict.Consider(FlowReason.UnsupportedSet, whole);
        }

        TunnelRules.Apply(whole, fields, "src"u8, facts, shape, ref verdict);
        if (shape.Nic is { Encap: false })
        {
            verdict.Consider(FlowReason.EncapOff, whole);
        }
    }
}
