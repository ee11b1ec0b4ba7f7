using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Flows;

namespace OvsOffload.Cli;

/// <summary>Flows as text for people.</summary>
internal static class FlowsText
{
    /// <summary>Ports that a summary shows.</summary>
    private const int MaxPorts = 40;

    private static readonly FlowState[] States =
        [FlowState.Offloaded, FlowState.Partial, FlowState.TcNotInHardware, FlowState.Software, FlowState.Unknown];

    /// <summary>The heading of <see cref="Row"/>.</summary>
    public static string Heading => Columns("STATE", "REASON", "DEVICE", "PACKETS", "BYTES", "FLOW");

    /// <summary>
    /// One flow in one line. Columns are of fixed width, as rows are shown before the last one is known.
    /// </summary>
    public static string Row(FlowRecord flow) => Columns(
        FlowsDocument.Name(flow.State), flow.Reason?.Word ?? "-", flow.Device.Length > 0 ? flow.Device : "-",
        $"{flow.Packets}", $"{flow.Bytes}", flow.Text);

    /// <summary>Counts by state, reason and port.</summary>
    /// <param name="tallies">By datapath.</param>
    /// <param name="rate">Change per second; null when it is not known.</param>
    public static IEnumerable<string> Summary(
        IReadOnlyList<(string Datapath, FlowTally Tally)> tallies, Func<FlowState, double>? rate)
    {
        FlowCounts sum = tallies.Aggregate(default(FlowCounts), (counts, one) => counts + one.Tally.Flows);
        if (tallies.Count == 0)
        {
            yield return "no datapath: Open vSwitch has no bridges";
            yield break;
        }

        string where = string.Join(", ", tallies.Select(one => one.Datapath).Where(name => name.Length > 0));
        yield return $"{sum.Total} flows{(where.Length > 0 ? $" of {where}" : "")}";
        foreach (FlowState state in States.Where(state => state != FlowState.Unknown || sum.Unknown > 0))
        {
            string change = rate is null
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"  {rate(state):+0.0;-0.0;0.0}/s");
            yield return $"  {FlowsDocument.Name(state),-14}{sum.Of(state),10}{change}";
        }

        foreach (string line in Damage(tallies))
        {
            yield return line;
        }

        ImmutableArray<ReasonCount> reasons = FlowsDocument.Sum(tallies);
        if (!reasons.IsEmpty)
        {
            yield return "";
            var table = new TextTable("FLOWS", "REASON", "SOURCE", "MEANING");
            foreach (ReasonCount count in reasons)
            {
                FlowReasonInfo info = FlowReasons.Of(count.Reason);
                table.Add($"{count.Flows}", info.Word, FlowReasons.Name(count.Source), info.Sentence);
            }

            foreach (string line in table.Lines())
            {
                yield return line;
            }
        }

        foreach (string line in Ports(tallies))
        {
            yield return line;
        }
    }

    /// <summary>Why flows are not offloaded, reason by reason, and the flows with most packets.</summary>
    public static IEnumerable<string> Explain(
        IReadOnlyList<(string Datapath, FlowTally Tally)> tallies, IReadOnlyList<FlowRecord> flows, OffloadLog log)
    {
        ImmutableArray<ReasonCount> reasons = FlowsDocument.Sum(tallies);
        long unknown = tallies.Sum(one => one.Tally.Flows.Unknown);
        if (reasons.IsEmpty)
        {
            long total = tallies.Sum(one => one.Tally.Flows.Total);
            yield return unknown > 0 ? $"{unknown} flows of unknown state: the dump was made without -m"
                : total == 0 ? tallies.Any(one => one.Tally.Lines > 0) ? "no such flow" : "no flows"
                : !IsKnown(tallies) ? $"{total} flows are offloaded, as far as the dump could be read"
                : total == 1 ? "the only flow is offloaded"
                : $"all {total} flows are offloaded";
        }

        foreach (string line in Damage(tallies))
        {
            yield return line;
        }

        foreach (ReasonCount count in reasons)
        {
            FlowReasonInfo info = FlowReasons.Of(count.Reason);
            yield return $"{info.Word}: {Flows(count.Flows)}, {FlowReasons.Name(count.Source)}, {count.Packets} packets"
                + (info.IsFault || count.Reason == FlowReason.FollowOn ? "" : ", expected: cannot be offloaded");
            yield return $"  why:    {info.Sentence}";
            yield return $"  change: {FlowReasons.ChangeOf(info, log)}"
                + (info.Check is null ? "" : $" (see {info.Check})");
            if (count.FollowOnFlows > 0)
            {
                yield return $"  takes along: {Flows(count.FollowOnFlows)} that only these lead to, "
                    + $"{count.FollowOnPackets} packets";
            }

            // What concerns the whole dump is told once.
            foreach (FlowRecord flow in flows.Where(flow => flow.Reason?.Reason == count.Reason
                && flow.Source == count.Source && !FlowReasons.IsOfWholeDump(count.Reason)))
            {
                yield return $"  {Origin(flow)}: {flow.Packets} packets, {flow.Bytes} bytes, "
                    + $"{FlowsDocument.Name(flow.State)}";
                yield return $"    {flow.Text}";
                string words = flow.NotKnown is null ? flow.Message ?? "" : "";
                string shown = string.Join("; ", new[] { flow.Evidence, words }.Where(text => text.Length > 0));
                if (shown.Length > 0)
                {
                    yield return $"    shown by: {shown}";
                }

                if (flow.NotKnown is not null)
                {
                    yield return $"    note: {flow.NotKnown}";
                }
            }
        }
    }

    private static string Flows(long count) => $"{count} flow{(count == 1 ? "" : "s")}";

    /// <summary>Whether the dump was read whole, and each of its flows has a known state.</summary>
    public static bool IsKnown(IReadOnlyList<(string Datapath, FlowTally Tally)> tallies) =>
        tallies.All(one => one.Tally is { Truncated: false, Malformed: 0, Flows.Unknown: 0 });

    /// <summary>
    /// Where a flow comes from: <c>enp1s0f0r3 (vf3 of 0000:01:00.0, bridge br1, iface-id .., vm ..)</c>.
    /// </summary>
    private static string Origin(FlowRecord flow)
    {
        string device = flow.Device.Length > 0 ? flow.Device : "(no ingress port)";
        string[] known =
        [
            .. new[]
            {
                flow.Port?.Function is { } function ? $"{function} of {flow.Port.Pf}"
                    : flow.Port?.Pf is { } pf ? $"uplink of {pf}" : null,
                flow.Port?.Kind switch
                {
                    FlowPortKind.Bond => "bond",
                    FlowPortKind.Internal => "internal port",
                    FlowPortKind.Tunnel => "tunnel",
                    FlowPortKind.OutsideNic => "not a port of an e-switch",
                    _ => null,
                },
                flow.Port?.Bridge is { } bridge ? $"bridge {bridge}" : null,
                flow.Port?.IfaceId is { } iface ? $"iface-id {iface}" : null,
                flow.Port?.Vm is { } vm ? $"vm {vm}" : null,
            }.OfType<string>(),
        ];
        return known.Length == 0 ? device : $"{device} ({string.Join(", ", known)})";
    }

    private static IEnumerable<string> Damage(IReadOnlyList<(string Datapath, FlowTally Tally)> tallies)
    {
        if (tallies.Sum(one => one.Tally.Malformed) is > 0 and var malformed)
        {
            yield return $"  {malformed} malformed lines, the first: "
                + tallies.Select(one => one.Tally.FirstMalformed).OfType<string>().FirstOrDefault();
        }

        if (tallies.Any(one => one.Tally.Truncated))
        {
            yield return "  incomplete: the dump was truncated or exceeds the flow limit";
        }
    }

    private static IEnumerable<string> Ports(IReadOnlyList<(string Datapath, FlowTally Tally)> tallies)
    {
        KeyValuePair<string, FlowCounts>[] ports = tallies.SelectMany(one => one.Tally.Ports)
            .Where(port => port.Value.Total > 0)
            .OrderByDescending(port => port.Value.Total).ToArray();
        if (ports.Length == 0)
        {
            yield break;
        }

        yield return "";
        var table = new TextTable("PORT", "OFFLOADED", "PARTIAL", "TC_NOT_IN_HW", "SOFTWARE", "UNKNOWN");
        foreach ((string device, FlowCounts counts) in ports.Take(MaxPorts))
        {
            table.Add(
                device, $"{counts.Offloaded}", $"{counts.Partial}", $"{counts.TcNotInHardware}", $"{counts.Software}",
                $"{counts.Unknown}");
        }

        foreach (string line in table.Lines())
        {
            yield return line;
        }

        if (ports.Length > MaxPorts)
        {
            yield return $"and {ports.Length - MaxPorts} more ports (see --json)";
        }
    }

    private static string Columns(
        string state, string reason, string device, string packets, string bytes, string flow) =>
        $"{state,-13} {reason,-20} {device,-16} {packets,12} {bytes,15}  {flow}";
}
