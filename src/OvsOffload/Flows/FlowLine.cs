using System.Buffers;
using System.Runtime.CompilerServices;

namespace OvsOffload.Flows;

/// <summary>What a line of a dump is.</summary>
internal enum FlowLineKind
{
    /// <summary>A flow; <see cref="FlowLine"/> holds its parts.</summary>
    Flow,

    /// <summary>Something else that belongs there: a thread header, a line of a log, an error text, a blank
    /// line.</summary>
    Other,

    /// <summary>It begins or looks like a flow, but is none: cut off, or of an unknown shape.</summary>
    Malformed,
}

/// <summary>One flow of <c>dpctl/dump-flows</c>, as parts of the line that it was read from.</summary>
/// <remarks>
/// <code>
/// [ufid:UUID, ]KEY, packets:N, bytes:N, used:(never|N.NNNs)[, flags:F][, offloaded:(yes|partial)]
///   [, dp:LAYER], actions:A[, dp-extra-info:X]
/// </code>
/// (format_dpif_flow in lib/dpctl.c of Open vSwitch). Names of ports are not escaped and may hold almost anything, so
/// the line is split where the whole run from <c>, packets:</c> to <c>, actions:</c> fits, which no name of at most 15
/// bytes can imitate. What the key and the actions hold is read on demand, by <see cref="FlowItems"/>.
/// </remarks>
internal readonly ref struct FlowLine
{
    private static readonly SearchValues<byte> WordBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <summary>The flow's 128-bit id as text; empty where the dump shows none.</summary>
    public ReadOnlySpan<byte> UfidText { get; init; }

    /// <summary>The flow's 128-bit id; null where the dump shows none.</summary>
    public UInt128? Ufid => Flows.Ufid.TryRead(UfidText, out UInt128 ufid) ? ufid : null;

    /// <summary>What the flow matches: <c>recirc_id(0),in_port(p1),..</c></summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The ingress port: its name, or its number in a dump without names; empty where the key has
    /// none.</summary>
    public ReadOnlySpan<byte> InPort { get; init; }

    public ulong Packets { get; init; }

    public ulong Bytes { get; init; }

    /// <summary>How long ago the last packet came: <c>1.018s</c>, or <c>never</c>.</summary>
    public ReadOnlySpan<byte> Used { get; init; }

    /// <summary>TCP flags seen; empty where none are shown.</summary>
    public ReadOnlySpan<byte> TcpFlags { get; init; }

    /// <summary>Where the flow lies: <c>ovs</c>, <c>tc</c>, <c>dpdk</c>, <c>dummy</c>; empty where the dump does not
    /// say.</summary>
    public ReadOnlySpan<byte> Layer { get; init; }

    public FlowState State { get; init; }

    /// <summary>The actions, <c>drop</c> included; without <c>dp-extra-info</c>.</summary>
    public ReadOnlySpan<byte> Actions { get; init; }

    /// <summary>Whether the line has <c>dp-extra-info</c>, which only the userspace datapath gives.</summary>
    public bool HasExtraInfo { get; init; }

    /// <summary>
    /// <c>dp-offload-info</c>: why the flow is not offloaded, in the words of OVS-DOCA; empty without.
    /// </summary>
    public ReadOnlySpan<byte> OffloadInfo { get; init; }

    /// <summary>Reads one line, without its newline.</summary>
    public static FlowLineKind Read(ReadOnlySpan<byte> line, out FlowLine flow)
    {
        FlowLineKind kind = ReadPrinted(line, out flow);
        return kind == FlowLineKind.Flow || line.IsEmpty ? kind : PastedLine.Read(line, kind, out flow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static FlowLineKind ReadPrinted(ReadOnlySpan<byte> line, out FlowLine flow)
    {
        flow = default;
        ReadOnlySpan<byte> rest = line is [.. var text, (byte)'\r'] ? text : line;
        ReadOnlySpan<byte> ufid = [];
        if (rest.StartsWith("ufid:"u8))
        {
            rest = rest["ufid:"u8.Length..];
            if (!Flows.Ufid.IsAt(rest) || !rest[Flows.Ufid.Length..].StartsWith(", "u8))
            {
                return FlowLineKind.Malformed;
            }

            ufid = rest[..Flows.Ufid.Length];
            rest = rest[(Flows.Ufid.Length + 2)..];
        }

        int from = 0;
        while (rest[from..].IndexOf(", packets:"u8) is var at && at >= 0)
        {
            from += at;
            if (TryReadStatistics(ufid, rest[..from], rest[from..], out flow))
            {
                if (!LooksLikeKey(flow.Key))
                {
                    break;
                }

                return FlowLineKind.Flow;
            }

            from++;
        }

        // A daemon's log quotes flows, too, in lines that begin with the time and have bars between their fields.
        return !ufid.IsEmpty || LooksLikeKey(rest) || (from > 0 && rest.IndexOf((byte)'|') < 0)
            ? FlowLineKind.Malformed
            : FlowLineKind.Other;
    }

    /// <summary>Whether actions could end here: none of their parentheses is open. Ports with odd names may break
    /// this rule, so it only judges a line that may have been cut off.</summary>
    public static bool IsBalanced(ReadOnlySpan<byte> actions) =>
        actions.Count((byte)'(') == actions.Count((byte)')') && actions[^1] != ',';

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryReadStatistics(
        ReadOnlySpan<byte> ufid, ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, out FlowLine flow)
    {
        flow = default;
        if (!TryReadNumber(ref text, ", packets:"u8, out ulong packets)
            || !TryReadNumber(ref text, ", bytes:"u8, out ulong bytes)
            || !TryTake(ref text, ", used:"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> used = TakeValue(ref text);
        if (!IsUsed(used))
        {
            return false;
        }

        ReadOnlySpan<byte> flags = [], offloaded = [], layer = [];
        while (!TryTake(ref text, ", actions:"u8))
        {
            if (TryTake(ref text, ", flags:"u8))
            {
                flags = TakeValue(ref text);
            }
            else if (TryTake(ref text, ", offloaded:"u8))
            {
                offloaded = TakeValue(ref text);
            }
            else if (TryTake(ref text, ", dp:"u8))
            {
                layer = TakeValue(ref text);
            }
            else
            {
                return false;
            }
        }

        ReadOnlySpan<byte> info = [];
        ReadOnlySpan<byte> actions = text;
        bool extra = text.LastIndexOf(", dp-"u8) >= 0 && TakeExtra(ref actions, out info);
        if (actions.IsEmpty || !TryReadState(offloaded, layer, out FlowState state))
        {
            return false;
        }

        flow = new FlowLine
        {
            UfidText = ufid,
            Key = key,
            InPort = FindInPort(key),
            Packets = packets,
            Bytes = bytes,
            Used = used,
            TcpFlags = flags,
            Layer = layer,
            State = state,
            Actions = actions,
            HasExtraInfo = extra,
            OffloadInfo = info,
        };
        return true;
    }

    /// <summary>Takes away what stands behind the actions: the datapath's own notes.</summary>
    /// <returns>Whether there are any.</returns>
    internal static bool TakeExtra(scoped ref ReadOnlySpan<byte> actions, out ReadOnlySpan<byte> offloadInfo)
    {
        ReadOnlySpan<byte> text = actions;
        offloadInfo = [];
        int info = text.LastIndexOf(", dp-offload-info:"u8);
        if (info >= 0)
        {
            offloadInfo = text[(info + ", dp-offload-info:"u8.Length)..];
            actions = text[..info];
            int behind = offloadInfo.IndexOf(", dp-extra-info:"u8);
            offloadInfo = behind < 0 ? offloadInfo : offloadInfo[..behind];
        }

        int extra = actions.LastIndexOf(", dp-extra-info:"u8);
        actions = extra < 0 ? actions : actions[..extra];
        return actions.Length < text.Length;
    }

    internal static bool TryReadState(ReadOnlySpan<byte> offloaded, ReadOnlySpan<byte> layer, out FlowState state)
    {
        state = offloaded switch
        {
            _ when offloaded.SequenceEqual("yes"u8) => FlowState.Offloaded,
            _ when offloaded.SequenceEqual("partial"u8) => FlowState.Partial,
            _ when layer.SequenceEqual("tc"u8) => FlowState.TcNotInHardware,
            _ when layer.Length > 0 => FlowState.Software,
            _ => FlowState.Unknown,
        };
        return offloaded.IsEmpty || state is FlowState.Offloaded or FlowState.Partial;
    }

    /// <summary><c>never</c>, or seconds with or without a fraction.</summary>
    internal static bool IsUsed(ReadOnlySpan<byte> used)
    {
        if (used is not [>= (byte)'0' and <= (byte)'9', .., (byte)'s'])
        {
            return used.SequenceEqual("never"u8);
        }

        bool point = false;
        foreach (byte b in used[..^1])
        {
            if (b is < (byte)'0' or > (byte)'9' && (b != '.' || point))
            {
                return false;
            }

            point |= b == '.';
        }

        return used[^2] != '.';
    }

    internal static bool TryReadNumber(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ulong number)
    {
        number = 0;
        if (!TryTake(ref text, name))
        {
            return false;
        }

        int length = 0;
        for (; length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9'; length++)
        {
            // Nineteen digits always fit; dividing at each of them would take longer than all the rest.
            ulong digit = (ulong)(text[length] - '0');
            if (length >= 19 && number > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            number = number * 10 + digit;
        }

        text = text[length..];
        return length > 0;
    }

    internal static bool TryTake(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
    {
        if (!text.StartsWith(prefix))
        {
            return false;
        }

        text = text[prefix.Length..];
        return true;
    }

    private static ReadOnlySpan<byte> TakeValue(scoped ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)',');
        ReadOnlySpan<byte> value = end < 0 ? text : text[..end];
        text = text[value.Length..];
        return value;
    }

    internal static ReadOnlySpan<byte> FindInPort(ReadOnlySpan<byte> key)
    {
        int start = key.StartsWith("in_port("u8) ? 0 : key.IndexOf(",in_port("u8) + 1;
        if (start == 0 && !key.StartsWith("in_port("u8))
        {
            return [];
        }

        ReadOnlySpan<byte> name = key[(start + "in_port("u8.Length)..];
        for (int end = 0; end < name.Length; end++)
        {
            bool isLast = end == name.Length - 1;
            if (name[end] == ')' && (isLast || (name[end + 1] == ',' && LooksLikeKey(name[(end + 2)..]))))
            {
                return name[..end];
            }
        }

        return [];
    }

    /// <summary>An attribute of a key stands at the beginning: a word and an opening parenthesis.</summary>
    private static bool LooksLikeKey(ReadOnlySpan<byte> text)
    {
        int word = text.IndexOfAnyExcept(WordBytes);
        return (word > 0 && text[word] == '(') || text.StartsWith("<empty>"u8) || text.StartsWith("***"u8);
    }
}
