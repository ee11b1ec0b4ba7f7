using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>
/// Runs steps and keeps what they change, so that a later run can put it back; a step that puts something back takes it
/// off the record. Not safe for two runs at a time; the run directory's lock sees to that.
/// </summary>
/// <param name="inner">Runs the steps.</param>
/// <param name="records">Where it is kept.</param>
internal sealed class RecordingRunner(IStepRunner inner, ChangeRecords records) : IStepRunner
{
    /// <summary>What is so; null before it was read.</summary>
    private RecordedChanges? _changes;

    /// <summary>What is on disk; another where that could not be written.</summary>
    private RecordedChanges? _written;

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
    {
        RecordedChanges before = _changes ??= _written = Read(action);
        RecordedChanges after = action.Record(before);
        RecordedChanges during = action.RecordDuring(before);

        // Before the step, so that at no moment the previous state is recorded nowhere. What puts something back has
        // nothing to record here: a full disk must not keep a host from being undone.
        bool isForward = !during.All.AsSpan().SequenceEqual(before.All.AsSpan());
        if (isForward && TryWrite(during) is { } full)
        {
            throw Failed(action, $"cannot record the previous state, so nothing was changed: "
                + $"{ErrnoText.Describe(full)}", full, changedNothing: true);
        }

        StepResult result;
        try
        {
            result = await inner.RunAsync(action, cancellation);
        }
        catch (StepException failure)
        {
            // What a failed step may have left stays on the record until it is taken back.
            if (failure.ChangedNothing)
            {
                TryWrite(before);
            }
            else if (failure.IsWritten)
            {
                TryWrite(after);
            }

            throw;
        }

        // Where the host was so already, it is not this program's.
        bool others = result == StepResult.Skipped && after.All.Length > before.All.Length;
        if (TryWrite(others ? before : after) is { } failed && isForward)
        {
            throw Failed(action, $"cannot record what was changed: {ErrnoText.Describe(failed)}", failed);
        }

        return result;
    }

    private RecordedChanges Read(StepAction action) => records.Read() is { IsKnown: true } read
        ? read.Value
        : throw Failed(
            action, $"{records.Read().Why}. Remove that file; revert cannot undo what it recorded", null);

    /// <summary>
    /// Writes what is so; why it could not be, or null. An entry that stays too long is of something that is as it was,
    /// and the next that can be written takes it away.
    /// </summary>
    private Exception? TryWrite(RecordedChanges changes)
    {
        _changes = changes;
        try
        {
            records.Write(_written!, changes);
            _written = changes;
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure;
        }
    }

    private static StepException Failed(
        StepAction action, string why, Exception? inner, bool changedNothing = false) =>
        new($"{action.Summary}: {why}", 0, null, null, inner) { ChangedNothing = changedNothing };
}
