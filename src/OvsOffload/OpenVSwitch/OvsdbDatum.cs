using System.Text.Json;
using System.Text.Json.Nodes;

namespace OvsOffload.OpenVSwitch;

/// <summary>Values of OVSDB columns as they stand on the wire (RFC 7047 section 5.1).</summary>
/// <remarks>
/// <c>["uuid", ID]</c>, <c>["named-uuid", NAME]</c>, <c>["set", [ATOM, ..]]</c>, where a set of one may be the bare
/// atom, and <c>["map", [[KEY, VALUE], ..]]</c>. An optional scalar is a set of at most one. Readers throw
/// <see cref="FormatException"/>.
/// </remarks>
internal static class OvsdbDatum
{
    public static JsonNode Uuid(Guid id) => new JsonArray("uuid", id.ToString());

    /// <summary>A row that is inserted by the same transaction.</summary>
    public static JsonNode NamedUuid(string name) => new JsonArray("named-uuid", name);

    public static JsonNode Set(IEnumerable<JsonNode?> atoms) => new JsonArray("set", new JsonArray([.. atoms]));

    public static JsonNode Set(IEnumerable<string> strings) => Set(strings.Select(s => (JsonNode?)JsonValue.Create(s)));

    public static JsonNode Set(IEnumerable<Guid> rows) => Set(rows.Select(Uuid));

    public static JsonNode Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new JsonArray("map", new JsonArray([.. pairs.Select(pair => (JsonNode)new JsonArray(pair.Key, pair.Value))]));

    public static JsonNode Optional(long? number) =>
        Set(number is { } value ? [JsonValue.Create(value)] : Enumerable.Empty<JsonNode?>());

    public static string ReadString(JsonElement atom) =>
        atom.ValueKind == JsonValueKind.String ? atom.GetString()! : throw Unexpected(atom, "a string");

    public static long ReadInteger(JsonElement atom) =>
        atom.ValueKind == JsonValueKind.Number && atom.TryGetInt64(out long number)
            ? number
            : throw Unexpected(atom, "an integer");

    public static bool ReadBoolean(JsonElement atom) =>
        atom.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? atom.GetBoolean()
            : throw Unexpected(atom, "a boolean");

    public static Guid ReadUuid(JsonElement atom) =>
        IsTagged(atom, "uuid") && Guid.TryParseExact(ReadString(atom[1]), "D", out Guid id)
            ? id
            : throw Unexpected(atom, "a uuid");

    /// <summary>A set, in the server's order.</summary>
    public static IReadOnlyList<T> ReadSet<T>(JsonElement value, Func<JsonElement, T> readAtom) =>
        IsTagged(value, "set") && value[1].ValueKind == JsonValueKind.Array
            ? [.. value[1].EnumerateArray().Select(readAtom)]
            : [readAtom(value)];

    /// <summary>A set of at most one: its only atom, or null.</summary>
    public static T? ReadOptional<T>(JsonElement value, Func<JsonElement, T> readAtom)
        where T : class =>
        ReadSet(value, readAtom) switch
        {
            [] => null,
            [var only] => only,
            _ => throw Unexpected(value, "at most one value"),
        };

    /// <inheritdoc cref="ReadOptional{T}(JsonElement, Func{JsonElement, T})"/>
    public static T? ReadOptionalValue<T>(JsonElement value, Func<JsonElement, T> readAtom)
        where T : struct =>
        ReadSet(value, readAtom) switch
        {
            [] => null,
            [var only] => only,
            _ => throw Unexpected(value, "at most one value"),
        };

    /// <summary>A map of strings, in the order of its keys.</summary>
    public static IReadOnlyDictionary<string, string> ReadMap(JsonElement value)
    {
        if (!IsTagged(value, "map") || value[1].ValueKind != JsonValueKind.Array)
        {
            throw Unexpected(value, "a map");
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonElement pair in value[1].EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2
                || !map.TryAdd(ReadString(pair[0]), ReadString(pair[1])))
            {
                throw Unexpected(pair, "a pair with a key of its own");
            }
        }

        return map;
    }

    private static bool IsTagged(JsonElement value, string tag) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
        && value[0].ValueKind == JsonValueKind.String && value[0].ValueEquals(tag);

    private static FormatException Unexpected(JsonElement value, string wanted)
    {
        const int Shown = 60;
        string text = value.ValueKind == JsonValueKind.Undefined ? "nothing" : value.GetRawText();
        return new FormatException($"{(text.Length > Shown ? text[..Shown] + ".." : text)} is not {wanted}");
    }
}
