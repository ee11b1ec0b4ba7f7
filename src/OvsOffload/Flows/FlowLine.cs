using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

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
/// bytes can imitate.
/// </remarks>
internal readonly ref struct FlowLine
{
    private const int UfidChars = 36;

    /// <summary>The flow's 128-bit id; null where the dump shows none.</summary>
    public UInt128? Ufid { get; private init; }

    /// <summary>What the flow matches: <c>recirc_id(0),in_port(p1),..</c></summary>
    public ReadOnlySpan<byte> Key { get; private init; }

    /// <summary>The ingress port: its name, or its number in a dump without names; empty where the key has
    /// none.</summary>
    public ReadOnlySpan<byte> InPort { get; private init; }

    public ulong Packets { get; private init; }

    public ulong Bytes { get; private init; }

    /// <summary>How long ago the last packet came: <c>1.018s</c>, or <c>never</c>.</summary>
    public ReadOnlySpan<byte> Used { get; private init; }

    /// <summary>TCP flags seen; empty where none are shown.</summary>
    public ReadOnlySpan<byte> TcpFlags { get; private init; }

    /// <summary>Where the flow lies: <c>ovs</c>, <c>tc</c>, <c>dpdk</c>, <c>dummy</c>; empty where the dump does not
    /// say.</summary>
    public ReadOnlySpan<byte> Layer { get; private init; }

    public FlowState State { get; private init; }

    /// <summary>The actions, <c>drop</c> included; without <c>dp-extra-info</c>.</summary>
    public ReadOnlySpan<byte> Actions { get; private init; }

    /// <summary>Reads one line, without its newline.</summary>
    public static FlowLineKind Read(ReadOnlySpan<byte> line, out FlowLine flow)
    {
        flow = default;
        var rest = line.TrimEnd((byte)'\r');
        UInt128? ufid = null;
        if (rest.StartsWith("ufid:"u8))
        {
            rest = rest["ufid:"u8.Length..];
            if (!TryReadUfid(ref rest, out var id))
            {
                return FlowLineKind.Malformed;
            }

            ufid = id;
        }

        var from = 0;
        while (rest[from..].IndexOf(", packets:"u8) is var at && at >= 0)
        {
            from += at;
            if (TryReadStatistics(rest[from..], out var statistics))
            {
                var key = rest[..from];
                flow = statistics with { Ufid = ufid, Key = key, InPort = FindInPort(key) };
                return FlowLineKind.Flow;
            }

            from++;
        }

        return ufid is not null || from > 0 || LooksLikeKey(rest) ? FlowLineKind.Malformed : FlowLineKind.Other;
    }

    private static bool TryReadUfid(ref ReadOnlySpan<byte> rest, out UInt128 ufid)
    {
        ufid = default;
        if (rest.Length < UfidChars + 2 || !rest[UfidChars..].StartsWith(", "u8)
            || !Utf8Parser.TryParse(rest[..UfidChars], out Guid id, out var used, 'D') || used != UfidChars)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        ufid = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        rest = rest[(UfidChars + 2)..];
        return true;
    }

    private static bool TryReadStatistics(ReadOnlySpan<byte> text, out FlowLine flow)
    {
        flow = default;
        ReadOnlySpan<byte> used = [];
        if (!TryReadNumber(ref text, ", packets:"u8, out var packets)
            || !TryReadNumber(ref text, ", bytes:"u8, out var bytes)
            || !TryTake(ref text, ", used:"u8)
            || !IsUsed(used = TakeValue(ref text)))
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

        var extra = text.LastIndexOf(", dp-extra-info:"u8);
        var actions = extra < 0 ? text : text[..extra];
        if (actions.IsEmpty || !TryReadState(offloaded, layer, out var state))
        {
            return false;
        }

        flow = new FlowLine
        {
            Packets = packets,
            Bytes = bytes,
            Used = used,
            TcpFlags = flags,
            Layer = layer,
            State = state,
            Actions = actions,
        };
        return true;
    }

    private static bool TryReadState(ReadOnlySpan<byte> offloaded, ReadOnlySpan<byte> layer, out FlowState state)
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

    private static bool IsUsed(ReadOnlySpan<byte> used) =>
        used.SequenceEqual("never"u8)
        || (used.EndsWith("s"u8)
            && Utf8Parser.TryParse(used, out double _, out var count, 'F') && count == used.Length - 1);

    private static bool TryReadNumber(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ulong number)
    {
        number = 0;
        if (!TryTake(ref text, name) || !Utf8Parser.TryParse(text, out number, out var count))
        {
            return false;
        }

        text = text[count..];
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
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
        var end = text.IndexOf((byte)',');
        var value = end < 0 ? text : text[..end];
        text = text[value.Length..];
        return value;
    }

    private static ReadOnlySpan<byte> FindInPort(ReadOnlySpan<byte> key)
    {
        var start = key.StartsWith("in_port("u8) ? 0 : key.IndexOf(",in_port("u8) + 1;
        if (start == 0 && !key.StartsWith("in_port("u8))
        {
            return [];
        }

        var name = key[(start + "in_port("u8.Length)..];
        for (var end = 0; end < name.Length; end++)
        {
            var isLast = end == name.Length - 1;
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
        var word = text.IndexOfAnyExcept(WordBytes);
        return (word > 0 && text[word] == '(') || text.StartsWith("<empty>"u8) || text.StartsWith("***"u8);
    }

    private static readonly SearchValues<byte> WordBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);
}
