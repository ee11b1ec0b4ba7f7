using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>Decides why a flow is not offloaded, from its line and from what is known of the host. Pure.</summary>
internal static class FlowDiagnosis
{
    /// <summary>The reason of a flow that is neither offloaded nor of unknown state.</summary>
    public static FlowVerdict Decide(in FlowLine flow, FlowReasonFacts facts)
    {
        var verdict = new FlowVerdict();
        if (!flow.OffloadInfo.IsEmpty)
        {
            SaidBySwitch(flow.OffloadInfo, ref verdict);
            return verdict;
        }

        var shape = new FlowShape { State = flow.State, Userspace = IsUserspace(flow) };
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

    /// <summary>
    /// What is known to keep a flow out of hardware on a host, wherever it lies now:
    /// <see cref="FlowReason.Unknown"/> where nothing is; what would have to be known for that is in
    /// <see cref="FlowVerdict.NotKnown"/>.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="facts">The host.</param>
    public static FlowVerdict Foresee(in FlowLine flow, FlowReasonFacts facts)
    {
        if (IsUserspace(flow) || !flow.OffloadInfo.IsEmpty)
        {
            // Nothing of what is assumed bears on another datapath.
            return Decide(flow, facts);
        }

        // First as Open vSwitch sees it, then as the NIC sees what Open vSwitch has passed to tc.
        FlowVerdict verdict = Obstacles(flow, facts, FlowState.Software);
        if (IsObstacle(verdict))
        {
            return verdict;
        }

        FlowVerdict ofNic = Obstacles(flow, facts, FlowState.TcNotInHardware);
        ofNic.NotKnown ??= verdict.NotKnown;
        return ofNic;
    }

    /// <summary>Whether a verdict of <see cref="Foresee"/> names an obstacle that is known to be one.</summary>
    public static bool IsObstacle(in FlowVerdict verdict) => verdict.Reason < FlowReason.NicRefused
        && (verdict.NotKnown is null || !ReferenceEquals(verdict.NotKnown, verdict.Message));

    private static FlowVerdict Obstacles(in FlowLine flow, FlowReasonFacts facts, FlowState state)
    {
        var shape = new FlowShape { State = state };
        var verdict = new FlowVerdict();
        Exclude(shape, facts, ref verdict);
        MatchRules.Apply(flow, facts, ref shape, ref verdict);
        PortRules.Input(facts, ref shape, ref verdict);
        ActionRules.Apply(flow.Actions, facts, ref shape, ref verdict);
        NicRules.Conntrack(facts, shape, ref verdict);
        InlineRules.Apply(flow.Key, shape, ref verdict);
        Settings(shape, facts, ref verdict);
        return verdict;
    }

    /// <summary>Whether the flow lies in the userspace datapath, so that tc has no part in it.</summary>
    private static bool IsUserspace(in FlowLine flow) =>
        flow.HasExtraInfo || flow.Layer.SequenceEqual("dpdk"u8) || flow.Layer.SequenceEqual("dummy"u8)
        || flow.Layer.SequenceEqual("doca"u8);

    /// <summary>OVS-DOCA prints why it did not take a flow.</summary>
    private static void SaidBySwitch(ReadOnlySpan<byte> words, ref FlowVerdict verdict) => verdict.Say(
        words switch
        {
            _ when words.IndexOf("ct_state=+new"u8) >= 0 => FlowReason.NewConnection,

            // An internal port has no port on the e-switch.
            _ when words.IndexOf("unable to get eswitch mgr port id"u8) >= 0 => FlowReason.FromInternalPort,
            _ => FlowReason.ProviderRefused,
        },
        words);

    /// <summary>
    /// What tc took was not refused by Open vSwitch, and what tc did not take although it may keep flows to itself was
    /// not refused by a NIC.
    /// </summary>
    private static void Exclude(in FlowShape shape, FlowReasonFacts facts, ref FlowVerdict verdict)
    {
        if (shape.State == FlowState.TcNotInHardware)
        {
            verdict.Exclude(FlowReason.TooManyOutputs, FlowReason.RecircIdTooLarge);
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
                verdict.Confirm(FlowReason.NicRefused, verdict.NotKnown ?? (shape.Nic is null
                    ? "dp:tc without offloaded:yes; which NIC it is, if any, is not known"
                    : "dp:tc without offloaded:yes"));
                break;
            case FlowState.Software when shape.Userspace && flow.Packets == 0:
                verdict.Consider(FlowReason.TooNew, flow.Used);
                break;
            case FlowState.Software when shape.Userspace:
                verdict.Consider(FlowReason.UserspaceDatapath, flow.Layer);
                break;
            default:
                verdict.Explain(verdict.NotKnown);
                break;
        }
    }
}
