using System.Collections.Immutable;
using System.Text.Json;

namespace OvsOffload.Top;

/// <summary>
/// A sample as JSON: <c>{"representors":[{"pf","function","device","bridge","hardware","software","share"}]}</c>;
/// <c>hardware</c> and <c>software</c> are <c>{"from_bytes","from_packets","to_bytes","to_packets"}</c> per second,
/// null where they are not known.
/// </summary>
internal static class TopDocument
{
    /// <summary>Writes the document's members.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<TopRow> rows)
    {
        writer.WriteStartArray("representors");
        foreach (TopRow row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("pf", row.Pf);
            writer.WriteString("function", row.Function);
            writer.WriteString("device", row.Device);
            writer.WriteString("bridge", row.Bridge);
            Write(writer, "hardware", row.Hardware);
            Write(writer, "software", row.Software);
            if (row.Share is { } share)
            {
                writer.WriteNumber("share", share);
            }
            else
            {
                writer.WriteNull("share");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, TrafficRate? rate)
    {
        if (rate is not { } known)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteNumber("from_bytes", known.FromBytes);
        writer.WriteNumber("from_packets", known.FromPackets);
        writer.WriteNumber("to_bytes", known.ToBytes);
        writer.WriteNumber("to_packets", known.ToPackets);
        writer.WriteEndObject();
    }
}
