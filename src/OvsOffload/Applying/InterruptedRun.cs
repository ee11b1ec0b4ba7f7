using System.Globalization;
using System.Text.Json;
using OvsOffload.Os;

namespace OvsOffload.Applying;

/// <summary>A run that died before its end, as its journal tells it.</summary>
/// <param name="Started">When it began its first step; null where that line is damaged.</param>
/// <param name="CompletedSteps">How many steps were done and not undone.</param>
/// <param name="CurrentStep">The step, or the way back of one, that was begun last and not ended; null between two
/// steps.</param>
internal sealed record InterruptedRun(DateTimeOffset? Started, int CompletedSteps, string? CurrentStep)
{
    private const string Damaged = "a step whose line in the journal is damaged";

    /// <summary>Bytes. A step takes two lines of some 300.</summary>
    private const int LongestJournal = 64 << 20;

    /// <summary>Reads a journal; null when its run came to its end, or has not begun a step. Where one cannot be
    /// read it is unknown, so its run counts as cut off.</summary>
    /// <param name="path">The journal's file.</param>
    public static InterruptedRun? Read(string path)
    {
        Reading<string> journal = LiveFiles.Instance.LooseText(path, LongestJournal);
        return journal.IsFailed
            ? new InterruptedRun(null, 0, $"the journal cannot be read: {journal.Why}")
            : Of(journal.ValueOr("").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The same of a journal's lines.</summary>
    public static InterruptedRun? Of(IEnumerable<string> lines)
    {
        DateTimeOffset? begun = null;
        var done = new HashSet<string>();
        string? underWay = null;
        bool any = false;
        foreach (string line in lines)
        {
            if (Line.Parse(line) is not { } read)
            {
                (any, underWay) = (true, Damaged);
                continue;
            }

            if (read.Phase == "end")
            {
                return null;
            }

            begun ??= any ? null : read.Time;
            any = true;
            underWay = read.Phase == "begin" ? read.Summary : null;
            _ = read.Phase switch
            {
                "done" => done.Add(read.Id),
                "undone" => done.Remove(read.Id),
                _ => false,
            };
        }

        return any ? new InterruptedRun(begun, done.Count, underWay) : null;
    }

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        string when = Started is { } time
            ? string.Create(CultureInfo.InvariantCulture, $" of {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
            : "";
        string steps = CompletedSteps == 1 ? "1 step" : $"{CompletedSteps} steps";
        return $"the run{when} was cut off after {steps}" + (CurrentStep is null ? "" : $", during: {CurrentStep}");
    }

    private sealed record Line(string Phase, string Id, string Summary, DateTimeOffset? Time)
    {
        public static Line? Parse(string text)
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                JsonElement root = document.RootElement;
                string phase = root.GetProperty("phase").GetString() ?? "";
                DateTimeOffset? time = root.TryGetProperty("time", out JsonElement at)
                    && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out DateTimeOffset parsed)
                        ? parsed
                        : null;
                return phase == "end"
                    ? new Line(phase, "", "", time)
                    : new Line(phase, Text("id"), Text("summary"), time);

                string Text(string name) => root.GetProperty(name).GetString() ?? "";
            }
            catch (Exception failure)
                when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return null;
            }
        }
    }
}
