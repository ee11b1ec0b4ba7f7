using System.Collections.Immutable;

namespace OvsOffload.Flows;

/// <summary>Counts why the flows of one dump are not offloaded. What only the whole dump shows is settled at its
/// end.</summary>
/// <param name="facts">What reasons are decided by.</param>
internal sealed class ReasonTally(FlowReasonFacts facts)
{
    private const int Sources = (int)ReasonSource.Switch + 1;

    private readonly FlowSum[] _counts = new FlowSum[FlowReasons.All.Length * Sources];
    private readonly long[] _expected = new long[(int)FlowState.Offloaded + 1];
    private readonly RecircGraph _recirculation = new();
    private bool _anyInTc;
    private bool _anyUnknown;
    private bool _isDoca;

    /// <summary>
    /// Those that no host offloads, by state: what the reason of the flow itself shows, before the whole dump is known.
    /// </summary>
    public FlowCounts Expected => new(
        0,
        _expected[(int)FlowState.Partial],
        _expected[(int)FlowState.TcNotInHardware],
        _expected[(int)FlowState.Software],
        0);

    /// <summary>Decides the reason of a flow, and takes it in.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="state">Its state.</param>
    /// <param name="by">1; 0 for a flow that is not asked for.</param>
    /// <returns>What <see cref="Remove"/> takes; 0 for an offloaded flow.</returns>
    public int Add(in FlowLine flow, FlowState state, int by)
    {
        _anyInTc |= state > FlowState.Software;
        _anyUnknown |= state == FlowState.Unknown;
        if (flow.State is FlowState.Offloaded or FlowState.Unknown)
        {
            _isDoca |= flow.Layer.SequenceEqual("doca"u8);
            _recirculation.Add(flow, state, 0, FlowReason.Unknown);
            return 0;
        }

        FlowVerdict verdict = FlowDiagnosis.Decide(flow, facts);
        _isDoca |= !flow.OffloadInfo.IsEmpty;
        _recirculation.Add(flow, state, verdict.RecircId, verdict.Reason);
        int index = IndexOf(verdict.Reason, verdict.Source);
        Move(index, verdict.RecircId, by, by == 0 ? 0 : flow.Packets);
        NoteExpected(index, state, by);
        return index;
    }

    /// <summary>A flow that was counted got further in another copy.</summary>
    /// <param name="index">What <see cref="Add"/> gave.</param>
    /// <param name="recircId">The flow's.</param>
    /// <param name="state">What the first copy said.</param>
    public void Remove(int index, ulong recircId, FlowState state)
    {
        Move(index, recircId, -1, 0);
        NoteExpected(index, state, -1);
    }

    /// <summary>The counts, with what the whole dump shows.</summary>
    /// <param name="whole">What it shows.</param>
    public ImmutableArray<ReasonCount> Build(out WholeDump whole)
    {
        whole = new WholeDump(_recirculation, !_anyInTc && !_anyUnknown, _isDoca);
        var counts = (FlowSum[])_counts.Clone();
        var followers = new FlowSum[FlowReasons.All.Length];
        foreach ((ulong recircId, RecircGraph.Node node) in _recirculation.Nodes)
        {
            if (whole.RootOf(recircId) is { } root)
            {
                Follow(node.Unknown, IndexOf(FlowReason.Unknown, ReasonSource.Inferred), root);
                Follow(node.Missing, IndexOf(FlowReason.MissingChain, ReasonSource.Kernel), root);
            }
        }

        var merged = new SortedDictionary<int, FlowSum>();
        for (int index = 0; index < counts.Length; index++)
        {
            FlowReason reason = whole.Settle((FlowReason)(index / Sources));
            int settled = ((int)reason * Sources) + (index % Sources);
            merged[settled] = merged.GetValueOrDefault(settled) + counts[index];
        }

        ImmutableArray<ReasonCount>.Builder built = ImmutableArray.CreateBuilder<ReasonCount>();
        foreach ((int index, FlowSum count) in merged)
        {
            var reason = (FlowReason)(index / Sources);
            if (count.Flows > 0)
            {
                built.Add(new ReasonCount(reason, (ReasonSource)(index % Sources), count.Flows)
                {
                    Packets = count.Packets,
                    FollowOnFlows = followers[(int)reason].Flows,
                    FollowOnPackets = followers[(int)reason].Packets,
                });

                // They are told once, where two sources give the same reason.
                followers[(int)reason] = default;
            }
        }

        return built.ToImmutable();

        void Follow(FlowSum count, int index, FlowReason root)
        {
            // Of two flows that a damaged dump gives one id, the second may take away what the first brought.
            FlowSum moved = count with { Flows = Math.Clamp(count.Flows, 0, Math.Max(0, counts[index].Flows)) };
            counts[index] -= moved;
            counts[IndexOf(FlowReason.FollowOn, ReasonSource.Inferred)] += moved;
            followers[(int)root] += moved;
        }
    }

    private static int IndexOf(FlowReason reason, ReasonSource source) => ((int)reason * Sources) + (int)source;

    private void NoteExpected(int index, FlowState state, int by)
    {
        if (!FlowReasons.Of((FlowReason)(index / Sources)).IsFault)
        {
            _expected[(int)state] += by;
        }
    }

    private void Move(int index, ulong recircId, int flows, ulong packets)
    {
        var by = new FlowSum(flows, packets);
        _counts[index] += by;
        if (recircId == 0 || !RecircGraph.CanFollow((FlowReason)(index / Sources))
            || _recirculation.At(recircId) is not { } node)
        {
            return;
        }

        if (index == IndexOf(FlowReason.Unknown, ReasonSource.Inferred))
        {
            node.Unknown += by;
        }
        else if (index == IndexOf(FlowReason.MissingChain, ReasonSource.Kernel))
        {
            node.Missing += by;
        }
    }
}
