using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>
/// Makes the host match the configuration: reads it, asks the planner, runs the steps, and asks again until nothing is
/// left. It never chooses: a refusal becomes a fact of the host and the planner decides with it; a step that fails, or
/// an objection that shows only on the way, undoes the steps of the same NIC, bond or bridge, with what depends on it,
/// and the others go on. Whatever else goes wrong, a journal that cannot be written or a cancellation, ends the run and
/// undoes all of it. Not safe for two runs at a time; the run directory's lock sees to that.
/// </summary>
internal sealed class Applier(
    Func<CancellationToken, Task<HostState>> read,
    IStepRunner runner,
    IJournal journal,
    IProgress<StepReport>? progress)
{
    /// <summary>
    /// Plans and runs at the most so often. A change of order after a refusal takes one more round, as do steps whose
    /// need shows only after others: eight leave room for every combination that the planner knows.
    /// </summary>
    private const int MaxRounds = 8;

    private readonly ExecutedSteps _steps = new(read, runner, journal, progress);
    private readonly List<Objection> _objections = [];
    private readonly List<string> _failures = [];
    private readonly HashSet<(string Id, string Summary)> _shown = [];
    private SkippedParts _skipped = SkippedParts.Empty;
    private ImmutableArray<Refusal> _refusals = [];
    private ImmutableDictionary<PciAddress, ImmutableArray<VirtualFunction>>? _formerVfs;
    private bool _wholeFailed;
    private int _started;

    /// <summary>Asks who holds what a step would take; by default with a reading of the whole host.</summary>
    public HolderCheck Holders { get; init; } =
        new(async cancellation => (await read(cancellation)).PhysicalFunctions, TimeProvider.System);

    /// <summary>Decides; by default the way to the configuration.</summary>
    public Func<HostIntent, HostState, Stage, SkippedParts, Plan> Decide { get; init; } = Planner.Plan;

    /// <summary>Is told of each step immediately before it runs.</summary>
    public Action<StepStart> Starting { get; init; } = _ => { };

    /// <summary>
    /// Whether steps may run that no earlier plan of this run had, such as what an edit of somebody else calls for; not
    /// asked about what follows from a driver's refusal. Otherwise the run ends with what it has done. By default they
    /// may: a service shows its plans to nobody.
    /// </summary>
    public Func<ImmutableArray<Step>, bool> MayRunUnshown { get; init; } = static _ => true;

    /// <summary>
    /// The host as the first plan stands on it; null to read it. For a caller that has read it just now, and has shown
    /// that plan: who holds a VF is asked again before the step that takes it.
    /// </summary>
    public HostState? First { get; init; }

    /// <summary>
    /// Whether all of it is done together or not at all, so that a step that fails undoes everything; by default the
    /// steps of one NIC do.
    /// </summary>
    public bool IsAtomic { get; init; }

    /// <summary>Runs to the goal or to the first failure that no other order of steps avoids.</summary>
    /// <param name="intent">The configuration.</param>
    /// <param name="stage">Which part of the way.</param>
    /// <param name="cancellation">Ends the run: what was done is then undone, and the report says so.</param>
    public async Task<ApplyReport> ApplyAsync(HostIntent intent, Stage stage, CancellationToken cancellation)
    {
        ApplyReport report;
        try
        {
            journal.Begin();
            report = await ConvergeAsync(intent, stage, cancellation);
        }
        catch (Exception failure)
        {
            await _steps.UndoAsync(_ => true);
            _failures.Add(failure is OperationCanceledException
                ? "the run was interrupted"
                : $"the run failed: {failure.Message}");
            report = Report([], reached: false);
        }

        return ExecutedSteps.Try(journal.End) is { } unended
            ? report with
            {
                Failures = report.Failures.Add($"cannot write the end of the run to the journal: {unended}"),
            }
            : report;
    }

    private async Task<ApplyReport> ConvergeAsync(HostIntent intent, Stage stage, CancellationToken cancellation)
    {
        ImmutableHashSet<string>? previous = null;
        ImmutableArray<string> pending = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            HostState state = round == 0 && First is { } first ? first : await read(cancellation);
            _formerVfs ??= state.PhysicalFunctions.IsKnown
                ? state.KnownFunctions.ToImmutableDictionary(pf => pf.Address, pf => pf.VirtualFunctions)
                : null;
            state = state with { Refusals = _refusals, RemovedVfs = _formerVfs ?? state.RemovedVfs };
            Plan plan = Decide(intent, state, stage, _skipped);
            _objections.AddRange(plan.Objections.Except(_objections));
            if (!plan.Objections.IsEmpty && (IsAtomic || plan.IsRefused))
            {
                await _steps.UndoAsync(_ => true);
                return Report([], reached: false);
            }

            if (plan.Skipped.Size > _skipped.Size)
            {
                await SkipAsync(plan.Skipped);
                if (round > 0)
                {
                    previous = null;
                    continue;
                }
            }

            // A restart that a setting needs shows only in the plan that changes the setting.
            pending = plan.Pending.IsEmpty && !_skipped.Switch ? pending : plan.Pending;
            if (plan.Steps.IsEmpty)
            {
                return Report(pending, IsReached(intent, state)) with { Unread = plan.Unread };
            }

            ImmutableArray<Step> unshown = Unshown(plan, intent, state);
            if (round > 0 && !unshown.IsEmpty && !MayRunUnshown(unshown))
            {
                return Report(pending, IsReached(intent, state)) with { Unshown = unshown };
            }

            ImmutableHashSet<string> ids = [.. plan.Steps.Select(step => step.Id)];
            if (previous is not null && ids.SetEquals(previous))
            {
                await FailAsync(
                    plan.Steps[0], "it was done, but the host does not show it; another program may have undone it",
                    (intent, state));
            }
            else
            {
                previous = await RunAsync(plan, (intent, state), cancellation) ? ids : null;
            }

            if (_wholeFailed)
            {
                return Report([], reached: false);
            }
        }

        await _steps.UndoAsync(_ => true);
        _failures.Add($"the host still does not match after {MaxRounds} plans; another program may be changing the "
            + "same objects");
        return Report([], reached: false);
    }

    /// <summary>The steps that no plan before had, and that no refusal of a driver has led to.</summary>
    private ImmutableArray<Step> Unshown(Plan plan, HostIntent intent, HostState state)
    {
        SkippedParts refused = SkippedParts.Empty.With(
            _refusals.Select(refusal => new Scope.OfPf(refusal.Pf)), intent, state);
        return
        [
            .. plan.Steps.Where(
                step => _shown.Add((step.Id, step.Action.Summary)) && !refused.Contains(step.Action.Scope)),
        ];
    }

    /// <summary>Runs one plan to its end, or to the first failure; whether it came to its end.</summary>
    private async Task<bool> RunAsync(
        Plan plan, (HostIntent Intent, HostState State) planned, CancellationToken cancellation)
    {
        int total = _started + plan.Steps.Length;
        foreach (Step step in plan.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await Holders.RefusalAsync(step.Action, cancellation) is { } held)
            {
                await RefuseAsync(step, held, planned);
                return false;
            }

            Starting(new StepStart(step, ++_started, total));
            journal.Write(step, JournalPhase.Begin);
            StepResult result;
            try
            {
                result = await runner.RunAsync(step.Action, cancellation);
            }
            catch (StepException failure)
            {
                _steps.TryWrite(step, JournalPhase.Failed, failure.Message);
                bool learned = RecordRefusal(step, failure);
                bool undone = !failure.ChangedNothing
                    && await _steps.TakeBackOfAsync(step.Action.InverseOfFailed);
                string why = undone ? $"{failure.Message}; the change was undone" : failure.Message;
                if (learned)
                {
                    _steps.Record(step, StepResult.Failed, why);
                }
                else
                {
                    await FailAsync(step, why, planned);
                }

                return false;
            }
            catch (Exception failure)
            {
                // Whether it was done is unknown, so it is undone as if it had been.
                string why = failure is OperationCanceledException ? "interrupted" : failure.Message;
                _steps.TryWrite(step, JournalPhase.Failed, why);
                await _steps.TakeBackOfAsync(step.Action.Inverse);
                _steps.Record(step, StepResult.Failed, why);
                throw;
            }

            // First the report, then the journal: a step that cannot be written to the journal is undone too.
            _steps.Record(step, result, null);
            journal.Write(step, JournalPhase.Done);
        }

        return true;
    }

    /// <summary>Leaves out the NIC, or bond, of a step that would take what came into use meanwhile.</summary>
    private async Task RefuseAsync(Step step, string held, (HostIntent Intent, HostState State) planned)
    {
        _objections.Add(new Objection(ObjectionKind.Refused, step.Action.Object,
            $"{held}; not run: {step.Action.Summary}. Stop its user first", null)
        {
            Scope = step.Action.Scope,
        });
        if (IsAtomic)
        {
            _wholeFailed = true;
            await _steps.UndoAsync(_ => true);
            return;
        }

        await SkipAsync(_skipped.With([step.Action.Scope], planned.Intent, planned.State));
    }

    /// <summary>
    /// Makes a refusal of a change of mode into a fact, unless it is one already: then no order helps.
    /// </summary>
    private bool RecordRefusal(Step step, StepException failure)
    {
        if (step.Action is not SetEswitchMode change
            || failure.Vfs is not { } vfs
            || RefusalClassifier.Classify(failure.Errno, failure.Words, vfs.Total, vfs.Bound) is not { } reason
            || _refusals.Any(fact => fact.Pf == change.Pf && fact.Reason == reason))
        {
            return false;
        }

        _refusals = _refusals.Add(new Refusal(change.Pf, reason, failure.Message));
        return true;
    }

    /// <summary>
    /// Undoes what was done for the same NIC, bond or bridge, with all that depends on it, and leaves it out from now
    /// on.
    /// </summary>
    private async Task FailAsync(Step step, string why, (HostIntent Intent, HostState State) planned)
    {
        _steps.Record(step, StepResult.Failed, why);
        _failures.Add($"{step.Action.Summary}: {why}");

        // Guests' networks do not hang on agents: what was made of NICs and Open vSwitch stays.
        if (IsAtomic && step.Action is not AgentAction)
        {
            _wholeFailed = true;
            await _steps.UndoAsync(_ => true);
            return;
        }

        await SkipAsync(_skipped.With([step.Action.Scope], planned.Intent, planned.State));
    }

    private async Task SkipAsync(SkippedParts skipped)
    {
        _skipped = skipped;
        await _steps.UndoAsync(action => skipped.Contains(action.Scope));
    }

    private bool IsReached(HostIntent intent, HostState state) =>
        IntentFilter.Without(intent, state, _skipped).Manages;

    private ApplyReport Report(ImmutableArray<string> pending, bool reached) =>
        new([.. _steps.Reports], [.. _objections], [.. _failures], [.. _steps.UndoFailures], pending, reached);
}
