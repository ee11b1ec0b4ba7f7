using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;

#pragma warning disable RS0030 // The journal grows line by line, which AtomicFile cannot.

namespace OvsOffload.Applying;

/// <summary>What is recorded before and after every step, so that a run that was cut off is noticed.</summary>
internal interface IJournal
{
    /// <summary>
    /// Begins the journal of a run; the one before is gone. Like the others it throws what the disk says.
    /// </summary>
    void Begin();

    /// <summary>Writes one line, on disk when it returns.</summary>
    /// <param name="step">The step.</param>
    /// <param name="phase">Where it is.</param>
    /// <param name="error">Why it failed; null otherwise.</param>
    void Write(Step step, JournalPhase phase, string? error = null);

    /// <summary>Says that the run came to its end, good or bad.</summary>
    void End();
}

/// <summary>Where a step is.</summary>
internal enum JournalPhase
{
    Begin,
    Done,
    Failed,
    Undone,
}

/// <summary>
/// A journal as a file: one JSON object a line, <c>{"time","phase","id","summary","undo"}</c> and, of a step that
/// failed, <c>"error"</c>; <c>{"time","phase":"end"}</c> is the last line of a run that was not cut off.
/// </summary>
/// <param name="path">The file, in the run directory: a reboot ends what it describes.</param>
/// <param name="time">The clock.</param>
internal sealed class FileJournal(string path, TimeProvider time) : IJournal
{
    /// <summary>Where the journal of the last apply is: <c>/run/ovs-offload/journal</c>.</summary>
    public static string PathOf(HostPaths paths) => JournalSource.PathOf(paths);

    /// <inheritdoc/>
    public void Begin()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, []);
    }

    /// <inheritdoc/>
    public void Write(Step step, JournalPhase phase, string? error = null) => Append(writer =>
    {
        writer.WriteString("phase", phase.ToString().ToLowerInvariant());
        writer.WriteString("id", step.Id);
        writer.WriteString("summary", step.Action.Summary);
        writer.WriteString("undo", step.Undo);
        if (error is not null)
        {
            writer.WriteString("error", error);
        }
    });

    /// <inheritdoc/>
    public void End()
    {
        // What is no file is replaced: to write into a FIFO would wait for a reader.
        if (!HostFile.IsContent(path))
        {
            Begin();
        }

        Append(writer => writer.WriteString("phase", "end"));
    }

    private void Append(Action<Utf8JsonWriter> fill)
    {
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("time", time.GetUtcNow());
            fill(writer);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        stream.Flush(flushToDisk: true);
    }
}
