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
        var evidence = shape.CtAction.IsEmpty ? shape.CtMatch : shape.CtAction;
        if (!shape.Userspace && !shape.Recirculation.IsEmpty && facts.RecircSharing == false)
        {
            verdict.Consider(FlowReason.RecircSharing, shape.Recirculation);
        }

        if (evidence.IsEmpty || shape.Userspace)
        {
            return;
        }

        if (facts.ConntrackOffload == false)
        {
            verdict.Consider(FlowReason.CtKernel, evidence);
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
        if (Lacks(shape.Nic, NicFeature.ConnectionTracking))
        {
            verdict.Consider(shape.Outputs > 1 ? FlowReason.CtMirror : FlowReason.CtNic, evidence);
        }
    }

    /// <summary>A meter.</summary>
    public static void Meter(ReadOnlySpan<byte> action, in FlowShape shape, ref FlowVerdict verdict)
    {
        if (Lacks(shape.Nic, NicFeature.Meters))
        {
            verdict.Consider(FlowReason.Meter, action);
        }
    }

    /// <summary>Addresses or ports are set before conntrack.</summary>
    public static void SetBeforeConntrack(in FlowShape shape, ref FlowVerdict verdict)
    {
        if (Lacks(shape.Nic, NicFeature.ConnectionTracking))
        {
            verdict.Consider(FlowReason.CtAfterSet, shape.TupleSet);
        }
    }

    /// <summary>Whether the NIC does not do it, or does it within limits; so too where the NIC is not known, as in a dump
    /// of another host.</summary>
    private static bool Lacks(FlowPort? port, NicFeature feature) =>
        port?.Nic is not { } nic || nic[feature] != Ability.Full;
}
