namespace OvsOffload.Flows;

/// <summary>Counts the lines of a dump, fed one by one; allocates nothing for a line, but for a port or layer not seen
/// before.</summary>
/// <param name="maxFlows">The most distinct flows that are told apart (24 bytes to 48 bytes of memory each); more are
/// told by
/// <see cref="FlowTally.BeyondLimit"/>.</param>
internal sealed class FlowTallyBuilder(int maxFlows)
{
    /// <summary>Ports beyond this many are counted together under <see cref="OtherPorts"/>: a real host has
    /// fewer.</summary>
    internal const int MaxPorts = ushort.MaxValue;

    /// <summary>Layers beyond this many are counted together, likewise.</summary>
    private const int MaxLayers = 16;

    /// <summary>Name that stands for the ports above <see cref="MaxPorts"/>.</summary>
    internal const string OtherPorts = "other";

    private const int States = (int)FlowState.Offloaded + 1;

    private readonly NameTable _ports = new(MaxPorts, OtherPorts);
    private readonly NameTable _layers = new(MaxLayers, OtherPorts);
    private readonly UfidTable _flows = new(maxFlows);

    // Flows without a ufid are not kept apart; all counts are [port or layer][state].
    private readonly List<long[]> _byPort = [];
    private readonly List<long> _byLayer = [];
    private long _malformed;
    private long _other;
    private long _beyondLimit;
    private bool _brokeOff;

    /// <summary>Counts one line, without its newline.</summary>
    /// <param name="line">The line.</param>
    /// <param name="whole">False when only its beginning is at hand.</param>
    public void Add(ReadOnlySpan<byte> line, bool whole = true)
    {
        switch (FlowLine.Read(line, out var flow))
        {
            // What looks like a flow may end too early without a trace when its actions are cut off.
            case FlowLineKind.Flow or FlowLineKind.Malformed when !whole:
            case FlowLineKind.Malformed:
                _malformed++;
                break;
            case FlowLineKind.Flow:
                Count(flow);
                break;
            default:
                _other++;
                break;
        }
    }

    /// <summary>The dump ended before its end: what was counted is not all.</summary>
    public void BrokeOff() => _brokeOff = true;

    public FlowTally Build()
    {
        // Names of bytes that are no UTF-8 may read the same, so names are no keys until here.
        var ports = new Dictionary<string, FlowCounts>();
        foreach (var (name, counts) in _ports.Names.Zip(_byPort))
        {
            ports[name] = ports.GetValueOrDefault(name) + Counts(counts);
        }

        var layers = new Dictionary<string, long>();
        foreach (var (name, count) in _layers.Names.Zip(_byLayer).Where(layer => layer.First.Length > 0))
        {
            layers[name] = layers.GetValueOrDefault(name) + count;
        }

        return new FlowTally
        {
            Flows = ports.Values.Aggregate(default(FlowCounts), (sum, counts) => sum + counts),
            Ports = ports,
            Layers = layers,
            Malformed = _malformed,
            Other = _other,
            BeyondLimit = _beyondLimit,
            Truncated = _brokeOff || _beyondLimit > 0,
        };
    }

    private void Count(in FlowLine flow)
    {
        var port = Slot(_ports, flow.InPort, _byPort, () => new long[States]);
        var layer = Slot(_layers, flow.Layer, _byLayer, () => 0L);
        if (flow.Ufid is { } ufid)
        {
            ref var seen = ref _flows.Find(ufid, out var isNew, out var isFull);
            if (isFull)
            {
                _beyondLimit++;
                return;
            }

            if (!isNew)
            {
                if (seen.State >= flow.State)
                {
                    return;
                }

                // Another thread's copy got further: the flow moves there.
                _byPort[seen.Port][(int)seen.State]--;
                _byLayer[seen.Layer]--;
            }

            seen = new SeenFlow((ushort)port, (byte)layer, flow.State);
        }

        _byPort[port][(int)flow.State]++;
        _byLayer[layer]++;
    }

    private static int Slot<T>(NameTable names, ReadOnlySpan<byte> name, List<T> counts, Func<T> create)
    {
        var slot = names.IndexOf(name);
        if (slot == counts.Count)
        {
            counts.Add(create());
        }

        return slot;
    }

    private static FlowCounts Counts(long[] byState) =>
        new(
            byState[(int)FlowState.Offloaded],
            byState[(int)FlowState.Partial],
            byState[(int)FlowState.TcNotInHardware],
            byState[(int)FlowState.Software],
            byState[(int)FlowState.Unknown]);
}
