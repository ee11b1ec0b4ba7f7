using System.Text.Encodings.Web;
using System.Text.Json;

namespace OvsOffload.Os;

/// <summary>
/// The frame of every JSON document that the program prints: one object with <c>schema</c>, <c>host</c> and <c>time</c>
/// (RFC 3339), then the document's own members.
/// </summary>
internal static class Document
{
    private const int Schema = 1;

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",

        // It goes to terminals and files, never into HTML, so words stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes one document with a newline behind it.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="time">When the host was read.</param>
    /// <param name="members">Writes the document's own members.</param>
    public static void Write(Stream stream, string host, DateTimeOffset time, Action<Utf8JsonWriter> members)
    {
        Utf8JsonWriter writer = Begin(stream, host, time);
        members(writer);
        End(writer, stream);
    }

    /// <summary>Writes one document as one line, for documents that follow one another.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteLine(Stream stream, string host, DateTimeOffset time, Action<Utf8JsonWriter> members)
    {
        Utf8JsonWriter writer = Begin(stream, host, time, Options with { Indented = false });
        members(writer);
        End(writer, stream);
    }

    /// <summary>Begins a document that is written bit by bit; <see cref="End"/> ends it.</summary>
    public static Utf8JsonWriter Begin(Stream stream, string host, DateTimeOffset time) =>
        Begin(stream, host, time, Options);

    private static Utf8JsonWriter Begin(Stream stream, string host, DateTimeOffset time, JsonWriterOptions options)
    {
        var writer = new Utf8JsonWriter(stream, options);
        writer.WriteStartObject();
        writer.WriteNumber("schema", Schema);
        writer.WriteString("host", host);
        writer.WriteString("time", time);
        return writer;
    }

    /// <summary>Ends a document with a newline.</summary>
    public static void End(Utf8JsonWriter writer, Stream stream)
    {
        writer.WriteEndObject();
        writer.Dispose();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Writes an array member of plain strings.</summary>
    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
