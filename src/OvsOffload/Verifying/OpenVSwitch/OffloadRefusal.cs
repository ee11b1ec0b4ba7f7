using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Why flows are not offloaded, as far as a log tells.</summary>
/// <param name="Evidence">The line of the log with <c>; </c> before it; empty without one.</param>
/// <param name="Cause">What it means.</param>
/// <param name="Fix">What mends it.</param>
internal sealed record OffloadRefusal(string Evidence, string Cause, string Fix)
{
    /// <summary>What the kernel's log says of rules that tc gave to the NIC.</summary>
    public static OffloadRefusal OfNic(HostState state)
    {
        HashSet<string> drivers = [.. state.KnownFunctions.Select(pf => pf.Driver).OfType<string>()];
        KernelLogRecord[] ofNic =
        [
            .. state.Kernel.Log.ValueOr([])
                .Where(record => drivers.Any(driver => record.Text.Contains(driver, StringComparison.Ordinal))),
        ];
        return Explain([.. ofNic.Select(record => record.Text)], "kernel log")
            ?? new OffloadRefusal(
                state switch
                {
                    { PhysicalFunctions.IsFailed: true } => $"; {Objects.UnreadableReason(state.PhysicalFunctions)}",
                    { Kernel.Log.IsKnown: true } => "; kernel log: no reason from the driver",
                    _ => $"; kernel log: {state.Kernel.Log.Why}",
                },
                "the driver rejected the rules without a reason",
                "add one of the rules manually to get the driver's message: tc filter add dev REPRESENTOR ingress "
                    + "protocol ip flower skip_sw .. action ..");
    }

    /// <summary>What ovs-vswitchd's log says of flows that it did not hand over.</summary>
    public static OffloadRefusal OfSwitch(HostState state)
    {
        string[] failures =
        [
            .. state.OpenVSwitch.Log.ValueOrDefault()?.Lines.Select(line => line.Message)
                .Where(message => message.Contains("offload", StringComparison.OrdinalIgnoreCase)) ?? [],
        ];
        string[] refused =
            [.. failures.Where(message => message.Contains("failed to offload", StringComparison.OrdinalIgnoreCase))];
        return Explain(failures, "ovs-vswitchd.log")
            ?? new OffloadRefusal(
                refused.Length > 0 ? $"; ovs-vswitchd.log: {refused[^1]}" : "; ovs-vswitchd.log: no reason",
                "the flows use ports that cannot be offloaded, or matches that tc does not support",
                $"find each flow's reason with {HostFlowFacts.LogOf(state).Advice}");
    }

    /// <summary>The refusal that says most, the newest of its kind.</summary>
    private static OffloadRefusal? Explain(IReadOnlyList<string> lines, string log)
    {
        (string Line, (FlowReason Reason, bool ByNic)? Meaning) refusal = lines.Reverse()
            .Select(line => (Line: line, Meaning: RefusalMessages.Find(line)))
            .Where(found => found.Meaning is not null and not (FlowReason.KernelRefused, _))
            .OrderBy(found => found.Meaning!.Value.Reason)
            .FirstOrDefault();
        if (refusal.Meaning is not { } meaning)
        {
            return null;
        }

        FlowReasonInfo info = FlowReasons.Of(meaning.Reason);
        return new OffloadRefusal(
            $"; {log}: {refusal.Line}", info.Sentence.TrimEnd('.'), info.Change
                + (info.Check is null ? "" : $" (see {info.Check})"));
    }
}
