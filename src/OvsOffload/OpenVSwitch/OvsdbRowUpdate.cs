using System.Text.Json;

namespace OvsOffload.OpenVSwitch;

/// <summary>A row that was inserted (no <see cref="Old"/>), deleted (no <see cref="New"/>) or changed
/// (<see cref="Old"/> holds the columns that changed, <see cref="New"/> all that are watched).</summary>
internal sealed record OvsdbRowUpdate(string Table, Guid Row, OvsdbRow? Old, OvsdbRow? New)
{
    /// <summary>Reads the table updates of one message (RFC 7047 section 4.1.6).</summary>
    /// <exception cref="FormatException">They are of another shape.</exception>
    public static IReadOnlyList<OvsdbRowUpdate> ParseAll(JsonElement tables)
    {
        var updates = new List<OvsdbRowUpdate>();
        foreach (JsonProperty table in Members(tables))
        {
            foreach (JsonProperty row in Members(table.Value))
            {
                if (!Guid.TryParseExact(row.Name, "D", out Guid id) || row.Value.ValueKind != JsonValueKind.Object)
                {
                    throw new FormatException($"'{row.Name}' is no row of {table.Name}");
                }

                updates.Add(new OvsdbRowUpdate(
                    table.Name, id, Side(table.Name, row.Value, "old"), Side(table.Name, row.Value, "new")));
            }
        }

        return updates;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject()
            : throw new FormatException("table updates are no object");

    private static OvsdbRow? Side(string table, JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement columns) && columns.ValueKind == JsonValueKind.Object
            ? new OvsdbRow(table, columns)
            : null;
}
