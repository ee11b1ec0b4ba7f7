namespace OvsOffload.Flows;

/// <summary>Reasons that the kernel or the driver gave: by the flags of the flow's tc filter, or in a log.</summary>
internal static class KernelReasons
{
    /// <summary>Replaces what was inferred, or only guessed, by what the kernel said.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="facts">The host.</param>
    /// <param name="shape">What the rules found.</param>
    /// <param name="verdict">What they decided.</param>
    public static void Apply(in FlowLine flow, FlowReasonFacts facts, in FlowShape shape, ref FlowVerdict verdict)
    {
        if (shape.State == FlowState.TcNotInHardware && flow.Ufid is { } ufid
            && facts.Filters?.GetValueOrDefault(ufid) is { } filter)
        {
            ApplyFilter(filter, ref verdict);
        }

        if (facts.Logged.IsEmpty || shape.Userspace || verdict.Reason <= FlowReason.TcPolicySkipHw)
        {
            return;
        }

        if (shape.State == FlowState.Software && flow.Ufid is { } id
            && facts.LoggedFlows.GetValueOrDefault(id) is { } own
            && (own.Reason != FlowReason.KernelRefused || IsInferred(verdict.Reason)))
        {
            verdict.Confirm(own.Reason, own.Line);
            return;
        }

        // A line of a log names a port at best, never the flow. So it confirms what the flow itself shows, and speaks
        // alone only where the flow shows nothing, and where all lines about its port agree.
        bool nic = shape.State == FlowState.TcNotInHardware;
        LoggedRefusal? only = null;
        bool disagree = false;
        foreach (LoggedRefusal logged in facts.Logged)
        {
            if (logged.Reason == verdict.Reason && Concerns(logged, shape, orUnnamed: true))
            {
                verdict.Confirm(verdict.Reason, logged.Line);
                return;
            }

            if (logged.ByNic == nic && !logged.IsOfPair && Concerns(logged, shape, orUnnamed: false))
            {
                disagree |= only is not null && only.Reason != logged.Reason;
                only = logged;
            }
        }

        if (only is not null && !disagree && IsInferred(verdict.Reason))
        {
            verdict.Confirm(only.Reason, only.Line);
        }
    }

    private static void ApplyFilter(FlowFilterFact filter, ref FlowVerdict verdict)
    {
        if (filter.SkipHardware)
        {
            verdict.Confirm(FlowReason.SkipHardwareFlag, filter.Words);
        }
        else if (filter.InHardware)
        {
            verdict.Confirm(FlowReason.TooNew, filter.Words);
        }
        else if (verdict.Reason == FlowReason.NicRefused)
        {
            verdict.Confirm(FlowReason.NicRefused, filter.Words);
        }
    }

    private static bool IsInferred(FlowReason reason) => reason >= FlowReason.NicRefused;

    private static bool Concerns(LoggedRefusal logged, in FlowShape shape, bool orUnnamed) => logged switch
    {
        { Device: { } device } => shape.InPort?.Name == device,
        { Pf: { } pf } => shape.Nic?.Pf == pf,
        _ => orUnnamed,
    };
}
