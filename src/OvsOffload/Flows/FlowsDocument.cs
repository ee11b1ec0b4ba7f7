using System.Collections.Immutable;
using System.Text.Json;

namespace OvsOffload.Flows;

/// <summary>Flows as JSON, as scripts rely on it.</summary>
internal static class FlowsDocument
{
    /// <summary>The word of a state.</summary>
    public static string Name(FlowState state) => state switch
    {
        FlowState.Offloaded => "offloaded",
        FlowState.Partial => "partial",
        FlowState.TcNotInHardware => "tc_not_in_hw",
        FlowState.Software => "software",
        _ => "unknown",
    };

    /// <summary>Counts: <c>{"flows","offloaded","partial","software","tc_not_in_hw","unknown","malformed","truncated",
    /// "layers":{},"ports":[{"datapath","device",..}],"reasons":{}}</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="tallies">The counts by datapath, whose name is empty for a dump that names none.</param>
    public static void WriteSummary(Utf8JsonWriter writer, IReadOnlyList<(string Datapath, FlowTally Tally)> tallies)
    {
        FlowCounts sum = tallies.Aggregate(default(FlowCounts), (counts, one) => counts + one.Tally.Flows);
        writer.WriteNumber("flows", sum.Total);
        WriteCounts(writer, sum);
        writer.WriteNumber("unknown", sum.Unknown);
        writer.WriteNumber("malformed", tallies.Sum(one => one.Tally.Malformed));
        writer.WriteBoolean("truncated", tallies.Any(one => one.Tally.Truncated));
        writer.WriteStartObject("layers");
        foreach (IGrouping<string, long>? layer in tallies.SelectMany(one => one.Tally.Layers)
            .GroupBy(layer => layer.Key, layer => layer.Value)
            .OrderBy(layer => layer.Key, StringComparer.Ordinal))
        {
            writer.WriteNumber(layer.Key, layer.Sum());
        }

        writer.WriteEndObject();
        writer.WriteStartArray("ports");
        foreach ((string datapath, FlowTally tally) in tallies)
        {
            foreach ((string device, FlowCounts counts) in tally.Ports.OrderBy(
                port => port.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject();
                writer.WriteString("datapath", datapath);
                writer.WriteString("device", device);
                WriteCounts(writer, counts);
                writer.WriteNumber("unknown", counts.Unknown);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteStartObject("reasons");
        foreach (IGrouping<FlowReason, long> reason in Sum(tallies)
            .GroupBy(count => count.Reason, count => count.Flows))
        {
            writer.WriteNumber(FlowReasons.Of(reason.Key).Word, reason.Sum());
        }

        writer.WriteEndObject();
    }

    /// <summary>Why flows are not offloaded: <c>{"not_offloaded":N,"reasons":[{"reason","source","flows","packets",
    /// "follow_on_flows","follow_on_packets","fault","meaning","change","check"}]}</c>; the flows follow.</summary>
    public static void WriteReasons(
        Utf8JsonWriter writer, IReadOnlyList<(string Datapath, FlowTally Tally)> tallies, OffloadLog log)
    {
        ImmutableArray<ReasonCount> counts = Sum(tallies);
        writer.WriteNumber("not_offloaded", counts.Sum(count => count.Flows));
        writer.WriteNumber("malformed", tallies.Sum(one => one.Tally.Malformed));
        writer.WriteBoolean("truncated", tallies.Any(one => one.Tally.Truncated));
        writer.WriteStartArray("reasons");
        foreach (ReasonCount count in counts)
        {
            FlowReasonInfo info = FlowReasons.Of(count.Reason);
            writer.WriteStartObject();
            writer.WriteString("reason", info.Word);
            writer.WriteString("source", FlowReasons.Name(count.Source));
            writer.WriteNumber("flows", count.Flows);
            writer.WriteNumber("packets", count.Packets);
            writer.WriteNumber("follow_on_flows", count.FollowOnFlows);
            writer.WriteNumber("follow_on_packets", count.FollowOnPackets);
            writer.WriteBoolean("fault", info.IsFault);
            writer.WriteString("meaning", info.Sentence);
            writer.WriteString("change", FlowReasons.ChangeOf(info, log));
            writer.WriteString("check", info.Check);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>One flow.</summary>
    public static void WriteFlow(Utf8JsonWriter writer, FlowRecord flow)
    {
        writer.WriteStartObject();
        writer.WriteString("datapath", flow.Datapath);
        writer.WriteString("ufid", flow.Ufid is { } ufid ? Ufid.Format(ufid) : null);
        writer.WriteString("state", Name(flow.State));
        writer.WriteString("layer", flow.Layer.Length > 0 ? flow.Layer : null);
        writer.WriteString("reason", flow.Reason?.Word);
        writer.WriteString("source", flow.Reason is null ? null : FlowReasons.Name(flow.Source));
        writer.WriteString("evidence", flow.Evidence.Length > 0 ? flow.Evidence : null);
        writer.WriteString("detail", flow.Message);
        writer.WriteString("device", flow.Device);
        writer.WriteString("function", flow.Port?.Function);
        writer.WriteString("pf", flow.Port?.Pf?.ToString());
        writer.WriteString("bridge", flow.Port?.Bridge);
        writer.WriteString("iface_id", flow.Port?.IfaceId);
        writer.WriteString("vm", flow.Port?.Vm);
        writer.WriteNumber("packets", flow.Packets);
        writer.WriteNumber("bytes", flow.Bytes);
        writer.WriteString("used", flow.Used);
        writer.WriteString("flow", flow.Line);
        writer.WriteEndObject();
    }

    /// <summary>The reasons of all datapaths together, those that concern most flows first, and what
    /// follows from them last.</summary>
    public static ImmutableArray<ReasonCount> Sum(IReadOnlyList<(string Datapath, FlowTally Tally)> tallies) =>
    [
        .. tallies.SelectMany(one => one.Tally.Reasons)
            .GroupBy(count => (count.Reason, count.Source))
            .Select(group => group.Aggregate((a, b) => a + b))
            .OrderBy(count => count.Reason == FlowReason.FollowOn)
            .ThenByDescending(count => count.Flows + count.FollowOnFlows),
    ];

    private static void WriteCounts(Utf8JsonWriter writer, FlowCounts counts)
    {
        writer.WriteNumber("offloaded", counts.Offloaded);
        writer.WriteNumber("partial", counts.Partial);
        writer.WriteNumber("software", counts.Software);
        writer.WriteNumber("tc_not_in_hw", counts.TcNotInHardware);
    }
}
