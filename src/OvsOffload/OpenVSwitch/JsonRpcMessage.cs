using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OvsOffload.OpenVSwitch;

/// <summary>Writes messages of JSON-RPC 1.0 (RFC 7047 section 4, lib/unixctl.c).</summary>
internal static class JsonRpcMessage
{
    /// <summary>A request whose parameters are all text, as unixctl wants them.</summary>
    public static ReadOnlyMemory<byte> Request(int id, string method, IReadOnlyList<string> parameters) =>
        Request(id, method, new JsonArray([.. parameters.Select(p => (JsonNode)JsonValue.Create(p))]));

    public static ReadOnlyMemory<byte> Request(int id, string method, JsonArray parameters) =>
        Write(writer =>
        {
            writer.WriteNumber("id", id);
            writer.WriteString("method", method);
            writer.WritePropertyName("params");
            parameters.WriteTo(writer);
        });

    /// <summary>The reply to an echo request: the same id and the parameters again.</summary>
    public static ReadOnlyMemory<byte> EchoReply(JsonElement id, JsonElement parameters) =>
        Write(writer =>
        {
            writer.WritePropertyName("id");
            id.WriteTo(writer);
            writer.WritePropertyName("result");
            parameters.WriteTo(writer);
            writer.WriteNull("error");
        });

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
