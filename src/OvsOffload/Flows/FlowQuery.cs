using System.Collections.Immutable;
using System.Text;

namespace OvsOffload.Flows;

/// <summary>Which flows are asked for; what is empty or null asks for all.</summary>
/// <param name="Ports">Flows that come from or go to one of these, by the names of the dump.</param>
/// <param name="States">Flows in one of these states.</param>
/// <param name="Reasons">Flows that are not offloaded for one of these reasons.</param>
/// <param name="Top">The most flows, those with most packets; null for all.</param>
/// <param name="NotOffloaded">Only flows that have a reason.</param>
internal sealed record FlowQuery(
    ImmutableArray<string> Ports,
    ImmutableArray<FlowState> States,
    ImmutableArray<FlowReason> Reasons,
    int? Top,
    bool NotOffloaded)
{
    /// <summary>The most flows that are kept while a dump is read.</summary>
    private const int MaxKept = 50_000;

    private readonly ImmutableArray<byte[]> _ports = Bytes(Ports);

    /// <summary>Flows that come from or go to one of these, by the names of the dump.</summary>
    public ImmutableArray<string> Ports
    {
        get;
        init
        {
            field = value;
            _ports = Bytes(value);
        }
    } = Ports;

    /// <summary>All flows.</summary>
    public static FlowQuery All { get; } = new([], [], [], null, false);

    /// <summary>Whether a flow comes from or goes to one of the ports.</summary>
    public bool HasPort(in FlowLine flow)
    {
        if (_ports.IsEmpty)
        {
            return true;
        }

        foreach (byte[] port in _ports)
        {
            if (flow.InPort.SequenceEqual(port) || OutputsTo(flow.Actions, port))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether flows in this state are asked for.</summary>
    public bool HasState(FlowState state) =>
        (States.IsEmpty || States.Contains(state))
        && ((!NotOffloaded && Reasons.IsEmpty) || state is not (FlowState.Offloaded or FlowState.Unknown));

    /// <summary>Whether flows with this reason are asked for.</summary>
    public bool HasReason(FlowReason? reason) => Reasons.IsEmpty || (reason is { } one && Reasons.Contains(one));

    /// <summary>The flows to keep until the dump ends, where it may show another reason than the line does.</summary>
    public FlowQuery ForPicking => Reasons.Any(FlowReasons.NeedsWholeDump)
        ? this with { Reasons = [], NotOffloaded = true, Top = MaxKept }
        : this;

    /// <summary>Of flows that were picked those that are asked for, with what the whole dump shows.</summary>
    /// <param name="picked">The flows, those with most packets first.</param>
    /// <param name="tallies">The counts of the same dump, by datapath.</param>
    public ImmutableArray<FlowRecord> Settled(
        IEnumerable<FlowRecord> picked, IReadOnlyList<(string Datapath, FlowTally Tally)> tallies) =>
    [
        .. picked
            .Select(
                flow => tallies.FirstOrDefault(one => one.Datapath == flow.Datapath).Tally?.Whole?.Settle(flow) ?? flow)
            .Where(flow => HasReason(flow.Reason?.Reason))
            .Take(Top ?? int.MaxValue),
    ];

    private static ImmutableArray<byte[]> Bytes(ImmutableArray<string> names) =>
        [.. names.Select(Encoding.UTF8.GetBytes)];

    private static bool OutputsTo(ReadOnlySpan<byte> actions, ReadOnlySpan<byte> port)
    {
        var items = new FlowItems(actions);
        while (items.Next())
        {
            if (items.Whole.SequenceEqual(port))
            {
                return true;
            }
        }

        return false;
    }
}
