using System.Text.Json;

namespace OvsOffload.OpenVSwitch;

/// <summary>A row of an OVSDB table as the server sent it; a column that it did not send reads as empty.</summary>
/// <remarks>Readers throw <see cref="FormatException"/>, naming table and column, where a value is of another
/// type.</remarks>
internal readonly struct OvsdbRow(string table, JsonElement columns)
{
    private static readonly IReadOnlyDictionary<string, string> NoPairs = new Dictionary<string, string>();

    public Guid Id => Read("_uuid", OvsdbDatum.ReadUuid, Guid.Empty);

    public string Text(string column) => Read(column, OvsdbDatum.ReadString, "");

    public long Integer(string column) => Read(column, OvsdbDatum.ReadInteger, 0);

    public string? OptionalText(string column) =>
        Read(column, value => OvsdbDatum.ReadOptional(value, OvsdbDatum.ReadString), null);

    public long? OptionalInteger(string column) =>
        Read(column, value => OvsdbDatum.ReadOptionalValue(value, OvsdbDatum.ReadInteger), null);

    public bool Boolean(string column) => Read(column, OvsdbDatum.ReadBoolean, false);

    public IReadOnlyList<long> Integers(string column) =>
        Read(column, value => OvsdbDatum.ReadSet(value, OvsdbDatum.ReadInteger), []);

    public IReadOnlyList<Guid> References(string column) =>
        Read(column, value => OvsdbDatum.ReadSet(value, OvsdbDatum.ReadUuid), []);

    public IReadOnlyDictionary<string, string> Map(string column) => Read(column, OvsdbDatum.ReadMap, NoPairs);

    /// <summary>The rows that a select gave.</summary>
    /// <exception cref="FormatException">The result holds no rows.</exception>
    public static IReadOnlyList<OvsdbRow> Rows(string table, JsonElement result) =>
        result.TryGetProperty("rows", out JsonElement rows) && rows.ValueKind == JsonValueKind.Array
            && rows.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Object)
            ? [.. rows.EnumerateArray().Select(row => new OvsdbRow(table, row))]
            : throw new FormatException($"no rows in the result of a select from {table}");

    private T Read<T>(string column, Func<JsonElement, T> read, T absent)
    {
        try
        {
            return columns.TryGetProperty(column, out JsonElement value) ? read(value) : absent;
        }
        catch (FormatException e)
        {
            throw new FormatException($"{table}.{column}: {e.Message}", e);
        }
    }
}
