using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Os;

#pragma warning disable RS0030 // Records that are no longer needed are deleted.

namespace OvsOffload.Host;

/// <summary>
/// Keeps what this program has changed in two files: what a reboot ends in <c>/run/ovs-offload/changes.json</c>, what
/// outlives one (settings of Open vSwitch) in <c>/var/lib/ovs-offload/changes.json</c>:
/// <c>{"schema":1,"changes":[{"kind","object","before","after"}]}</c>. Writers hold <see cref="RunLock"/>.
/// </summary>
internal sealed class ChangeRecords(HostPaths paths)
{
    /// <summary>Bytes. An entry has some 100, and a host some dozens of them.</summary>
    private const int Bound = 4 << 20;

    private string VolatileFile => Path.Combine(RunLock.DirectoryOf(paths), "changes.json");

    private string PersistentFile => Path.Combine(paths.Var, "lib/ovs-offload/changes.json");

    /// <summary>Reads them; none where there is no file. Failed where one cannot be read or is damaged.</summary>
    public Reading<RecordedChanges> Read() => Read(VolatileFile).Then(first => Read(PersistentFile).Map(
        second => RecordedChanges.Of(first.AddRange(second))));

    /// <summary>Writes them where they differ from what was there. On disk when it returns.</summary>
    /// <exception cref="IOException">The disk says so.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise, for want of permission.</exception>
    public void Write(RecordedChanges before, RecordedChanges after)
    {
        Write(VolatileFile, Of(before, persistent: false), Of(after, persistent: false));
        Write(PersistentFile, Of(before, persistent: true), Of(after, persistent: true));
    }

    private static RecordedChange[] Of(RecordedChanges changes, bool persistent) =>
        [.. changes.All.Where(change => change.Kind == ChangeKind.SwitchOption == persistent)];

    private void Write(string file, RecordedChange[] before, RecordedChange[] after)
    {
        if (before.AsSpan().SequenceEqual(after))
        {
            return;
        }

        if (after.Length == 0)
        {
            if (File.Exists(file))
            {
                File.Delete(file);
            }

            return;
        }

        using var content = new MemoryStream();
        using (var writer = new Utf8JsonWriter(content))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", 1);
            writer.WriteStartArray("changes");
            foreach (RecordedChange change in after)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", change.Kind);
                writer.WriteString("object", change.Object);
                writer.WriteString("before", change.Before);
                writer.WriteString("after", change.After);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        Directory.CreateDirectory(
            Path.GetDirectoryName(file)!,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        AtomicFile.Write(file, content.ToArray(), root: paths.Root);
    }

    private Reading<ImmutableArray<RecordedChange>> Read(string file)
    {
        Reading<byte[]> read = paths.Files.Bytes(file, Bound);
        return read.IsAbsent
            ? Reading.Known<ImmutableArray<RecordedChange>>([])
            : read.Then(bytes => Parse(file, bytes));
    }

    private static Reading<ImmutableArray<RecordedChange>> Parse(string file, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.GetProperty("schema").GetInt32() != 1)
            {
                return Reading.Failed<ImmutableArray<RecordedChange>>($"{file}: written by another release");
            }

            ImmutableArray<RecordedChange>.Builder changes = ImmutableArray.CreateBuilder<RecordedChange>();
            foreach (JsonElement change in root.GetProperty("changes").EnumerateArray())
            {
                changes.Add(new RecordedChange(
                    Required(change, "kind"), Required(change, "object"),
                    change.GetProperty("before").GetString(), change.GetProperty("after").GetString()));
            }

            return Reading.Known(changes.ToImmutable());
        }
        catch (Exception failure)
            when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Reading.Failed<ImmutableArray<RecordedChange>>($"{file}: damaged: {failure.Message}");
        }
    }

    private static string Required(JsonElement change, string name) => change.GetProperty(name).GetString()
        ?? throw new FormatException($"an entry without {name}");
}
