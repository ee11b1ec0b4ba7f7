using System.Runtime.CompilerServices;

namespace OvsOffload.Flows;

/// <summary>
/// Which flows of a dump lead to which, by <c>recirc(0x1)</c> in their actions and <c>recirc_id(0x1)</c> in their keys:
/// what only software flows lead to sees no packet of the hardware, whatever it asks for.
/// </summary>
internal sealed class RecircGraph
{
    /// <summary>Real dumps have thousands; what is beyond this is not followed.</summary>
    private const int MaxNodes = 100_000;

    private readonly Dictionary<ulong, Node> _nodes = [];

    /// <summary>The stages that flows lead to.</summary>
    public IReadOnlyDictionary<ulong, Node> Nodes => _nodes;

    /// <summary>Takes in where a flow leads to.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="state">Its state.</param>
    /// <param name="from">Its own <c>recirc_id</c>.</param>
    /// <param name="reason">Why it is not offloaded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in FlowLine flow, FlowState state, ulong from, FlowReason reason)
    {
        if (flow.Actions.IndexOf("recirc("u8) is >= 0 and var at)
        {
            Add(flow, at, state, from, reason);
        }
    }

    /// <summary>
    /// The reason at the beginning of the flows that lead to a stage; null where hardware may lead to it.
    /// </summary>
    public FlowReason? RootOf(ulong recircId)
    {
        FlowReason? root = null;
        for (int steps = 0; recircId != 0 && steps < _nodes.Count; steps++)
        {
            if (!_nodes.TryGetValue(recircId, out Node? node) || !node.IsOfSoftware)
            {
                break;
            }

            root = node.LeaderReason;
            if (!CanFollow(node.LeaderReason))
            {
                break;
            }

            recircId = node.LeaderFrom;
        }

        return root;
    }

    /// <summary>
    /// Whether a flow with this reason may owe it to those that lead to it: all other reasons are its own.
    /// </summary>
    public static bool CanFollow(FlowReason reason) => reason is FlowReason.Unknown or FlowReason.MissingChain;

    private void Add(in FlowLine flow, int at, FlowState state, ulong from, FlowReason reason)
    {
        ReadOnlySpan<byte> actions = flow.Actions;
        while (at >= 0)
        {
            actions = actions[(at + "recirc("u8.Length)..];
            int end = actions.IndexOf((byte)')');
            if (end > 0 && FlowNumber.TryRead(actions[..end], out ulong to) && At(to) is { } node)
            {
                node.Lead(state, flow.Packets, from, reason);
            }

            at = actions.IndexOf("recirc("u8);
        }
    }

    /// <summary>A stage, which need not be known yet; null beyond the bound.</summary>
    public Node? At(ulong recircId)
    {
        if (!_nodes.TryGetValue(recircId, out Node? node) && _nodes.Count < MaxNodes)
        {
            _nodes[recircId] = node = new Node();
        }

        return node;
    }

    /// <summary>The flows that match on one <c>recirc_id</c>.</summary>
    internal sealed class Node
    {
        private bool _ledByOthers;
        private ulong? _most;

        /// <summary>Whether some flow leads to it, and each that does is in software.</summary>
        public bool IsOfSoftware => _most is not null && !_ledByOthers;

        /// <summary>Why the flow with most packets that leads to it is not offloaded.</summary>
        public FlowReason LeaderReason { get; private set; }

        /// <summary>The <c>recirc_id</c> of that flow.</summary>
        public ulong LeaderFrom { get; private set; }

        /// <summary>Its flows in software that show no reason.</summary>
        public FlowSum Unknown { get; set; }

        /// <summary>Its flows of which tc lacked the chain.</summary>
        public FlowSum Missing { get; set; }

        /// <summary>A flow in some state leads to it.</summary>
        public void Lead(FlowState state, ulong packets, ulong from, FlowReason reason)
        {
            if (state != FlowState.Software)
            {
                _ledByOthers = true;
            }
            else if (_most is null || packets > _most)
            {
                (_most, LeaderFrom, LeaderReason) = (packets, from, reason);
            }
        }
    }
}
