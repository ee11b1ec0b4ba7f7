using System.Collections.Immutable;

namespace OvsOffload.Flows;

/// <summary>What flows would meet on another host, beside what they meet now.</summary>
/// <param name="Now">Why they are not offloaded; null for those that are.</param>
/// <param name="Outcome">What is known of them there.</param>
/// <param name="Then">The obstacle there; null without a known one.</param>
/// <param name="NotKnown">What would have to be known; null where nothing.</param>
/// <param name="Flows">How many.</param>
/// <param name="Packets">Their packets.</param>
internal sealed record WhatIfCount(
    FlowReason? Now, WhatIfOutcome Outcome, FlowReason? Then, string? NotKnown, long Flows, ulong Packets);

/// <summary>What is known of a flow on another host.</summary>
internal enum WhatIfOutcome
{
    /// <summary>No obstacle that is known is there.</summary>
    NoKnownObstacle,

    /// <summary>An obstacle is there.</summary>
    Obstacle,

    /// <summary>What it needs is not known there, or why it is refused now.</summary>
    Unknown,
}

/// <summary>Compares the flows of a dump as they are with what they would meet under assumptions.</summary>
/// <param name="facts">The host of the dump.</param>
/// <param name="assumed">The host with what is assumed.</param>
/// <param name="maxFlows">The most distinct flows that are told apart.</param>
internal sealed class WhatIfTally(FlowReasonFacts facts, FlowReasonFacts assumed, int maxFlows) : IFlowConsumer
{
    private readonly ReasonTally _now = new(facts);
    private readonly RecircGraph _then = new();
    private readonly UfidTable _seen = new(maxFlows);
    private readonly Dictionary<Case, (long Flows, ulong Packets)> _cases = [];

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> line, bool whole = true)
    {
        if (whole && FlowLine.Read(line, out FlowLine flow) == FlowLineKind.Flow)
        {
            Add(flow);
        }
    }

    /// <inheritdoc/>
    public void AddRest(ReadOnlySpan<byte> rest, bool whole = true)
    {
        if (whole && FlowLine.Read(rest, out FlowLine flow) == FlowLineKind.Flow && FlowLine.IsBalanced(flow.Actions))
        {
            Add(flow);
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
    }

    /// <summary>The cases, those with most packets first.</summary>
    public ImmutableArray<WhatIfCount> Build()
    {
        _now.Build(out WholeDump whole);
        var counts = new Dictionary<(FlowReason?, WhatIfOutcome, FlowReason?, string?), (long Flows, ulong Packets)>();
        foreach ((Case one, (long flows, ulong packets)) in _cases)
        {
            (FlowReason? Now, WhatIfOutcome Outcome, FlowReason? Then, string? NotKnown) key = Settle(one, whole);
            (long sum, ulong sumOfPackets) = counts.GetValueOrDefault(key);
            counts[key] = (sum + flows, sumOfPackets + packets);
        }

        return
        [
            .. counts
                .Select(pair => new WhatIfCount(
                    pair.Key.Item1, pair.Key.Item2, pair.Key.Item3, pair.Key.Item4, pair.Value.Flows,
                        pair.Value.Packets))
                .OrderByDescending(count => count.Packets).ThenByDescending(count => count.Flows),
        ];
    }

    private (FlowReason? Now, WhatIfOutcome Outcome, FlowReason? Then, string? NotKnown) Settle(
        Case one, WholeDump whole)
    {
        FlowReason? now = one.Now is not { } reason ? null
            : RecircGraph.CanFollow(reason) && whole.RootOf(one.RecircId) is not null ? FlowReason.FollowOn
            : whole.Settle(reason);
        if (one.Then is { } obstacle)
        {
            return (now, WhatIfOutcome.Obstacle, obstacle, null);
        }

        if (_then.RootOf(one.RecircId) is not null)
        {
            return (now, WhatIfOutcome.Obstacle, FlowReason.FollowOn, null);
        }

        if (one.NotKnown is { } needed)
        {
            return (now, WhatIfOutcome.Unknown, null, needed);
        }

        // Why it is refused now nobody knows, so neither whether it goes there. Where no flow is in tc, or those that
        // lead to it are not, the reason is not the flow's own.
        return now >= FlowReason.NicRefused && now is not (FlowReason.NothingInTc or FlowReason.FollowOn)
            && !one.NeededUnknown
            ? (now, WhatIfOutcome.Unknown, null, "why it is rejected now")
            : (now, WhatIfOutcome.NoKnownObstacle, null, null);
    }

    private void Add(in FlowLine flow)
    {
        // Every thread of the userspace datapath shows a flow.
        var seen = new SeenFlow(flow.State, 0, 0);
        if ((!flow.UfidText.IsEmpty && _seen.Find(flow.UfidText, ref seen, out _) == UfidLookup.Known)
            || flow.State == FlowState.Unknown)
        {
            return;
        }

        _now.Add(flow, flow.State, by: 1);
        FlowVerdict now = flow.State == FlowState.Offloaded ? default : FlowDiagnosis.Decide(flow, facts);
        FlowVerdict then = FlowDiagnosis.Foresee(flow, assumed);
        bool obstacle = FlowDiagnosis.IsObstacle(then);
        _then.Add(
            flow, obstacle ? FlowState.Software : FlowState.Offloaded, then.RecircId,
            obstacle ? then.Reason : FlowReason.Unknown);
        var key = new Case(
            then.RecircId,
            flow.State == FlowState.Offloaded ? null : now.Reason,
            obstacle ? then.Reason : null,
            obstacle || flow.State == FlowState.Offloaded ? null : then.NotKnown,
            now.NotKnown is not null);
        (long flows, ulong packets) = _cases.GetValueOrDefault(key);
        _cases[key] = (flows + 1, packets + flow.Packets);
    }

    /// <summary>Flows of one kind.</summary>
    private readonly record struct Case(
        ulong RecircId, FlowReason? Now, FlowReason? Then, string? NotKnown, bool NeededUnknown);
}
