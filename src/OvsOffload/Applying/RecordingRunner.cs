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
    private RecordedChanges? _changes;

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
    {
        RecordedChanges before = _changes ?? Read(action);
        RecordedChanges after = action.Record(before);
        var during = RecordedChanges.During(before, after);

        // Before the step, so that at no moment the previous state is recorded nowhere. What puts something back
        // writes nothing here: a full disk must not keep a host from being undone.
        Write(action, before, during);
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
                TryWrite(during, before);
            }
            else if (failure.IsWritten)
            {
                TryWrite(during, after);
            }

            throw;
        }

        // Where the host was so already, it is not this program's.
        bool others = result == StepResult.Skipped && after.All.Length > before.All.Length;
        Write(action, during, others ? before : after);
        return result;
    }

    private RecordedChanges Read(StepAction action) => records.Read() is { IsKnown: true } read
        ? read.Value
        : throw Failed(
            action, $"{records.Read().Why}. Remove that file; revert cannot undo what it recorded", null);

    private void Write(StepAction action, RecordedChanges before, RecordedChanges after)
    {
        try
        {
            records.Write(before, after);
            _changes = after;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(
                action, $"cannot record the previous state: {ErrnoText.Describe(failure)}", failure);
        }
    }

    /// <summary>Writes where another failure is under way that counts more.</summary>
    private void TryWrite(RecordedChanges before, RecordedChanges after)
    {
        try
        {
            records.Write(before, after);
            _changes = after;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // An entry that stays too long is of something that is as it was.
        }
    }

    private static StepException Failed(StepAction action, string why, Exception? inner) =>
        new($"{action.Summary}: {why}", 0, null, null, inner);
}
