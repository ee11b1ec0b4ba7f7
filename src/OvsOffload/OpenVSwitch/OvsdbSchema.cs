using System.Text.Json;

namespace OvsOffload.OpenVSwitch;

/// <summary>The tables and columns that a database has; older versions lack some.</summary>
internal sealed class OvsdbSchema
{
    private readonly Dictionary<string, HashSet<string>> _columns;

    private OvsdbSchema(string version, Dictionary<string, HashSet<string>> columns)
    {
        Version = version;
        _columns = columns;
    }

    /// <summary>Version of the schema, such as <c>8.8.0</c>.</summary>
    public string Version { get; }

    public bool Has(string table, string column) =>
        _columns.TryGetValue(table, out HashSet<string>? columns) && columns.Contains(column);

    /// <summary>Those of <paramref name="columns"/> that the table has, and the row's id.</summary>
    public IEnumerable<string> Existing(string table, IEnumerable<string> columns) =>
        ["_uuid", .. columns.Where(column => Has(table, column))];

    /// <summary>Reads a database schema (RFC 7047 section 3.2).</summary>
    /// <exception cref="FormatException">It has no tables, or a table has no columns.</exception>
    public static OvsdbSchema Parse(JsonElement schema)
    {
        var tables = Members(schema, "tables").ToDictionary(
            table => table.Name,
            table => Members(table.Value, "columns").Select(column => column.Name).ToHashSet());
        string version = schema.TryGetProperty("version", out JsonElement text) ? OvsdbDatum.ReadString(text) : "";
        return new OvsdbSchema(version, tables);
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement members)
            && members.ValueKind == JsonValueKind.Object
            ? members.EnumerateObject()
            : throw new FormatException($"a schema without {name}");
}
