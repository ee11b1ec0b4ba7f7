using System.Buffers;
using System.Runtime.CompilerServices;

namespace OvsOffload.Flows;

/// <summary>Reasons that a flow's key shows: what tc's flower cannot match on as Open vSwitch asks it to
/// (netdev-offload-tc.c), and what it finds for the other rules.</summary>
internal static class MatchRules
{
    private static readonly SearchValues<byte> ZeroBytes = SearchValues.Create("0x:."u8);

    /// <summary>TC_ACT_EXT_VAL_MASK, include/uapi/linux/pkt_cls.h.</summary>
    private const ulong LargestChain = 0xfffffff;

    /// <summary>Looks at the key.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="facts">The host.</param>
    /// <param name="shape">Takes in what is found.</param>
    /// <param name="verdict">Takes in reasons.</param>
    public static void Apply(in FlowLine flow, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        ReadOnlySpan<byte> key = flow.Key;
        shape.InPortName = flow.InPort;
        if (shape.InPortName.IsEmpty || !key.Overlaps(shape.InPortName, out int at))
        {
            Read(key, facts, ref shape, ref verdict);
            return;
        }

        // The port's name, which may hold anything, is left out.
        Read(key[..(at - "in_port("u8.Length)], facts, ref shape, ref verdict);
        Read(key[(at + shape.InPortName.Length + 1)..], facts, ref shape, ref verdict);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(
        ReadOnlySpan<byte> key, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        var items = new FlowItems(key);
        while (items.Next())
        {
            ReadOnlySpan<byte> name = items.Name;
            ReadOnlySpan<byte> arguments = items.Arguments;
            if (name.IsEmpty || !items.HasArguments)
            {
                continue;
            }

            switch (name[0])
            {
                case (byte)'c' when name.StartsWith("ct_"u8):
                    ReadConntrack(name, items, facts, ref shape, ref verdict);
                    break;
                case (byte)'d' when name.SequenceEqual("dp_hash"u8) && !IsWildcard(arguments):
                    verdict.Consider(FlowReason.DpHash, items.Whole);
                    break;
                case (byte)'e' when name.SequenceEqual("encap"u8):
                    Read(arguments, facts, ref shape, ref verdict);
                    break;
                case (byte)'i' when name.StartsWith("ipv"u8):
                    ReadIp(items, name[^1] == '6', ref shape, ref verdict);
                    break;
                case (byte)'i' when name.StartsWith("icmp"u8):
                    shape.IsIcmp = true;
                    break;
                case (byte)'m' when name.SequenceEqual("mpls"u8) && arguments.IndexOf("lse1"u8) >= 0:
                    verdict.Consider(FlowReason.MplsStack, items.Whole);
                    break;
                case (byte)'n' when name.SequenceEqual("nsh"u8):
                    verdict.Consider(FlowReason.Nsh, items.Whole);
                    break;
                case (byte)'n' when name.StartsWith("nd"u8) && !IsWildcard(arguments):
                    verdict.Consider(FlowReason.UnsupportedMatch, items.Whole);
                    break;
                case (byte)'p' when name.SequenceEqual("packet_type"u8) && !IsZero(arguments):
                    verdict.Consider(FlowReason.PacketType, items.Whole);
                    break;
                case (byte)'r' when name.SequenceEqual("recirc_id"u8) && !IsZero(arguments):
                    shape.Recirculation = items.Whole;
                    verdict.RecircId = RecircIdOf(arguments);
                    if (!shape.Userspace && verdict.RecircId > LargestChain)
                    {
                        verdict.Consider(FlowReason.RecircIdTooLarge, items.Whole);
                    }

                    break;
                case (byte)'s' when name.SequenceEqual("skb_mark"u8) && IsMark(arguments):
                    verdict.Consider(FlowReason.SkbMark, items.Whole);
                    break;
                case (byte)'s' when name.SequenceEqual("skb_priority"u8) && !IsWildcard(arguments):
                    verdict.Consider(FlowReason.SkbPriority, items.Whole);
                    break;
                case (byte)'t' when name.SequenceEqual("tunnel"u8):
                    TunnelRules.Apply(items.Whole, arguments, "dst"u8, facts, shape, ref verdict);
                    break;
                case (byte)'v' when name.SequenceEqual("vlan"u8) && IsPartialVlan(arguments):
                    verdict.Consider(FlowReason.PartialVlan, items.Whole);
                    break;
            }
        }
    }

    /// <summary>The number in <c>recirc_id(0x1)</c>, or of a key without such an attribute 0.</summary>
    internal static ulong RecircIdOf(ReadOnlySpan<byte> arguments) =>
        FlowNumber.TryRead(arguments, out ulong id) ? id : 0;

    /// <summary>The <c>recirc_id</c> of a key.</summary>
    internal static ulong RecircIdOfKey(ReadOnlySpan<byte> key) =>
        FlowItems.TryFind(key, "recirc_id"u8, out ReadOnlySpan<byte> arguments) ? RecircIdOf(arguments) : 0;

    private static void ReadConntrack(
        ReadOnlySpan<byte> name, FlowItems item, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        if (IsWildcard(item.Arguments))
        {
            return;
        }

        if (name.StartsWith("ct_tuple"u8))
        {
            verdict.Consider(FlowReason.UnsupportedMatch, item.Whole);
        }
        else if (name.SequenceEqual("ct_state"u8))
        {
            CtStateRules.Apply(item, facts, ref shape, ref verdict);
        }
        else if (!IsZero(item.Arguments))
        {
            // With the value 0 it matches packets that no connection is known of.
            shape.CtMatch = item.Whole;
        }
    }

    private static void ReadIp(FlowItems item, bool isIpv6, ref FlowShape shape, ref FlowVerdict verdict)
    {
        int fragment = item.Arguments.LastIndexOf("frag="u8);
        if (fragment >= 0 && !item.Arguments[fragment..].StartsWith("frag=no"u8))
        {
            shape.IsFragment = true;
            if (isIpv6)
            {
                verdict.Consider(FlowReason.Ipv6Fragments, item.Whole);
            }
        }

        // Without -m a flow of ICMP that matches on no type has the protocol only: 1, or 58 (IANA).
        ReadOnlySpan<byte> protocol = isIpv6 ? "proto=58"u8 : "proto=1"u8;
        int at = item.Arguments.IndexOf(protocol);
        if (at >= 0)
        {
            shape.IsIcmp |= item.Arguments[(at + protocol.Length)..]
                is [] or [(byte)',', ..] or [(byte)'/', (byte)'0', (byte)'x', ..];
        }

        if (isIpv6 && FlowItems.TryFindValue(item.Arguments, "label"u8, out ReadOnlySpan<byte> label)
            && !IsWildcard(label))
        {
            verdict.Consider(FlowReason.UnsupportedMatch, item.Whole);
        }
    }

    /// <summary>
    /// Whether a part of the VLAN's id or of its priority is matched on: a mask that is neither all nor none of 12 or 3
    /// bits.
    /// </summary>
    private static bool IsPartialVlan(ReadOnlySpan<byte> arguments) =>
        IsPartial(arguments, "vid"u8, 0xfff) || IsPartial(arguments, "pcp"u8, 0x7);

    private static bool IsPartial(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> name, ulong full) =>
        FlowItems.TryFindValue(arguments, name, out ReadOnlySpan<byte> value) && value.IndexOf((byte)'/') is var slash
            && slash >= 0
        && FlowNumber.TryRead(value[(slash + 1)..], out ulong mask) && mask != 0 && mask != full;

    /// <summary>Whether every mask is zero, as <c>-m</c> shows what does not matter.</summary>
    internal static bool IsWildcard(ReadOnlySpan<byte> arguments)
    {
        if (arguments.SequenceEqual("0/0"u8))
        {
            return true;
        }

        var items = new FlowItems(arguments);
        while (items.Next())
        {
            int slash = items.Whole.IndexOf((byte)'/');
            if (slash < 0 || !IsZeros(items.Whole[(slash + 1)..]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether every value, or its mask, is zero.</summary>
    private static bool IsZero(ReadOnlySpan<byte> arguments)
    {
        if (arguments.SequenceEqual("0"u8) || arguments.SequenceEqual("0/0"u8))
        {
            return true;
        }

        var items = new FlowItems(arguments);
        while (items.Next())
        {
            ReadOnlySpan<byte> value = items.Whole[(items.Whole.IndexOf((byte)'=') + 1)..];
            int slash = value.IndexOf((byte)'/');
            if (!IsZeros(slash < 0 ? value : value[..slash]) && (slash < 0 || !IsZeros(value[(slash + 1)..])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the mark is matched on: the whole mark 0 is what Open vSwitch itself asks for, and takes back
    /// (netdev-offload-tc.c).</summary>
    private static bool IsMark(ReadOnlySpan<byte> arguments)
    {
        int slash = arguments.IndexOf((byte)'/');
        return slash < 0
            ? !IsZeros(arguments)
            : !IsZeros(arguments[(slash + 1)..])
                && !(IsZeros(arguments[..slash]) && arguments[(slash + 1)..].SequenceEqual("0xffffffff"u8));
    }

    private static bool IsZeros(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(ZeroBytes);
}
