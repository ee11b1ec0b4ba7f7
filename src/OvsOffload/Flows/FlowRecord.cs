using System.Text;

namespace OvsOffload.Flows;

/// <summary>One flow to be shown: its line, what it counts as, and what is known of where it comes from.</summary>
internal sealed record FlowRecord
{
    /// <summary>Empty for a dump that names none.</summary>
    public required string Datapath { get; init; }

    public required UInt128? Ufid { get; init; }

    public required FlowState State { get; init; }

    public required string Layer { get; init; }

    /// <summary>Why it is not offloaded; null where it is, or where its state is not known.</summary>
    public required FlowReasonInfo? Reason { get; init; }

    public required ReasonSource Source { get; init; }

    /// <summary>The part of the line that shows the reason; empty where none does.</summary>
    public required string Evidence { get; init; }

    /// <summary>What a log, a setting or the kernel says; null without.</summary>
    public required string? Message { get; init; }

    /// <summary>Its <c>recirc_id</c>; 0 at the beginning of the pipeline.</summary>
    public ulong RecircId { get; init; }

    /// <summary>What would have to be known for a better reason; null where nothing.</summary>
    public string? NotKnown { get; init; }

    /// <summary>The ingress port as the dump names it.</summary>
    public required string Device { get; init; }

    /// <summary>What is known of the ingress port; null where nothing is.</summary>
    public required FlowPort? Port { get; init; }

    public required ulong Packets { get; init; }

    public required ulong Bytes { get; init; }

    public required string Used { get; init; }

    /// <summary>The line as it was read.</summary>
    public required string Line { get; init; }

    /// <summary>What it matches and does, without what does not matter.</summary>
    public required string Text { get; init; }

    /// <summary>Makes the record of a line.</summary>
    public static FlowRecord Of(
        string datapath, ReadOnlySpan<byte> line, in FlowLine flow, FlowState state, FlowReasonFacts facts)
    {
        FlowVerdict verdict = state is FlowState.Offloaded or FlowState.Unknown
            ? default
            : FlowDiagnosis.Decide(flow, facts);
        facts.Ports.TryFind(flow.InPort, out FlowPort? port);
        return new FlowRecord
        {
            Datapath = datapath,
            Ufid = flow.Ufid,
            State = state,
            Layer = Encoding.UTF8.GetString(flow.Layer),
            Reason = state is FlowState.Offloaded or FlowState.Unknown ? null : FlowReasons.Of(verdict.Reason),
            Source = verdict.Source,
            Evidence = Encoding.UTF8.GetString(verdict.Evidence),
            Message = verdict.Message,
            RecircId = verdict.RecircId,
            NotKnown = verdict.Message == verdict.NotKnown ? verdict.NotKnown : null,
            Device = Encoding.UTF8.GetString(flow.InPort),
            Port = port,
            Packets = flow.Packets,
            Bytes = flow.Bytes,
            Used = Encoding.UTF8.GetString(flow.Used),
            Line = Encoding.UTF8.GetString(line),
            Text = $"{Compact(flow.Key)} actions:{Encoding.UTF8.GetString(flow.Actions)}",
        };
    }

    /// <summary>The key without attributes that match anything.</summary>
    private static string Compact(ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder();
        var items = new FlowItems(key);
        while (items.Next())
        {
            if (!items.HasArguments || items.Arguments.IsEmpty || !MatchRules.IsWildcard(items.Arguments))
            {
                text.Append(text.Length > 0 ? "," : "").Append(Encoding.UTF8.GetString(items.Whole));
            }
        }

        return text.ToString();
    }
}
