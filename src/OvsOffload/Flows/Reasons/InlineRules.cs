using OvsOffload.Netlink;

namespace OvsOffload.Flows;

/// <summary>Whether a flow from a VF matches on headers that the NIC does not see, since the VF's driver does not put
/// them into the descriptor: ConnectX-4 and ConnectX-4 Lx (mlx5/core/en_tc.c, parse_cls_flower).</summary>
internal static class InlineRules
{
    /// <summary>Looks at the key of a flow that tc took and the NIC did not.</summary>
    public static void Apply(ReadOnlySpan<byte> key, in FlowShape shape, ref FlowVerdict verdict)
    {
        // The driver takes "none" for a card that needs nothing inlined.
        if (shape.State == FlowState.TcNotInHardware
            && shape is { InPort: { Kind: FlowPortKind.Representor, InlineMode: { } mode } }
            && mode is EswitchInlineMode.Link or EswitchInlineMode.Network)
        {
            Read(key, mode, ref verdict);
        }
    }

    private static void Read(ReadOnlySpan<byte> key, EswitchInlineMode mode, ref FlowVerdict verdict)
    {
        var items = new FlowItems(key);
        while (items.Next())
        {
            if (items.Name.SequenceEqual("encap"u8))
            {
                Read(items.Arguments, mode, ref verdict);
            }
            else if (RequiredMode(items) > mode)
            {
                verdict.Consider(FlowReason.InlineMode, items.Whole, $"inline-mode {mode.ToName()}");
            }
        }
    }

    private static EswitchInlineMode RequiredMode(FlowItems item) => item.Name switch
    {
        [(byte)'i', (byte)'p', (byte)'v', ..] when MatchesOnNetwork(item.Arguments) => EswitchInlineMode.Network,
        [(byte)'t', (byte)'c', (byte)'p', ..] or [(byte)'u', (byte)'d', (byte)'p'] or [(byte)'s', (byte)'c', (byte)'t',
            (byte)'p']
            or [(byte)'i', (byte)'c', (byte)'m', (byte)'p', ..] when !MatchRules.IsWildcard(item.Arguments)
            => EswitchInlineMode.Transport,
        _ => EswitchInlineMode.None,
    };

    /// <summary>That a packet is no fragment is seen without the header.</summary>
    private static bool MatchesOnNetwork(ReadOnlySpan<byte> arguments)
    {
        var items = new FlowItems(arguments);
        while (items.Next())
        {
            if (!items.Whole.SequenceEqual("frag=no"u8) && !MatchRules.IsWildcard(items.Whole))
            {
                return true;
            }
        }

        return false;
    }
}
