using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OvsOffload.Flows;

/// <summary>The OpenFlow rules of a bridge that send packets through conntrack.</summary>
/// <param name="Bridge">The bridge.</param>
/// <param name="Rules">How many.</param>
/// <param name="Tables">Their tables, in order.</param>
/// <param name="Ports">The OpenFlow numbers of the ports that they match on, in order; not all of very many.</param>
internal sealed record ConntrackRules(
    string Bridge, long Rules, ImmutableArray<int> Tables, ImmutableArray<string> Ports)
{
    /// <summary>Rules of the bridge that check the length of packets (<c>check_pkt_larger</c>).</summary>
    public long LengthChecks { get; init; }
}

/// <summary>Counts rules, fed line by line, of <c>bridge/dump-flows</c> (lib/ofp-print.c and ofproto/ofproto.c of Open
/// vSwitch): <c>table_id=1, duration=3s, n_packets=0, n_bytes=0,
/// priority=9,in_port=2,actions=ct(table=2)</c>.</summary>
internal sealed class ConntrackRuleCounter(string bridge)
{
    private readonly SortedSet<int> _tables = [];
    private readonly SortedSet<string> _ports = new(StringComparer.Ordinal);
    private long _rules;
    private long _lengthChecks;

    /// <summary>What was counted.</summary>
    public ConntrackRules Rules => new(bridge, _rules, [.. _tables], [.. _ports])
    {
        LengthChecks = _lengthChecks,
    };

    /// <summary>Takes a line; what is no rule is passed over.</summary>
    public void Add(ReadOnlySpan<byte> line, bool whole)
    {
        int actions = line.LastIndexOf("actions="u8);
        _lengthChecks += actions >= 0 && line[actions..].IndexOf("check_pkt_larger("u8) >= 0 ? 1 : 0;
        if (actions < 0 || !ConntrackAction.IsIn(line[(actions + "actions="u8.Length)..]))
        {
            return;
        }

        _rules++;
        ReadOnlySpan<byte> match = line[..actions];

        // A rule of table 0 names no table.
        _tables.Add(int.TryParse(Word(match, "table_id="u8), CultureInfo.InvariantCulture, out int table) ? table : 0);
        if (Word(match, "in_port="u8) is { Length: > 0 } port && _ports.Count < ConntrackFlows.MaxPorts)
        {
            _ports.Add(port);
        }
    }

    private static string Word(ReadOnlySpan<byte> match, ReadOnlySpan<byte> key)
    {
        int at = match.IndexOf(key);
        if (at < 0)
        {
            return "";
        }

        ReadOnlySpan<byte> value = match[(at + key.Length)..];
        int end = value.IndexOfAny((byte)',', (byte)' ');
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }
}
