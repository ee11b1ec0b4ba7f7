using System.Text.Json.Nodes;

namespace OvsOffload.OpenVSwitch;

/// <summary>Operations of an OVSDB transaction (RFC 7047 section 5.2) and the conditions and mutations in them
/// (section 5.1).</summary>
internal static class OvsdbOperation
{
    public static JsonObject Select(string table, IEnumerable<string> columns, params JsonArray[] where) =>
        new()
        {
            ["op"] = "select",
            ["table"] = table,
            ["where"] = Array(where),
            ["columns"] = Array(columns.Select(column => (JsonNode)JsonValue.Create(column))),
        };

    /// <summary>Inserts a row that others of the transaction name by <see cref="OvsdbDatum.NamedUuid"/>.</summary>
    public static JsonObject Insert(string table, string name, JsonObject row) =>
        new() { ["op"] = "insert", ["table"] = table, ["uuid-name"] = name, ["row"] = row };

    public static JsonObject Mutate(string table, JsonArray where, params JsonArray[] mutations) =>
        new() { ["op"] = "mutate", ["table"] = table, ["where"] = Array([where]), ["mutations"] = Array(mutations) };

    /// <summary>Lets the transaction go on only while the rows that <paramref name="where"/> finds, as far as
    /// <paramref name="column"/>, are exactly <paramref name="values"/>; without a value, while it finds
    /// none.</summary>
    public static JsonObject Wait(string table, JsonArray[] where, string column, params JsonNode[] values) =>
        new()
        {
            ["op"] = "wait",
            ["timeout"] = 0,
            ["table"] = table,
            ["where"] = Array(where),
            ["columns"] = new JsonArray(column),
            ["until"] = "==",
            ["rows"] = Array(values.Select(value => new JsonObject { [column] = value })),
        };

    public static JsonArray IdIs(Guid id) => new("_uuid", "==", OvsdbDatum.Uuid(id));

    public static JsonArray NameIs(string name) => new("name", "==", name);

    public static JsonArray Includes(string column, JsonNode value) => new(column, "includes", value);

    public static JsonArray InsertInto(string column, JsonNode value) => new(column, "insert", value);

    public static JsonArray DeleteFrom(string column, JsonNode value) => new(column, "delete", value);

    public static JsonArray Increment(string column) => new(column, "+=", 1);

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}
