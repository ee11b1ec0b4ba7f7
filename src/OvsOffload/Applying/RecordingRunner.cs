using OvsOffload.Host;
using OvsOffload.Planning;
using OvsOffload.System;

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
        RecordedChanges after = before.After(action);

        // What puts something back goes through also where nothing can be written: a full disk must not keep a host
        // from being undone. An entry that stays too long is of something that is as it was.
        bool putsBack = after.All.Length < before.All.Length;
        if (!putsBack)
        {
            // Before the step, so that there is no moment in which nobody knows what was there.
            Write(action, before, after);
        }

        StepResult result;
        try
        {
            result = await inner.RunAsync(action, cancellation);
        }
        catch (StepException) when (!putsBack)
        {
            Write(action, after, before);
            throw;
        }

        if (putsBack)
        {
            Write(action, before, after);
        }

        if (result == StepResult.Skipped && after.All.Length > before.All.Length)
        {
            // The host was so already, so it is not this program's.
            Write(action, after, before);
        }

        return result;
    }

    private RecordedChanges Read(StepAction action) => records.Read() is { IsKnown: true } read
        ? read.Value
        : throw Failed(
            action, $"{records.Read().Why}. Remove that file: what it says cannot be put back by revert", null);

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
                action, $"what was there before cannot be written down: {ErrnoText.Describe(failure)}", failure);
        }
    }

    private static StepException Failed(StepAction action, string why, Exception? inner) =>
        new($"{action.Summary}: {why}", 0, null, null, inner);
}
