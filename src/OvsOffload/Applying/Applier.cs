using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>
/// Brings the host to what is meant: reads it, asks the planner, runs the steps, and asks again until nothing is left.
/// It never chooses: a refusal becomes a fact of the host and the planner decides with it; a step that fails, or an
/// objection that shows only on the way, takes the steps of the same NIC back, and the other NICs go on. Whatever else
/// goes wrong, a journal that cannot be written or a cancellation, ends the run and takes all of it back. Not safe for
/// two runs at a time; the run directory's lock sees to that.
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

    private readonly DoneSteps _steps = new(read, runner, journal, progress);
    private readonly List<Objection> _objections = [];
    private readonly List<string> _failures = [];
    private readonly HashSet<PciAddress> _failed = [];
    private ImmutableArray<Refusal> _refusals = [];
    private ImmutableDictionary<PciAddress, ImmutableArray<VirtualFunction>>? _formerVfs;
    private ImmutableDictionary<string, ImmutableHashSet<PciAddress>> _bonds =
        ImmutableDictionary<string, ImmutableHashSet<PciAddress>>.Empty;
    private bool _switchFailed;
    private bool _agentsFailed;
    private bool _wholeFailed;

    /// <summary>Decides; by default the way to what the configuration wants.</summary>
    public Func<HostIntent, HostState, Stage, Plan> Decide { get; init; } = Planner.Plan;

    /// <summary>
    /// Whether all of it stands and falls together, so that a step that fails takes everything back; by default the
    /// steps of one NIC do.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>Runs to the goal or to the first thing that cannot be got over.</summary>
    /// <param name="intent">What is meant.</param>
    /// <param name="stage">Which part of the way.</param>
    /// <param name="cancellation">Ends the run: what was done is then taken back, and the report says so.</param>
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
                : $"the run could not go on: {failure.Message}");
            report = Report([], reached: false);
        }

        return DoneSteps.Try(journal.End) is { } unended
            ? report with { Failures = report.Failures.Add($"the end of the run could not be written down: {unended}") }
            : report;
    }

    private async Task<ApplyReport> ConvergeAsync(HostIntent intent, Stage stage, CancellationToken cancellation)
    {
        ImmutableHashSet<string>? previous = null;
        ImmutableArray<string> pending = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            HostState state = await read(cancellation);
            _formerVfs ??= state.PhysicalFunctions.IsKnown
                ? state.KnownFunctions.ToImmutableDictionary(pf => pf.Address, pf => pf.VirtualFunctions)
                : null;
            state = state with { Refusals = _refusals, FormerVfs = _formerVfs ?? state.FormerVfs };
            _bonds = Planner.BondMembers(intent, state);
            HostIntent remaining = Narrow.To(intent, state, _failed, _switchFailed, _agentsFailed);
            Plan plan = Decide(remaining, state, stage);
            if (!plan.Objections.IsEmpty)
            {
                _objections.AddRange(plan.Objections.Except(_objections));
                if (round > 0 && !IsWhole && plan.Objections.All(objection => objection.Concern is not null))
                {
                    await LeaveOutAsync(plan.Objections.Select(objection => objection.Concern!.Pf));
                    previous = null;
                    continue;
                }

                await _steps.UndoAsync(_ => true);
                return Report([], reached: false);
            }

            // A restart that a setting needs shows only in the plan that changes the setting.
            pending = plan.Pending.IsEmpty && !_switchFailed ? pending : plan.Pending;
            if (plan.Steps.IsEmpty)
            {
                return Report(pending, Reached(intent, state));
            }

            ImmutableHashSet<string> ids = [.. plan.Steps.Select(step => step.Id)];
            if (previous is not null && ids.SetEquals(previous))
            {
                await FailAsync(
                    plan.Steps[0], "it was done, and the host still is not so; another program may undo it");
            }
            else
            {
                previous = await RunAsync(plan, cancellation) ? ids : null;
            }

            if (_wholeFailed)
            {
                return Report([], reached: false);
            }
        }

        await _steps.UndoAsync(_ => true);
        _failures.Add($"no end after {MaxRounds} plans; another program may be changing the same objects");
        return Report([], reached: false);
    }

    /// <summary>Runs one plan to its end, or to the first failure; whether it came to its end.</summary>
    private async Task<bool> RunAsync(Plan plan, CancellationToken cancellation)
    {
        foreach (Step step in plan.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            journal.Write(step, JournalPhase.Begin);
            StepResult result;
            try
            {
                result = await runner.RunAsync(step.Action, cancellation);
            }
            catch (StepException failure) when (Learn(step, failure))
            {
                _steps.TryWrite(step, JournalPhase.Failed, failure.Message);
                _steps.Note(step, StepResult.Failed, failure.Message);
                return false;
            }
            catch (StepException failure)
            {
                _steps.TryWrite(step, JournalPhase.Failed, failure.Message);
                await _steps.TakeBackOfAsync(Inverse.OfFailed(step.Action));
                await FailAsync(step, failure.Message);
                return false;
            }
            catch (Exception failure)
            {
                // Whether it was done nobody can tell, so it is taken back as if it had been.
                string why = failure is OperationCanceledException ? "interrupted" : failure.Message;
                _steps.TryWrite(step, JournalPhase.Failed, why);
                await _steps.TakeBackOfAsync(Inverse.Of(step.Action));
                _steps.Note(step, StepResult.Failed, why);
                throw;
            }

            // First what was done, then the word of it: a word that cannot be written down takes the step back too.
            _steps.Note(step, result, null);
            journal.Write(step, JournalPhase.Done);
        }

        return true;
    }

    /// <summary>
    /// Makes a refusal of a change of mode into a fact, unless it is one already: then no order helps.
    /// </summary>
    private bool Learn(Step step, StepException failure)
    {
        if (step.Action is not SetEswitchMode change
            || failure.Vfs is not { } vfs
            || RefusalOf.Classify(failure.Errno, failure.Words, vfs.Total, vfs.Bound) is not { } reason
            || _refusals.Any(fact => fact.Pf == change.Pf && fact.Reason == reason))
        {
            return false;
        }

        _refusals = _refusals.Add(new Refusal(change.Pf, reason, failure.Message));
        return true;
    }

    /// <summary>
    /// Takes back what was done for the same NIC, or for the same bond and all its members, and leaves it out from now
    /// on.
    /// </summary>
    private async Task FailAsync(Step step, string why)
    {
        _steps.Note(step, StepResult.Failed, why);
        _failures.Add($"{step.Action.Summary}: {why}");
        if (step.Action is AgentAction)
        {
            // Guests' networks do not hang on it: what was made of NICs and Open vSwitch stays.
            _agentsFailed = true;
            await _steps.UndoAsync(action => action is AgentAction);
            return;
        }

        if (IsWhole)
        {
            _wholeFailed = true;
            await _steps.UndoAsync(_ => true);
            return;
        }

        await LeaveOutAsync(Scope.BondOf(step.Action) is { } bond
            ? _bonds.GetValueOrDefault(bond, []).Select(member => (PciAddress?)member)
            : [Scope.Of(step.Action)]);
    }

    /// <summary>
    /// Takes back what was done for PFs, or for Open vSwitch (null), and goes on without them. A bond and its members
    /// stand and fall together.
    /// </summary>
    private async Task LeaveOutAsync(IEnumerable<PciAddress?> scopes)
    {
        HashSet<PciAddress?> all = [.. scopes];
        HashSet<string> bonds = [];
        foreach ((string bond, ImmutableHashSet<PciAddress> members) in _bonds)
        {
            if (members.Any(member => all.Contains(member)))
            {
                bonds.Add(bond);
                all.UnionWith(members.Select(member => (PciAddress?)member));
            }
        }

        _failed.UnionWith(all.OfType<PciAddress>());
        _switchFailed |= all.Contains(null);
        await _steps.UndoAsync(Belongs);

        bool Belongs(StepAction action) => (Scope.Of(action), Scope.BondOf(action)) switch
        {
            ({ } pf, _) => all.Contains(pf),
            _ when action is AgentAction => false,
            (null, { } bond) => bonds.Contains(bond),

            // A bond that goes away would leave a port without a device behind.
            _ => all.Contains(null) || (action is AddPort { Device: DeviceNamed named } && bonds.Contains(named.Name)),
        };
    }

    private bool Reached(HostIntent intent, HostState state) =>
        intent.Nics.Count > 0
            ? Planner.Managed(intent, state).Keys.Any(pf => !_failed.Contains(pf))
            : !_switchFailed;

    private ApplyReport Report(ImmutableArray<string> pending, bool reached) =>
        new([.. _steps.Reports], [.. _objections], [.. _failures], [.. _steps.NotUndone], pending, reached);
}
