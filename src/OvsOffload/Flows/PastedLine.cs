using System.Buffers;

namespace OvsOffload.Flows;

/// <summary>
/// Reads flows as people paste them: indented, quoted (<c>&gt; </c>), numbered by grep -n, in lists and back-ticks,
/// coloured, behind a time stamp, without counters as in Open vSwitch's own tests, and as builds of vendors print them
/// (<c>offload_packets:</c>, no blanks after commas). Only lines that are no flows as <c>dpctl/dump-flows</c> prints
/// them come here, so that nothing of it costs the usual dump.
/// </summary>
internal static class PastedLine
{
    /// <summary>What people put before a line is shorter.</summary>
    private const int LongestPrefix = 200;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789-:.,TZ+/[]()"u8);

    /// <summary>Reads a line that is no flow as it stands.</summary>
    /// <param name="line">The line.</param>
    /// <param name="kind">What it is as it stands.</param>
    /// <param name="flow">The flow, if it is one after all.</param>
    public static FlowLineKind Read(ReadOnlySpan<byte> line, FlowLineKind kind, out FlowLine flow)
    {
        // A daemon's log quotes flows, too, in lines with bars between their fields.
        ReadOnlySpan<byte> text = Bare(line);
        if (text.IsEmpty || !IsFlow(text))
        {
            flow = default;
            return kind;
        }

        return TryRead(text, out flow) ? FlowLineKind.Flow : FlowLineKind.Malformed;
    }

    private static bool IsFlow(ReadOnlySpan<byte> text) => text.StartsWith("ufid:"u8) || IsKey(text);

    /// <summary>Whether a key begins here: with one of the attributes that Open vSwitch prints first.</summary>
    private static bool IsKey(ReadOnlySpan<byte> text) =>
        text.StartsWith("recirc_id("u8) || text.StartsWith("in_port("u8) || text.StartsWith("tunnel("u8)
        || text.StartsWith("skb_priority("u8) || text.StartsWith("skb_mark("u8) || text.StartsWith("ct_state("u8)
        || text.StartsWith("dp_hash("u8) || text.StartsWith("packet_type("u8) || text.StartsWith("eth("u8)
        || text.StartsWith("eth_type("u8);

    private static bool TryRead(ReadOnlySpan<byte> text, out FlowLine flow)
    {
        flow = default;
        ReadOnlySpan<byte> ufid = [];
        if (FlowLine.TryTake(ref text, "ufid:"u8))
        {
            if (!Ufid.IsAt(text))
            {
                return false;
            }

            ufid = text[..Ufid.Length];
            text = AfterComma(text[Ufid.Length..]);
        }

        int end = EndOfKey(text);
        if (end <= 0 || !IsKey(text))
        {
            return false;
        }

        var fields = new Fields();
        ReadOnlySpan<byte> key = text[..end];
        if (!fields.TryRead(text[end..]) || !FlowLine.TryReadState(fields.Offloaded, fields.Layer, out FlowState state))
        {
            return false;
        }

        flow = new FlowLine
        {
            UfidText = ufid,
            Key = key,
            InPort = FlowLine.FindInPort(key),
            Packets = fields.Packets,
            Bytes = fields.Bytes,
            Used = fields.Used,
            TcpFlags = fields.TcpFlags,
            Layer = fields.Layer,
            State = state,
            Actions = fields.Actions,
            HasExtraInfo = fields.HasExtra,
            OffloadInfo = fields.OffloadInfo,
        };
        return true;
    }

    /// <summary>Where the key ends: at the first comma or blank outside of parentheses with a field after it.</summary>
    private static int EndOfKey(ReadOnlySpan<byte> text)
    {
        int depth = 0;
        for (int at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'(':
                    depth++;
                    break;
                case (byte)')':
                    depth--;
                    break;
                case (byte)',' or (byte)' ' when depth <= 0 && Fields.Begins(AfterComma(text[at..])):
                    return at;
            }
        }

        return -1;
    }

    /// <summary>What follows a comma, blanks, or both.</summary>
    private static ReadOnlySpan<byte> AfterComma(ReadOnlySpan<byte> text) =>
        (text is [(byte)',', ..] ? text[1..] : text).TrimStart((byte)' ');

    /// <summary>The line without what people put around it; empty where a line of a log quotes the flow.</summary>
    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line.IndexOfAny((byte)0x1b, (byte)0xc2) >= 0 ? Plain(line) : line;
        int id = text[..Math.Min(text.Length, LongestPrefix + Ufid.Length)].IndexOf("ufid:"u8);
        ReadOnlySpan<byte> before = id < 0 ? [] : text[..id];
        if (id >= 0 && before.IndexOfAny((byte)'|', (byte)'(') < 0 && Ufid.IsAt(text[(id + "ufid:"u8.Length)..]))
        {
            return Trim(text[id..]);
        }

        int length;
        do
        {
            length = text.Length;
            text = WithoutMark(text);
        }
        while (text.Length < length);

        return Trim(text);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.TrimEnd(" \t\r`\"'"u8);

    /// <summary>Takes one mark away from the beginning.</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text)
    {
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        text = text.TrimStart(" \t>`\"'"u8);
        if (text is [(byte)'*' or (byte)'-' or (byte)'+', (byte)' ', ..])
        {
            return text[2..];
        }

        int digits = text.IndexOfAnyExcept(Digits);
        if (digits > 0 && text[digits] is (byte)':' or (byte)'-' or (byte)'.' or (byte)')' or (byte)' ' or (byte)'\t'
            && IsFlow(text[(digits + 1)..].TrimStart(" \t"u8)))
        {
            return text[(digits + 1)..];
        }

        // A time stamp is one word, or two.
        int blank = text.IndexOf((byte)' ');
        return blank > 0 && text[..blank].IndexOfAny(Digits) >= 0 && text[..blank].IndexOfAnyExcept(TimeBytes) < 0
            ? text[(blank + 1)..]
            : text;
    }

    /// <summary>The line without colours (ECMA-48) and with plain blanks instead of those that do not break.</summary>
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> line)
    {
        byte[] plain = new byte[line.Length];
        int length = 0;
        for (int at = 0; at < line.Length; at++)
        {
            if (line[at] == 0x1b && at + 1 < line.Length && line[at + 1] == '[')
            {
                int end = line[(at + 2)..].IndexOfAnyInRange((byte)0x40, (byte)0x7e);
                at = end < 0 ? line.Length : at + 2 + end;
            }
            else if (line[at] == 0xc2 && at + 1 < line.Length && line[at + 1] == 0xa0)
            {
                plain[length++] = (byte)' ';
                at++;
            }
            else
            {
                plain[length++] = line[at];
            }
        }

        return plain.AsSpan(0, length);
    }

    /// <summary>What stands between key and actions, in any order, each once or not at all.</summary>
    private ref struct Fields
    {
        public ulong Packets;
        public ulong Bytes;
        public ReadOnlySpan<byte> Used;
        public ReadOnlySpan<byte> TcpFlags;
        public ReadOnlySpan<byte> Offloaded;
        public ReadOnlySpan<byte> Layer;
        public ReadOnlySpan<byte> Actions;
        public ReadOnlySpan<byte> OffloadInfo;
        public bool HasExtra;

        public static bool Begins(ReadOnlySpan<byte> text) =>
            text.StartsWith("packets:"u8) || text.StartsWith("bytes:"u8) || text.StartsWith("used:"u8)
            || text.StartsWith("flags:"u8) || text.StartsWith("offloaded:"u8) || text.StartsWith("dp:"u8)
            || text.StartsWith("offload_packets:"u8) || text.StartsWith("offload_bytes:"u8)
            || text.StartsWith("actions:"u8);

        public bool TryRead(ReadOnlySpan<byte> text)
        {
            for (text = AfterComma(text); !FlowLine.TryTake(ref text, "actions:"u8); text = AfterComma(text))
            {
                if (!TryReadOne(ref text))
                {
                    return false;
                }
            }

            Actions = text.TrimStart((byte)' ');
            HasExtra = FlowLine.TakeExtra(ref Actions, out OffloadInfo);
            return !Actions.IsEmpty;
        }

        private bool TryReadOne(ref ReadOnlySpan<byte> text)
        {
            switch (text)
            {
                case [(byte)'p', ..]:
                    return FlowLine.TryReadNumber(ref text, "packets:"u8, out Packets);
                case [(byte)'b', ..]:
                    return FlowLine.TryReadNumber(ref text, "bytes:"u8, out Bytes);
                case [(byte)'u', ..]:
                    return FlowLine.TryTake(ref text, "used:"u8) && FlowLine.IsUsed(Used = Value(ref text));
                case [(byte)'f', ..]:
                    return FlowLine.TryTake(ref text, "flags:"u8) && !(TcpFlags = Value(ref text)).IsEmpty;
                case [(byte)'d', ..]:
                    return FlowLine.TryTake(ref text, "dp:"u8) && !(Layer = Value(ref text)).IsEmpty;
                case [(byte)'o', ..]:
                    return FlowLine.TryTake(ref text, "offloaded:"u8)
                        ? !(Offloaded = Value(ref text)).IsEmpty
                        : FlowLine.TryReadNumber(ref text, "offload_packets:"u8, out _)
                            || FlowLine.TryReadNumber(ref text, "offload_bytes:"u8, out _);
                default:
                    return false;
            }
        }

        private static ReadOnlySpan<byte> Value(scoped ref ReadOnlySpan<byte> text)
        {
            int end = text.IndexOfAny((byte)',', (byte)' ');
            ReadOnlySpan<byte> value = end < 0 ? text : text[..end];
            text = text[value.Length..];
            return value;
        }
    }
}
