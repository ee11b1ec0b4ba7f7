using System.Collections.Immutable;
using System.Text.Json;

namespace OvsOffload.Flows;

/// <summary>What flows would meet under assumptions, for people and scripts.</summary>
internal static class WhatIfDocument
{
    /// <summary>What stands under every such table.</summary>
    public const string NoPromise = "This is no promise: it compares known obstacles only. Firmware, table sizes and "
        + "limits that a driver keeps to itself are not in it.";

    /// <summary>
    /// <c>"what_if":{"assumed":{},"cases":[{"now","outcome","then","not_known","flows","packets"}],"note"}</c>.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, FlowAssumptions assumptions, ImmutableArray<WhatIfCount> counts)
    {
        writer.WriteStartObject("what_if");
        writer.WriteStartObject("assumed");
        foreach ((string key, string value) in assumptions.Words)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("cases");
        foreach (WhatIfCount count in counts)
        {
            writer.WriteStartObject();
            writer.WriteString("now", Now(count));
            writer.WriteString("outcome", count.Outcome switch
            {
                WhatIfOutcome.Obstacle => "obstacle",
                WhatIfOutcome.Unknown => "unknown",
                _ => "no_known_obstacle",
            });
            writer.WriteString("then", count.Then is { } then ? FlowReasons.Of(then).Word : null);
            writer.WriteString("not_known", count.NotKnown);
            writer.WriteNumber("flows", count.Flows);
            writer.WriteNumber("packets", count.Packets);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("note", NoPromise);
        writer.WriteEndObject();
    }

    /// <summary>Why flows are not offloaded now, in one word.</summary>
    public static string Now(WhatIfCount count) => count.Now is { } now ? FlowReasons.Of(now).Word : "offloaded";

    /// <summary>What they would meet, in words.</summary>
    public static string Then(WhatIfCount count) => count switch
    {
        { Outcome: WhatIfOutcome.Obstacle, Then: { } then } when then == count.Now =>
            $"stays: {FlowReasons.Of(then).Word}",
        { Outcome: WhatIfOutcome.Obstacle, Then: { } then } => FlowReasons.Of(then).Word,
        { Outcome: WhatIfOutcome.Unknown } => $"unknown: {count.NotKnown}",
        { Now: null } => "offloaded",
        _ => "no known obstacle",
    };
}
