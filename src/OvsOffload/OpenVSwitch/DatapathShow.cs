using System.Globalization;

namespace OvsOffload.OpenVSwitch;

/// <summary>A port of a datapath. <see cref="Type"/> is null for a plain netdev of the system.</summary>
internal sealed record DatapathPort(long Number, string Name, string? Type);

/// <summary>The answer of <c>dpctl/show DATAPATH</c> (lib/dpctl.c).</summary>
internal sealed record DatapathShow
{
    public required string Datapath { get; init; }

    /// <summary>Packets that found a flow in software since the datapath was made.</summary>
    public required long Hit { get; init; }

    /// <summary>Packets that found none and went up to ovs-vswitchd.</summary>
    public required long Missed { get; init; }

    /// <summary>Packets that found none and were dropped before ovs-vswitchd got them.</summary>
    public required long Lost { get; init; }

    /// <summary>Flows of the datapath itself; the kernel's count leaves those in tc out.</summary>
    public required long Flows { get; init; }

    public required IReadOnlyList<DatapathPort> Ports { get; init; }

    /// <exception cref="FormatException">No datapath, no lookups, no flows, or a number that is none.</exception>
    public static DatapathShow Parse(string text)
    {
        var lines = new LineFields(text);
        if (!lines.Next() || lines.Indent > 0 || !lines.Line.EndsWith(':'))
        {
            throw new FormatException("no datapath name");
        }

        string datapath = lines.Line[..^1];
        string? lookups = null, flows = null;
        var ports = new List<DatapathPort>();
        while (lines.NextIndented())
        {
            switch (lines.Name)
            {
                case "lookups":
                    lookups = lines.Value;
                    break;
                case "flows":
                    flows = lines.Value;
                    break;
                case var name when name.StartsWith("port ", StringComparison.Ordinal):
                    ports.Add(ParsePort(name, lines.Value));
                    break;
            }
        }

        lookups ??= "";
        return new DatapathShow
        {
            Datapath = datapath,
            Hit = LineFields.NumberAfter(lookups, "hit:"),
            Missed = LineFields.NumberAfter(lookups, "missed:"),
            Lost = LineFields.NumberAfter(lookups, "lost:"),
            Flows = LineFields.NumberAfter(flows ?? "", ""),
            Ports = ports,
        };
    }

    // "port 1: p1 (dummy-pmd: n_rxq=1)", and without parentheses for a netdev of the system. No name of a netdev holds
    // a blank.
    private static DatapathPort ParsePort(string name, string value)
    {
        if (!long.TryParse(name["port ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            throw new FormatException($"no port number in '{name}'");
        }

        int type = value.IndexOf(" (", StringComparison.Ordinal);
        return type < 0 || !value.EndsWith(')')
            ? new DatapathPort(number, value, null)
            : new DatapathPort(number, value[..type], value[(type + 2)..^1].Split(':', 2)[0]);
    }
}
