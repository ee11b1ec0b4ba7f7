using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>The steps of a run, with what came of each, and the way back.</summary>
/// <param name="read">Reads the host, before a step on a VF that may be in use by now is undone.</param>
/// <param name="runner">Carries out steps.</param>
/// <param name="journal">Gets each.</param>
/// <param name="progress">Likewise.</param>
internal sealed class ExecutedSteps(
    Func<CancellationToken, Task<HostState>> read,
    IStepRunner runner,
    IJournal journal,
    IProgress<StepReport>? progress)
{
    private readonly List<StepReport> _reports = [];
    private readonly List<string> _undoFailures = [];
    private readonly Stack<int> _done = [];

    /// <summary>The host before steps are undone; read when it is first asked for.</summary>
    private HostState? _before;

    /// <summary>Every step that was begun.</summary>
    public IReadOnlyList<StepReport> Reports => _reports;

    /// <summary>What could not be undone.</summary>
    public IReadOnlyList<string> UndoFailures => _undoFailures;

    /// <summary>Notes what came of a step.</summary>
    public void Record(Step step, StepResult result, string? error)
    {
        var report = new StepReport(step, result, error);
        _reports.Add(report);
        if (result == StepResult.Done)
        {
            _done.Push(_reports.Count - 1);
        }

        progress?.Report(report);
    }

    /// <summary>Takes back those that belong together, the last one first.</summary>
    public async Task UndoAsync(Predicate<StepAction> belongs)
    {
        _before = null;
        var others = new Stack<int>();
        while (_done.TryPop(out int index))
        {
            Step step = _reports[index].Step;
            if (!belongs(step.Action))
            {
                others.Push(index);
                continue;
            }

            if ((await TakeBackAsync(step.Action.Inverse)).Whole)
            {
                _reports[index] = _reports[index] with { Result = StepResult.Undone };
                TryWrite(step, JournalPhase.Undone);
                Try(() => progress?.Report(_reports[index]));
            }
        }

        while (others.TryPop(out int index))
        {
            _done.Push(index);
        }
    }

    /// <summary>
    /// Takes back what a step may have left that did not come to its end; whether there was something and all of it is
    /// undone.
    /// </summary>
    public async Task<bool> TakeBackOfAsync(ImmutableArray<StepAction> actions)
    {
        _before = null;
        return await TakeBackAsync(actions) is { Whole: true, Any: true };
    }

    /// <summary>Writes into the journal; a failure must not keep anything from being undone.</summary>
    public void TryWrite(Step step, JournalPhase phase, string? error = null) =>
        Try(() => journal.Write(step, phase, error));

    /// <summary>Why it failed; null when it did not.</summary>
    public static string? Try(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Exception failure)
        {
            return failure.Message;
        }
    }

    /// <summary>
    /// Runs what undoes a step to its end; whether all of it went well, and whether there was anything to undo. A VF
    /// that came into use after the step is left alone.
    /// </summary>
    private async Task<(bool Whole, bool Any)> TakeBackAsync(ImmutableArray<StepAction> actions)
    {
        (bool whole, bool any) = (true, false);
        foreach (StepAction action in actions)
        {
            try
            {
                // The way back is gone to its end, also when the operator has pressed Ctrl-C.
                if (VfUsage.MayBeDetachedBy(action)
                    && VfUsage.Refusal(action, _before ??= await read(CancellationToken.None)) is { } held)
                {
                    whole = false;
                    _undoFailures.Add($"{action.Summary}: {held}");
                    continue;
                }

                any |= await runner.RunAsync(action, CancellationToken.None) == StepResult.Done;
            }
            catch (StepException failure) when (failure.IsWritten)
            {
                // A daemon that does not run finds it so when it starts.
                any = true;
            }
            catch (Exception failure)
            {
                whole = false;
                _undoFailures.Add($"{action.Summary}: {failure.Message}");
            }
        }

        return (whole, any);
    }
}
