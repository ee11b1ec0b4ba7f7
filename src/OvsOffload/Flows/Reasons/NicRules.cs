using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>Reasons that lie in what kernel and NIC can do with what a flow asks for.</summary>
internal static class NicRules
{
    /// <summary>Looks at conntrack, when key and actions have been read.</summary>
    public static void Conntrack(FlowReasonFacts facts, in FlowShape shape, ref FlowVerdict verdict)
    {
        // Of a match on connections the hardware sees the outcome, so the action says more.
        ReadOnlySpan<byte> evidence = shape.CtAction.IsEmpty ? shape.CtMatch : shape.CtAction;
        if (!shape.Userspace && !shape.Recirculation.IsEmpty && facts.RecircSharing == false)
        {
            verdict.Consider(FlowReason.RecircSharing, shape.Recirculation);
        }
        else if (!shape.Recirculation.IsEmpty && facts.RecircSharing is null)
        {
            verdict.NotKnown ??= "it recirculates: whether the kernel has CONFIG_NET_TC_SKB_EXT is not known";
        }

        if (evidence.IsEmpty || shape.Userspace)
        {
            return;
        }

        if (facts.ConntrackOffload == false)
        {
            verdict.Consider(FlowReason.CtKernel, evidence);
        }
        else if (IsOldKernel(facts, shape.Nic, NicFeature.ConnectionTracking) == true)
        {
            verdict.Consider(FlowReason.CtKernel, evidence, "the kernel is older than the one that brought it");
        }

        if (shape.IsIcmp)
        {
            verdict.Consider(FlowReason.CtIcmp, evidence);
        }

        if (facts.TcPolicy == TcPolicy.SkipSw)
        {
            verdict.Consider(FlowReason.CtSkipSoftware, evidence);
        }

        // ConnectX-5 tracks connections, within limits, as long as nothing is mirrored.
        Needs(
            NicFeature.ConnectionTracking, shape.Outputs > 1 ? FlowReason.CtMirror : FlowReason.CtNic, evidence, facts,
            shape, ref verdict);
    }

    /// <summary>A meter.</summary>
    public static void Meter(
        ReadOnlySpan<byte> action, FlowReasonFacts facts, in FlowShape shape, ref FlowVerdict verdict) =>
        Needs(NicFeature.Meters, FlowReason.Meter, action, facts, shape, ref verdict);

    /// <summary>Addresses or ports are set before conntrack.</summary>
    public static void SetBeforeConntrack(in FlowShape shape, ref FlowVerdict verdict)
    {
        if (Does(shape.Nic, NicFeature.ConnectionTracking) == false)
        {
            verdict.Consider(FlowReason.CtAfterSet, shape.TupleSet);
        }
    }

    /// <summary>
    /// Whether a NIC does something without limits; null where the NIC, or what it does, is not known.
    /// </summary>
    public static bool? Does(FlowPort? port, NicFeature feature) => port?.Nic?[feature] switch
    {
        SupportLevel.Full => true,
        SupportLevel.None or SupportLevel.Limited => false,
        _ => null,
    };

    /// <summary>Whether the kernel is older than the one whose driver of the NIC brought a feature; null where that is
    /// not known.</summary>
    public static bool? IsOldKernel(FlowReasonFacts facts, FlowPort? port, NicFeature feature) =>
        facts.Kernel is { } kernel && port?.Nic is { } nic
        && nic.Generation.Driver.Since.TryGetValue(feature, out KernelVersion since)
            ? kernel < since
            : null;

    /// <summary>Without the NIC's model nothing is said of the NIC, only what would have to be known of it.</summary>
    private static void Needs(
        NicFeature feature,
        FlowReason reason,
        ReadOnlySpan<byte> evidence,
        FlowReasonFacts facts,
        in FlowShape shape,
        ref FlowVerdict verdict)
    {
        switch (Does(shape.Nic, feature))
        {
            case false:
                verdict.Consider(reason, evidence);
                break;

            // What stayed out of tc although tc may keep flows to itself was not refused by a NIC.
            case null when shape.State != FlowState.Software || facts.TcPolicy != TcPolicy.None:
                verdict.NotKnown = feature == NicFeature.Meters
                    ? "it needs meters in the NIC: which NIC it is, or what that one can do, is not known"
                    : "it needs conntrack offload: which NIC it is, or what that one can do, is not known";
                break;
        }
    }
}
