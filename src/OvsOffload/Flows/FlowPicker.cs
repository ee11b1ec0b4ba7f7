namespace OvsOffload.Flows;

/// <summary>
/// Picks flows out of a dump: hands them out as they come, or keeps those with most packets. Each flow once, also where
/// several threads show it.
/// </summary>
/// <param name="query">Which flows.</param>
/// <param name="facts">What reasons are decided by.</param>
/// <param name="maxFlows">The most distinct flows that are told apart.</param>
/// <param name="found">Gets each flow as it comes; not called where the query has a limit.</param>
internal sealed class FlowPicker(FlowQuery query, FlowReasonFacts facts, int maxFlows, Action<FlowRecord> found)
    : IFlowConsumer
{
    // The one with the fewest packets is at the front.
    private readonly PriorityQueue<FlowRecord, ulong> _most = new();
    private UfidTable _seen = new(maxFlows);
    private string _datapath = "";

    /// <summary>The state of lines that name none: what the dump was limited to.</summary>
    public FlowState DumpedAs { get; init; } = FlowState.Unknown;

    /// <summary>How many lines were flows, picked or not, looked like flows, and were none.</summary>
    public LineCounts Lines { get; private set; }

    /// <summary>Also gets every line, such as a tally.</summary>
    public IFlowConsumer? Companion { get; set; }

    /// <summary>Gets every line, too.</summary>
    public IFlowConsumer? WhatIf { get; set; }

    /// <summary>The flows with most packets, most first; empty where the query has no limit.</summary>
    public IReadOnlyList<FlowRecord> Largest =>
        [.. _most.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];

    /// <summary>The lines that follow are those of another datapath.</summary>
    public void Begin(string datapath)
    {
        _datapath = datapath;
        _seen = new UfidTable(maxFlows);
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> line, bool whole = true)
    {
        Companion?.Add(line, whole);
        WhatIf?.Add(line, whole);
        FlowLineKind kind = FlowLine.Read(line, out FlowLine flow);
        Lines = Lines.With(whole || kind == FlowLineKind.Other ? kind : FlowLineKind.Malformed);
        if (whole && kind == FlowLineKind.Flow)
        {
            Pick(line, flow);
        }
    }

    /// <inheritdoc/>
    public void AddRest(ReadOnlySpan<byte> rest, bool whole = true)
    {
        Companion?.AddRest(rest, whole);
        WhatIf?.AddRest(rest, whole);
        if (rest.IsEmpty)
        {
            return;
        }

        FlowLineKind kind = FlowLine.Read(rest, out FlowLine flow);
        bool isFlow = whole && kind == FlowLineKind.Flow && FlowLine.IsBalanced(flow.Actions);
        Lines = Lines.With(isFlow || kind == FlowLineKind.Other ? kind : FlowLineKind.Malformed);
        if (isFlow)
        {
            Pick(rest, flow);
        }
    }

    /// <inheritdoc/>
    public void Abort() => Companion?.Abort();

    private void Pick(ReadOnlySpan<byte> line, in FlowLine flow)
    {
        FlowState state = flow.State == FlowState.Unknown ? DumpedAs : flow.State;
        if (!query.HasState(state) || !query.HasPort(flow))
        {
            return;
        }

        if (query.Top is { } top && _most.Count >= top && _most.TryPeek(out _, out ulong least)
            && flow.Packets <= least)
        {
            return;
        }

        var seen = new SeenFlow(state, 0, 0);
        if (!flow.UfidText.IsEmpty && _seen.Find(flow.UfidText, ref seen, out _) == UfidLookup.Known)
        {
            return;
        }

        var record = FlowRecord.Of(_datapath, line, flow, state, facts);
        if (!query.HasReason(record.Reason?.Reason))
        {
            return;
        }

        if (query.Top is null)
        {
            found(record);
            return;
        }

        _most.Enqueue(record, record.Packets);
        if (_most.Count > query.Top)
        {
            _most.Dequeue();
        }
    }
}
