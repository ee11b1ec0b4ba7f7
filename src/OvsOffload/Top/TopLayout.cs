using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Top;

/// <summary>What is shown at one time.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Time">When it was read; null before the first sample.</param>
/// <param name="Rows">The rows. Absent: not yet. Failed: they could not be read.</param>
internal sealed record TopView(string Host, DateTimeOffset? Time, Reading<ImmutableArray<TopRow>> Rows);

/// <summary>Lays the table out as lines of text. Pure.</summary>
internal static class TopLayout
{
    /// <summary>Lines beside the rows: two above, the headings, and the keys below.</summary>
    private const int OtherLines = 4;

    /// <summary>Letters between two columns.</summary>
    private const int Gap = 2;

    /// <summary>The least that is left of a name that has to make room for numbers.</summary>
    private const int MinName = 9;

    /// <summary>What stands for the middle of a name that does not fit; ASCII, which every terminal has.</summary>
    private const string Omitted = "..";

    private const string Unknown = "-";

    private static readonly string[] Headings =
        ["FUNCTION", "REPRESENTOR", "BRIDGE", "HW FROM", "SW FROM", "HW TO", "SW TO", "IN HW"];

    private static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P"];

    /// <summary>How many rows fit on a screen of so many lines.</summary>
    public static int Page(int height) => Math.Max(1, height - OtherLines);

    /// <summary>A screen: never more than so many lines of so many letters.</summary>
    public static ImmutableArray<string> Screen(TopView view, TopState state, int width, int height)
    {
        var lines = new List<string> { Title(view, state), Sum(view, state) };
        string[] table = [.. Table(view.Rows.ValueOr([]), state, width)];
        lines.Add(table[0]);
        int first = Math.Clamp(state.First, 0, Math.Max(0, table.Length - 1 - Page(height)));
        lines.AddRange(table.Skip(1 + first).Take(Page(height)));
        while (lines.Count < height - 1)
        {
            lines.Add("");
        }

        lines.Add("q quit  left right 1-8 sort  r reverse  u bits or packets  up down page scroll");
        return [.. lines.Take(height).Select(line => line.Length > width ? line[..Math.Max(0, width)] : line)];
    }

    /// <summary>The table as a whole: headings and all rows, sorted.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="state">How it is looked at.</param>
    /// <param name="width">As far as they can, names make room, so that no number is cut off at so many
    /// letters.</param>
    public static IEnumerable<string> Table(ImmutableArray<TopRow> rows, TopState state, int width = int.MaxValue)
    {
        var cells = new List<string[]> { Marked(state) };
        foreach (TopRow row in Sorted(rows, state))
        {
            cells.Add(Cells(row, state.Packets));
        }

        int[] widths = [.. Headings.Select((_, column) => cells.Max(row => row[column].Length))];
        int over = widths.Sum() + Gap * (widths.Length - 1) - width;
        foreach (TopColumn column in (TopColumn[])[TopColumn.Representor, TopColumn.Bridge])
        {
            int given = Math.Clamp(over, 0, Math.Max(0, widths[(int)column] - MinName));
            widths[(int)column] -= given;
            over -= given;
        }

        return cells.Select(row => string.Join(new string(' ', Gap), row.Select((cell, column) =>
            column < (int)TopColumn.HardwareFrom
                ? Fit(cell, widths[column]).PadRight(widths[column])
                : cell.PadLeft(widths[column]))).TrimEnd());
    }

    /// <summary>A name as far as it fits, its middle left out: names of representors differ at their ends.</summary>
    private static string Fit(string name, int room)
    {
        int head = (room - Omitted.Length) / 2;
        return name.Length <= room
            ? name
            : string.Concat(name.AsSpan(0, head), Omitted, name.AsSpan(name.Length - (room - Omitted.Length - head)));
    }

    /// <summary>The rows in the order of the state. What is unknown comes last either way.</summary>
    public static IEnumerable<TopRow> Sorted(ImmutableArray<TopRow> rows, TopState state)
    {
        TopRow[] sorted = [.. rows];
        Array.Sort(sorted, (a, b) => Compare(a, b, state));
        return sorted;
    }

    /// <summary>A rate with three digits and a prefix: <c>12.3M</c>.</summary>
    public static string Scaled(double value)
    {
        int prefix = 0;
        while (value >= 999.5 && prefix < Prefixes.Length - 1)
        {
            (value, prefix) = (value / 1000, prefix + 1);
        }

        string format = prefix == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + Prefixes[prefix];
    }

    private static int Compare(TopRow a, TopRow b, TopState state)
    {
        int names = CompareNames(a, b);
        switch (state.Sort)
        {
            case TopColumn.Function:
                return state.Descending ? -names : names;
            case TopColumn.Representor:
                return Ordered(string.CompareOrdinal(a.Device, b.Device), names, state);
            case TopColumn.Bridge:
                return Ordered(string.CompareOrdinal(a.Bridge, b.Bridge), names, state);
            default:
                return (Number(a, state), Number(b, state)) switch
                {
                    ({ } x, { } y) => Ordered(x.CompareTo(y), names, state),
                    (null, null) => names,
                    (null, _) => 1,
                    _ => -1,
                };
        }
    }

    private static int Ordered(int order, int names, TopState state) =>
        order == 0 ? names : state.Descending ? -order : order;

    /// <summary>vf2 stands before vf10.</summary>
    private static int CompareNames(TopRow a, TopRow b)
    {
        int pf = string.CompareOrdinal(a.Pf, b.Pf);
        return pf != 0 ? pf
            : a.Function.Length != b.Function.Length ? a.Function.Length.CompareTo(b.Function.Length)
            : string.CompareOrdinal(a.Function, b.Function);
    }

    private static double? Number(TopRow row, TopState state) => state.Sort switch
    {
        TopColumn.HardwareFrom => From(row.Hardware, state.Packets),
        TopColumn.SoftwareFrom => From(row.Software, state.Packets),
        TopColumn.HardwareTo => To(row.Hardware, state.Packets),
        TopColumn.SoftwareTo => To(row.Software, state.Packets),
        _ => row.Share,
    };

    private static double? From(TrafficRate? rate, bool packets) => packets ? rate?.FromPackets : rate?.FromBytes * 8;

    private static double? To(TrafficRate? rate, bool packets) => packets ? rate?.ToPackets : rate?.ToBytes * 8;

    private static string[] Marked(TopState state) =>
    [
        .. Headings.Select((heading, column) =>
            column == (int)state.Sort ? heading + (state.Descending ? " v" : " ^") : heading),
    ];

    private static string[] Cells(TopRow row, bool packets) =>
    [
        TerminalText.Clean($"{row.Pf} {row.Function}"),
        TerminalText.Clean(row.Device),
        TerminalText.Clean(row.Bridge ?? Unknown),
        Words(From(row.Hardware, packets)),
        Words(From(row.Software, packets)),
        Words(To(row.Hardware, packets)),
        Words(To(row.Software, packets)),
        row.Share is { } share ? Percent(share) : Unknown,
    ];

    private static string Words(double? rate) => rate is { } known ? Scaled(known) : Unknown;

    /// <summary>Only what is whole is called 100 %.</summary>
    private static string Percent(double share) =>
        (Math.Floor(share * 1000) / 10).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Title(TopView view, TopState state)
    {
        string measured = view.Time is { } time
            ? string.Create(CultureInfo.InvariantCulture, $"{TerminalText.Clean(view.Host)}  {time:HH:mm:ss} UTC  ")
            : "";
        string unit = state.Packets ? "packets" : "bits";
        return $"{measured}{unit}/s from and to functions, in hardware (HW) and software (SW)";
    }

    private static string Sum(TopView view, TopState state) => view.Rows.Match(
        rows => Sum(rows, state.Packets),
        why => TerminalText.Clean(why),
        why => $"cannot read counters: {TerminalText.Clean(why)}");

    private static string Sum(ImmutableArray<TopRow> rows, bool packets)
    {
        double hardware = 0, software = 0;
        int told = 0;
        foreach (TopRow row in rows)
        {
            if (row is { Hardware: { } fast, Software: { } slow })
            {
                told++;
                hardware += From(fast, packets)!.Value + To(fast, packets)!.Value;
                software += From(slow, packets)!.Value + To(slow, packets)!.Value;
            }
        }

        string untold = told == rows.Length ? "" : $"; share unknown for {rows.Length - told}";
        return $"{rows.Length} representors: {Whole(hardware)} in hardware, {Whole(software)} in software{untold}";

        string Whole(double rate) => Scaled(rate) is var text && packets ? $"{text} packets/s"
            : char.IsDigit(text[^1]) ? $"{text} bit/s" : $"{text[..^1]} {text[^1]}bit/s";
    }
}
