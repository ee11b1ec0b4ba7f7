using System.Buffers;

namespace OvsOffload.Flows;

/// <summary>Reasons that a flow's actions show: what Open vSwitch does not hand over to tc
/// (netdev_tc_parse_nl_actions, netdev-offload-tc.c).</summary>
internal static class ActionRules
{
    /// <summary>TCA_ACT_MAX_NUM of Open vSwitch's lib/tc.h.</summary>
    private const int MaxActions = 16;

    private static readonly SearchValues<byte> ActionName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    /// <summary>Looks at the actions.</summary>
    /// <param name="actions">The actions.</param>
    /// <param name="facts">The host.</param>
    /// <param name="shape">Takes in what is found.</param>
    /// <param name="verdict">Takes in reasons.</param>
    public static void Apply(
        ReadOnlySpan<byte> actions, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        var items = new FlowItems(actions);
        while (items.Next())
        {
            shape.Actions++;
            if (!items.HasArguments)
            {
                Simple(items.Whole, facts, ref shape, ref verdict);
            }
            else
            {
                WithArguments(items, facts, ref shape, ref verdict);
            }
        }

        if (shape.Outputs > MaxActions)
        {
            verdict.Consider(FlowReason.TooManyOutputs, actions);
        }
        else if (shape.Actions > MaxActions)
        {
            verdict.Consider(FlowReason.TooManyActions, actions);
        }
    }

    private static void Simple(
        ReadOnlySpan<byte> action, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        switch (action)
        {
            case var _ when action.SequenceEqual("drop"u8) || action.SequenceEqual("pop_vlan"u8)
                || action.SequenceEqual("ct_clear"u8):
                break;
            case var _ when action.SequenceEqual("ct"u8):
                shape.CtAction = action;
                break;
            case var _ when action.SequenceEqual("pop_eth"u8):
                verdict.Consider(FlowReason.EthernetHeader, action);
                break;
            case var _ when action.SequenceEqual("pop_nsh"u8):
                verdict.Consider(FlowReason.Nsh, action);
                break;
            case var _ when action.SequenceEqual("dec_ttl"u8):
                verdict.Consider(FlowReason.DecTtl, action);
                break;
            default:
                PortRules.Output(action, facts, ref shape, ref verdict);
                break;
        }
    }

    private static void WithArguments(
        FlowItems item, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        ReadOnlySpan<byte> name = item.Name;
        ReadOnlySpan<byte> whole = item.Whole;
        ReadOnlySpan<byte> arguments = item.Arguments;
        switch (name.IsEmpty ? (byte)0 : name[0])
        {
            case (byte)'u' when name.SequenceEqual("userspace"u8):
                ToCpu(Userspace(arguments), whole, ref shape, ref verdict);
                return;
            case (byte)'s' when name.SequenceEqual("set"u8):
                SetRules.Apply(whole, arguments, facts, ref shape, ref verdict);
                return;
            case (byte)'s' when name.SequenceEqual("sample"u8):
            case (byte)'p' when name.SequenceEqual("psample"u8):
                ToCpu(FlowReason.Sampling, whole, ref shape, ref verdict);
                return;
            case (byte)'c' when name.SequenceEqual("ct"u8):
                Conntrack(whole, arguments, ref shape, ref verdict);
                return;
            case (byte)'c' when name.SequenceEqual("clone"u8):
                verdict.Consider(FlowReason.Clone, whole);
                return;
            case (byte)'c' when name.SequenceEqual("check_pkt_len"u8):
                CheckPacketLength(whole, arguments, facts, ref shape, ref verdict);
                return;
            case (byte)'r' when name.SequenceEqual("recirc"u8):
                shape.Recirculation = whole;
                return;
            case (byte)'m' when name.SequenceEqual("meter"u8):
                NicRules.Meter(whole, facts, shape, ref verdict);
                return;
            case (byte)'h' when name.SequenceEqual("hash"u8):
                verdict.Consider(FlowReason.HashAction, whole);
                return;
            case (byte)'l' when name.SequenceEqual("lb_output"u8):
                verdict.Consider(FlowReason.LbOutput, whole);
                return;
            case (byte)'t' when name.SequenceEqual("trunc"u8):
                verdict.Consider(FlowReason.Truncation, whole);
                return;
            case (byte)'t' when name.SequenceEqual("tnl_push"u8) || name.SequenceEqual("tnl_pop"u8):
                verdict.Consider(FlowReason.UserspaceTunnel, whole);
                return;
            case (byte)'p' when name.SequenceEqual("push_eth"u8):
                verdict.Consider(FlowReason.EthernetHeader, whole);
                return;
            case (byte)'p' when name.SequenceEqual("push_nsh"u8) || name.SequenceEqual("pop_nsh"u8):
                verdict.Consider(FlowReason.Nsh, whole);
                return;
            case (byte)'p' when name.SequenceEqual("push_vlan"u8) || name.SequenceEqual("push_mpls"u8)
                || name.SequenceEqual("pop_mpls"u8):
                return;
            case (byte)'a' when name.SequenceEqual("add_mpls"u8):
                verdict.Consider(FlowReason.AddMpls, whole);
                return;
            case (byte)'d' when name.SequenceEqual("dec_ttl"u8):
                verdict.Consider(FlowReason.DecTtl, whole);
                return;
            default:
                // A word that is no port's name on this host is an action that is not known here.
                if (!name.ContainsAnyExcept(ActionName) && !facts.Ports.TryFind(whole, out _))
                {
                    verdict.Consider(FlowReason.UnsupportedAction, whole);
                }
                else
                {
                    PortRules.Output(whole, facts, ref shape, ref verdict);
                }

                return;
        }
    }

    /// <summary>Packets go to the CPU; those of a check of the length only where they are too long.</summary>
    private static void ToCpu(
        FlowReason reason, ReadOnlySpan<byte> whole, ref FlowShape shape, ref FlowVerdict verdict)
    {
        if (shape.InLengthCheck)
        {
            shape.LengthCheckUsesCpu = true;
        }
        else
        {
            verdict.Consider(reason, whole);
        }
    }

    private static FlowReason Userspace(ReadOnlySpan<byte> arguments) => arguments switch
    {
        _ when arguments.IndexOf("slow_path("u8) >= 0 => FlowReason.SlowPath,
        _ when arguments.IndexOf("controller("u8) >= 0 => FlowReason.Controller,
        _ when arguments.IndexOf("sFlow("u8) >= 0 || arguments.IndexOf("flow_sample("u8) >= 0
            || arguments.IndexOf("ipfix("u8) >= 0 => FlowReason.Sampling,
        _ => FlowReason.Userspace,
    };

    private static void Conntrack(
        ReadOnlySpan<byte> whole, ReadOnlySpan<byte> arguments, ref FlowShape shape, ref FlowVerdict verdict)
    {
        shape.CtAction = whole;
        if (FlowItems.TryFindValue(arguments, "helper"u8, out _))
        {
            verdict.Consider(FlowReason.CtHelper, whole);
        }

        if (!shape.TupleSet.IsEmpty)
        {
            NicRules.SetBeforeConntrack(shape, ref verdict);
        }
    }

    /// <summary>tc does one of two lists of actions; each may hold what it cannot do.</summary>
    private static void CheckPacketLength(
        ReadOnlySpan<byte> whole,
        ReadOnlySpan<byte> arguments,
        FlowReasonFacts facts,
        ref FlowShape shape,
        ref FlowVerdict verdict)
    {
        bool outer = shape.InLengthCheck;
        shape.InLengthCheck = true;
        foreach (bool branch in (ReadOnlySpan<bool>)[true, false])
        {
            if (FlowItems.TryFind(arguments, branch ? "gt"u8 : "le"u8, out ReadOnlySpan<byte> actions))
            {
                Apply(actions, facts, ref shape, ref verdict);
            }
        }

        shape.InLengthCheck = outer;
        LengthCheckRules.Apply(whole, facts, shape, ref verdict);
    }
}
