using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>
/// Which states of connections can be matched on. Open vSwitch passes a match to tc only if it supports every bit of
/// the mask, set or not (parse_match_ct_state_to_flower, netdev-offload-tc.c), and those of NAT it never does; of what
/// tc takes, NICs refuse +rel and +inv (mlx5/core/en/tc_ct.c).
/// </summary>
internal static class CtStateRules
{
    // OVS_CS_F_*, include/uapi/linux/openvswitch.h.
    private const ulong New = 0x01, Established = 0x02, Related = 0x04, Reply = 0x08, Invalid = 0x10, Tracked = 0x20;
    private const ulong SourceNat = 0x40, DestinationNat = 0x80;

    /// <summary>Looks at <c>ct_state(..)</c>.</summary>
    public static void Apply(FlowItems item, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        Read(item.Arguments, out ulong value, out ulong mask);
        if ((value & Tracked) != 0)
        {
            shape.CtMatch = item.Whole;
        }

        if (shape.Userspace)
        {
            return;
        }

        bool inTc = shape.State == FlowState.TcNotInHardware;
        if (!inTc && (mask & (SourceNat | DestinationNat)) != 0)
        {
            verdict.Consider(
                FlowReason.CtState, item.Whole, "its mask has a bit of NAT, which Open vSwitch never passes to tc");
        }
        else if (!inTc && facts.CtStates is { } states && (mask & ~states.Bits) != 0)
        {
            verdict.Consider(FlowReason.CtState, item.Whole, states.Line);
        }
        else if ((value & (Related | Invalid)) != 0
            && (inTc || facts.CtStates is null || facts.TcPolicy != TcPolicy.None))
        {
            verdict.Consider(FlowReason.CtState, item.Whole);
        }
    }

    /// <summary>Reads <c>+est+trk-dnat</c>, or <c>0x22/0xa2</c>.</summary>
    /// <param name="text">The state.</param>
    /// <param name="value">The bits that must be set.</param>
    /// <param name="mask">The bits that matter.</param>
    private static void Read(ReadOnlySpan<byte> text, out ulong value, out ulong mask)
    {
        (value, mask) = (0, 0);
        int slash = text.IndexOf((byte)'/');
        if (slash >= 0)
        {
            if (FlowNumber.TryRead(text[..slash], out ulong bits) && FlowNumber.TryRead(text[(slash + 1)..], out mask))
            {
                value = bits & mask;
            }

            return;
        }

        // A number alone is of all bits.
        if (FlowNumber.TryRead(text, out value))
        {
            mask = New | Established | Related | Reply | Invalid | Tracked | SourceNat | DestinationNat;
            return;
        }

        // Each flag is a sign and a word, and all words differ in their first two letters.
        for (int at = 0; at + 3 < text.Length; at++)
        {
            if (text[at] is (byte)'+' or (byte)'-')
            {
                ulong bit = (text[at + 1], text[at + 2]) switch
                {
                    ((byte)'n', (byte)'e') => New,
                    ((byte)'e', (byte)'s') => Established,
                    ((byte)'r', (byte)'e') => Related,
                    ((byte)'r', (byte)'p') => Reply,
                    ((byte)'i', (byte)'n') => Invalid,
                    ((byte)'t', (byte)'r') => Tracked,
                    ((byte)'s', (byte)'n') => SourceNat,
                    ((byte)'d', (byte)'n') => DestinationNat,
                    _ => 0UL,
                };
                mask |= bit;
                value |= text[at] == '+' ? bit : 0;
            }
        }
    }
}
