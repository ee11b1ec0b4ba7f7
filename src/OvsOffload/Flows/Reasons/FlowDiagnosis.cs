using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>Decides why a flow is not offloaded, from its line and from what is known of the host. Pure.</summary>
internal static class FlowDiagnosis
{
    /// <summary>The reason of a flow that is neither offloaded nor of unknown state.</summary>
    public static FlowVerdict Decide(in FlowLine flow, FlowReasonFacts facts)
    {
        var shape = new FlowShape { State = flow.State, Userspace = IsUserspace(flow) };
        var verdict = new FlowVerdict();
        Exclude(shape, facts, ref verdict);
        MatchRules.Apply(flow, facts, ref shape, ref verdict);
        PortRules.Input(facts, ref shape, ref verdict);
        ActionRules.Apply(flow.Actions, facts, ref shape, ref verdict);
        NicRules.Conntrack(facts, shape, ref verdict);
        InlineRules.Apply(flow.Key, shape, ref verdict);
        Settings(shape, facts, ref verdict);
        if (verdict.Reason == FlowReason.Unknown)
        {
            Fallback(flow, shape, ref verdict);
        }

        KernelReasons.Apply(flow, facts, shape, ref verdict);
        return verdict;
    }

    /// <summary>Whether the flow lies in the userspace datapath, so that tc has no part in it.</summary>
    private static bool IsUserspace(in FlowLine flow) =>
        flow.HasExtraInfo || flow.Layer.SequenceEqual("dpdk"u8) || flow.Layer.SequenceEqual("dummy"u8);

    /// <summary>What tc took was not refused by Open vSwitch, and what tc did not take although it may keep flows to itself
    /// was not refused by a NIC.</summary>
    private static void Exclude(in FlowShape shape, FlowReasonFacts facts, ref FlowVerdict verdict)
    {
        if (shape.State == FlowState.TcNotInHardware)
        {
            verdict.Exclude(FlowReason.TooManyOutputs, FlowReason.RecircSharing);
        }
        else if (shape.State == FlowState.Software && facts.TcPolicy == TcPolicy.None && !shape.Userspace)
        {
            verdict.Exclude(FlowReason.CtIcmp, FlowReason.EncapOff);
        }
    }

    private static void Settings(in FlowShape shape, FlowReasonFacts facts, ref FlowVerdict verdict)
    {
        if (facts.HwOffload == false && shape.State == FlowState.Software)
        {
            verdict.Consider(FlowReason.HwOffloadOff, default, "hw-offload is not active");
        }

        if (facts.TcPolicy == TcPolicy.SkipHw && shape.State == FlowState.TcNotInHardware)
        {
            verdict.Consider(FlowReason.TcPolicySkipHw, default, "other_config:tc-policy=skip_hw");
        }
    }

    private static void Fallback(in FlowLine flow, in FlowShape shape, ref FlowVerdict verdict)
    {
        switch (shape.State)
        {
            case FlowState.Partial:
                verdict.Consider(FlowReason.PartialActions, flow.Actions);
                break;
            case FlowState.TcNotInHardware:
                // The kernel itself marked the filter as not in hardware (TCA_CLS_FLAGS_NOT_IN_HW).
                verdict.Confirm(FlowReason.NicRefused, "dp:tc without offloaded:yes");
                break;
            case FlowState.Software when shape.Userspace && flow.Packets == 0:
                verdict.Consider(FlowReason.TooNew, flow.Used);
                break;
            case FlowState.Software when shape.Userspace:
                verdict.Consider(FlowReason.UserspaceDatapath, flow.Layer);
                break;
        }
    }
}
