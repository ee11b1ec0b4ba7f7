using System.Collections.Immutable;
using System.Text.Json;

namespace OvsOffload.Host;

/// <summary>A line of the journal that an apply writes: one step, and where it stood.</summary>
/// <param name="Phase"><c>begin</c>, <c>done</c>, <c>failed</c>, <c>undone</c>.</param>
/// <param name="Id">The step: its kind and its object, <c>eswitch-mode:0000:3b:00.0</c>.</param>
/// <param name="Error">Why it failed, where the journal says so.</param>
internal sealed record JournalLine(string Phase, string Id, string? Error)
{
    /// <summary>
    /// Reads a journal. Lines that are no step (the last one of a run, and one that was cut off) are passed over.
    /// </summary>
    public static ImmutableArray<JournalLine> Parse(IEnumerable<string> lines) =>
        [.. lines.Select(Parse).OfType<JournalLine>()];

    private static JournalLine? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Text("phase") is { } phase && Text("id") is { } id
                ? new JournalLine(phase, id, Text("error"))
                : null;

            string? Text(string name) => document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out JsonElement member)
                && member.ValueKind == JsonValueKind.String
                    ? member.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
