using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;

namespace OvsOffload.Flows;

/// <summary>Counts the lines of a dump, fed one by one; allocates nothing for a line, but for a port or layer not seen
/// before.</summary>
/// <param name="maxFlows">The most distinct flows that are told apart (14 bytes of memory each); more are told by
/// <see cref="FlowTally.BeyondLimit"/>.</param>
/// <param name="expectedFlows">How many there will be; 0 where nobody knows.</param>
internal sealed class FlowTallyBuilder(int maxFlows, long expectedFlows = 0) : IFlowConsumer
{
    /// <summary>Ports beyond this many are counted together under <see cref="OtherPorts"/>: a real host has
    /// fewer.</summary>
    internal const int MaxPorts = ushort.MaxValue;

    /// <summary>Name that stands for the ports above <see cref="MaxPorts"/>.</summary>
    internal const string OtherPorts = "other";

    private const int States = (int)FlowState.Offloaded + 1;

    /// <summary>Flows that are looked up together: about as many as memory is asked for at once.</summary>
    private const int BatchFlows = 16;

    /// <summary>Bytes of a line that could not be read that are shown.</summary>
    private const int ShownOfMalformed = 120;

    private readonly NameTable _ports = new(MaxPorts, OtherPorts);

    // One number stands for all layers above the limit.
    private readonly NameTable _layers = new(SeenFlow.MaxLayers - 1, OtherPorts);
    private readonly UfidTable _flows = new(maxFlows, expectedFlows);

    private readonly List<long[]> _byPort = [];
    private readonly long[] _byLayer = new long[SeenFlow.MaxLayers];
    private readonly SortedSet<string> _conntrackPorts = new(StringComparer.Ordinal);
    private long _conntrack;
    private long _malformed;
    private long _other;
    private long _lines;
    private long _beyondLimit;
    private bool _aborted;
    private string? _firstMalformed;
    private ReasonTally? _reasons;

    /// <summary>What the reasons are decided by; null (the default) when they are not asked for.</summary>
    public FlowReasonFacts? Facts
    {
        get;
        init
        {
            field = value;
            _reasons = value is null ? null : new ReasonTally(value);
        }
    }

    /// <summary>Count the flows that send packets through conntrack.</summary>
    public bool CountConntrack { get; init; }

    /// <summary>Count by state and layer only; no port is told then.</summary>
    public bool StatesOnly { get; init; }

    /// <summary>
    /// Tell flows without a ufid apart by their keys, as in a dump without <c>-m</c> whose datapath shows each flow
    /// once for each thread. Without, every such line counts.
    /// </summary>
    public bool ByKey { get; init; }

    /// <summary>The state of lines that name none: what the dump was limited to.</summary>
    public FlowState DumpedAs { get; init; } = FlowState.Unknown;

    /// <summary>Which flows are counted; what it says of states and of a limit is left to who shows them.</summary>
    public FlowQuery Query { get; init; } = FlowQuery.All;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> line, bool whole = true)
    {
        if (line.Length > FlowStateScan.UfidStart + Ufid.Length)
        {
            // The line is read meanwhile.
            _flows.Prefetch(line.Slice(FlowStateScan.UfidStart, Ufid.Length));
        }

        switch (FlowLine.Read(line, out FlowLine flow))
        {
            // What looks like a flow may end too early without a trace when its actions are cut off.
            case FlowLineKind.Flow or FlowLineKind.Malformed when !whole:
            case FlowLineKind.Malformed:
                NoteMalformed(line);
                break;
            case FlowLineKind.Flow:
                Count(flow);
                break;
            default:
                _other++;
                break;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int AddLines(ReadOnlySpan<byte> text, int maxLineBytes)
    {
        if (!StatesOnly || Facts is not null || !Query.Ports.IsEmpty)
        {
            return 0;
        }

        int taken = 0;
        int layer = 0;
        ReadOnlySpan<byte> layerName = [];
        Span<(ulong Hash, SeenFlow Seen)> batch = stackalloc (ulong, SeenFlow)[BatchFlows];
        int waiting = 0;
        while (FlowStateScan.TryRead(
            text[taken..], out FlowState state, out ReadOnlySpan<byte> name) is > 0 and var length
            && length <= maxLineBytes + 1)
        {
            if (!name.SequenceEqual(layerName) || taken == 0)
            {
                layerName = name;
                layer = _layers.IndexOf(name);
            }

            ulong hash = UfidTable.HashOf(text.Slice(taken + FlowStateScan.UfidStart, Ufid.Length));
            // The lines up to the end of the batch are read meanwhile.
            _flows.Prefetch(hash);
            batch[waiting++] = (hash, new SeenFlow(state == FlowState.Unknown ? DumpedAs : state, layer, 0));
            taken += length;
            if (waiting == batch.Length)
            {
                Count(batch);
                waiting = 0;
            }
        }

        Count(batch[..waiting]);
        return taken;
    }

    /// <summary>Counts what comes after the last newline. A flow that could be whole is one, for files lose their last
    /// newline on the way; anything else is a line that was cut off.</summary>
    /// <inheritdoc/>
    public void AddRest(ReadOnlySpan<byte> rest, bool whole = true)
    {
        if (rest.IsEmpty)
        {
            return;
        }

        switch (FlowLine.Read(rest, out FlowLine flow))
        {
            case FlowLineKind.Flow when whole && FlowLine.IsBalanced(flow.Actions):
                Count(flow);
                break;
            case FlowLineKind.Other:
                _other++;
                _aborted |= _lines > 0;
                break;
            default:
                NoteMalformed(rest);
                _aborted = true;
                break;
        }
    }

    /// <inheritdoc/>
    public void Abort() => _aborted = true;

    public FlowTally Build()
    {
        // Names of bytes that are no UTF-8 may read the same, so names are no keys until here. Loops, as queries over
        // pairs would be compiled at each start.
        var ports = new Dictionary<string, FlowCounts>();
        var all = default(FlowCounts);
        for (int port = 0; port < _byPort.Count; port++)
        {
            string name = StatesOnly ? "" : _ports.Names[port];
            FlowCounts counts = Counts(_byPort[port]);
            ports[name] = ports.GetValueOrDefault(name) + counts;
            all += counts;
        }

        var layers = new Dictionary<string, long>();
        for (int layer = 0; layer < _layers.Names.Count; layer++)
        {
            if (_layers.Names[layer] is { Length: > 0 } name)
            {
                layers[name] = layers.GetValueOrDefault(name) + _byLayer[layer];
            }
        }

        WholeDump? whole = null;
        ImmutableArray<ReasonCount> reasons = _reasons is null
            ? []
            : [.. _reasons.Build(out whole).Where(count => Query.HasReason(count.Reason))];
        return new FlowTally
        {
            Flows = all,
            Ports = ports,
            Layers = layers,
            Whole = whole,
            FirstMalformed = _firstMalformed,
            Conntrack = CountConntrack ? new ConntrackFlows(_conntrack, [.. _conntrackPorts]) : null,
            Reasons = reasons,
            Expected = _reasons?.Expected ?? default,
            Lines = _lines,
            Malformed = _malformed,
            Other = _other,
            BeyondLimit = _beyondLimit,
            Truncated = _aborted || _beyondLimit > 0,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(in FlowLine flow)
    {
        _lines++;
        FlowState state = flow.State == FlowState.Unknown ? DumpedAs : flow.State;
        if (!Query.HasPort(flow))
        {
            // It may still lead to flows that are asked for.
            _reasons?.Add(flow, state, by: 0);
            return;
        }

        int layer = _layers.IndexOf(flow.Layer);
        if (flow.UfidText.IsEmpty && !ByKey)
        {
            // Flows without a ufid cannot be told apart.
            NoteConntrack(flow);
            _reasons?.Add(flow, state, by: 1);
            Count(PortOf(flow), layer, 1, state);
            return;
        }

        var seen = new SeenFlow(state, layer, 0);
        UfidLookup lookup = flow.UfidText.IsEmpty
            ? _flows.FindKey(flow.Key, ref seen, out int slot)
            : _flows.Find(flow.UfidText, ref seen, out slot);
        switch (lookup)
        {
            case UfidLookup.Full:
                _beyondLimit++;
                return;
            case UfidLookup.Known when seen.State >= state:
                return;
            case UfidLookup.Known:
                // Another thread's copy got further.
                Count(PortOf(flow), seen.Layer, -1, seen.State);
                if (seen.State is not (FlowState.Offloaded or FlowState.Unknown))
                {
                    _reasons?.Remove(seen.Reason, MatchRules.RecircIdOfKey(flow.Key), seen.State);
                }

                break;
        }

        if (lookup == UfidLookup.New)
        {
            NoteConntrack(flow);
        }

        int reason = _reasons?.Add(flow, state, by: 1) ?? 0;
        _flows.Replace(slot, new SeenFlow(state, layer, reason));
        Count(PortOf(flow), layer, 1, state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(ReadOnlySpan<(ulong Hash, SeenFlow Seen)> flows)
    {
        _lines += flows.Length;
        foreach ((ulong hash, SeenFlow now) in flows)
        {
            SeenFlow seen = now;
            switch (_flows.Find(hash, ref seen, out int slot))
            {
                case UfidLookup.Full:
                    _beyondLimit++;
                    continue;
                case UfidLookup.Known when seen.State >= now.State:
                    continue;
                case UfidLookup.Known:
                    Count(port: 0, seen.Layer, -1, seen.State);
                    _flows.Replace(slot, now);
                    break;
            }

            Count(port: 0, now.Layer, 1, now.State);
        }
    }

    private void NoteConntrack(in FlowLine flow)
    {
        if (CountConntrack && ConntrackAction.IsIn(flow.Actions))
        {
            _conntrack++;
            if (_conntrackPorts.Count < ConntrackFlows.MaxPorts)
            {
                _conntrackPorts.Add(Encoding.UTF8.GetString(flow.InPort));
            }
        }
    }

    private int PortOf(in FlowLine flow) => StatesOnly ? 0 : _ports.IndexOf(flow.InPort);

    private void Count(int port, int layer, int by, FlowState state)
    {
        if (port == _byPort.Count)
        {
            _byPort.Add(new long[States]);
        }

        _byPort[port][(int)state] += by;
        _byLayer[layer] += by;
    }

    private void NoteMalformed(ReadOnlySpan<byte> line)
    {
        _malformed++;
        _firstMalformed ??= Encoding.UTF8.GetString(line[..Math.Min(line.Length, ShownOfMalformed)]);
    }

    private static FlowCounts Counts(long[] byState) =>
        new(
            byState[(int)FlowState.Offloaded],
            byState[(int)FlowState.Partial],
            byState[(int)FlowState.TcNotInHardware],
            byState[(int)FlowState.Software],
            byState[(int)FlowState.Unknown]);
}
