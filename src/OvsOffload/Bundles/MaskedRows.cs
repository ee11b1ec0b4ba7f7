using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Bundles;

/// <summary>
/// Masks the rows of the Open_vSwitch database: in maps (RFC 7047 section 5.1) the values of keys that name a guest or
/// its owner, and secrets; elsewhere addresses.
/// </summary>
internal sealed class MaskedRows(Pseudonyms pseudonyms, MaskedText text)
{
    /// <summary>Keys of external_ids whose values name a guest, its port or its owner, by a part of the key.</summary>
    private static readonly string[] Names =
    [
        OvsInterface.IfaceIdKey, "vm", "instance", "port_name", "port-name", "project", "tenant", "user", "pod",
        "container", "sandbox",
    ];

    /// <summary>The rows with pseudonyms; without secrets only, where <paramref name="masked"/> is false.</summary>
    /// <exception cref="JsonException">The rows are no JSON.</exception>
    public string Of(string rows, bool masked)
    {
        using var document = JsonDocument.Parse(rows);
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, document.RootElement, masked);
        }

        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }

    private void Write(Utf8JsonWriter writer, JsonElement element, bool masked)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, masked);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array when IsPair(element):
                string key = element[0].GetString()!;
                writer.WriteStartArray();
                writer.WriteStringValue(key);
                writer.WriteStringValue(Value(key, element[1].GetString()!, masked));
                writer.WriteEndArray();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement one in element.EnumerateArray())
                {
                    Write(writer, one, masked);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when masked:
                writer.WriteStringValue(text.Of(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>A map's entry; <c>["uuid", ".."]</c> looks the same and has a key that is none of ours.</summary>
    private static bool IsPair(JsonElement element) => element.GetArrayLength() == 2
        && element[0].ValueKind == JsonValueKind.String && element[1].ValueKind == JsonValueKind.String;

    private string Value(string key, string value, bool masked) =>
        Trim.IsSecret(key) ? Trim.Hidden
        : !masked || key is "uuid" or "named-uuid" ? value
        : Names.Any(name => key.Contains(name, StringComparison.OrdinalIgnoreCase)) && value.Length > 0
            ? pseudonyms.Word(value)
        : text.Of(value);
}
