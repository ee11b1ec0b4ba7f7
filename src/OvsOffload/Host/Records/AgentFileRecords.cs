using System.Text;
using System.Text.Json;
using OvsOffload.Intent;
using OvsOffload.Os;

#pragma warning disable RS0030 // Records that are no longer needed are deleted.

namespace OvsOffload.Host;

/// <summary>
/// Keeps the records of changed files in <c>/var/lib/ovs-offload/security-groups</c>, one JSON file for each backend:
/// <c>{"schema":1,"object","before","after"}</c>, contents in base64. They may hold another program's secrets, so only
/// root can read them.
/// </summary>
internal sealed class AgentFileRecords(HostPaths paths)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The directory of the records, as the host names it.</summary>
    public const string InRoot = "/var/lib/ovs-offload/security-groups";

    private string Directory => Path.Combine(paths.Var, "lib/ovs-offload/security-groups");

    /// <summary>The record of a backend; null where there is none. Failed where it cannot be read.</summary>
    public Reading<AgentFileRecord?> Read(SecurityGroupBackend backend)
    {
        Reading<byte[]> read = paths.Files.Bytes(FileOf(backend), 8 << 20);
        return read.IsAbsent
            ? Reading.Known<AgentFileRecord?>(null)
            : read.Then(bytes => Parse(FileOf(backend), bytes));
    }

    /// <summary>Writes the record of a backend, or takes it away. On disk when it returns.</summary>
    public void Write(SecurityGroupBackend backend, AgentFileRecord? record)
    {
        if (record is null)
        {
            if (File.Exists(FileOf(backend)))
            {
                File.Delete(FileOf(backend));
            }

            return;
        }

        using var content = new MemoryStream();
        using (var writer = new Utf8JsonWriter(content))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", 1);
            writer.WriteString("object", record.Object);
            Write(writer, "before", record.Before);
            Write(writer, "after", record.After);
            writer.WriteEndObject();
        }

        global::System.IO.Directory.CreateDirectory(Directory, OwnerOnly | UnixFileMode.UserExecute);
        AtomicFile.Write(FileOf(backend), content.ToArray(), OwnerOnly, paths.Root);
    }

    private static void Write(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteBase64String(name, Encoding.Latin1.GetBytes(text));
        }
    }

    private static Reading<AgentFileRecord?> Parse(string file, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.GetProperty("schema").GetInt32() != 1)
            {
                return Reading.Failed<AgentFileRecord?>($"{file}: written by another release");
            }

            return Reading.Known<AgentFileRecord?>(new AgentFileRecord(
                root.GetProperty("object").GetString() ?? "", Text(root, "before"), Text(root, "after")));
        }
        catch (Exception failure) when (failure
            is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Reading.Failed<AgentFileRecord?>($"{file}: damaged: {failure.Message}");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value
            ? Encoding.Latin1.GetString(value.GetBytesFromBase64())
            : null;

    private string FileOf(SecurityGroupBackend backend) =>
        Path.Combine(Directory, $"{backend.ToString().ToLowerInvariant()}.json");
}
