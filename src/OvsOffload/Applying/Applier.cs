using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>
/// Brings the host to what is meant: reads it, asks the planner, runs the steps, and asks again until nothing is left.
/// It never chooses: a refusal becomes a fact of the host and the planner decides with it; a step that fails is taken
/// back together with the steps of the same NIC before it. Not safe for two runs at a time; the run directory's lock
/// sees to that.
/// </summary>
internal sealed class Applier(
    Func<CancellationToken, Task<HostState>> read, IStepRunner runner, IJournal journal, IProgress<StepReport>? progress)
{
    /// <summary>
    /// Plans and runs at the most so often. A change of order after a refusal takes one more round, as do steps whose
    /// need shows only after others: eight leave room for every combination that the planner knows.
    /// </summary>
    private const int MaxRounds = 8;

    private readonly List<StepReport> _reports = [];
    private readonly List<string> _failures = [];
    private readonly List<string> _notUndone = [];
    private readonly Stack<int> _done = [];
    private readonly HashSet<PciAddress> _failed = [];
    private ImmutableArray<Refusal> _refusals = [];
    private ImmutableDictionary<PciAddress, ImmutableArray<VirtualFunction>>? _formerVfs;
    private ImmutableDictionary<string, ImmutableHashSet<PciAddress>> _bonds =
        ImmutableDictionary<string, ImmutableHashSet<PciAddress>>.Empty;
    private bool _switchFailed;

    /// <summary>Runs to the goal or to the first thing that cannot be got over.</summary>
    /// <param name="intent">What is meant.</param>
    /// <param name="stage">Which part of the way.</param>
    /// <param name="cancellation">Ends the run: what was done is then taken back.</param>
    public async Task<ApplyReport> ApplyAsync(HostIntent intent, Stage stage, CancellationToken cancellation)
    {
        journal.Begin();
        ApplyReport report;
        try
        {
            report = await ConvergeAsync(intent, stage, cancellation);
        }
        catch (OperationCanceledException)
        {
            await UndoAsync(_ => true);
            journal.End();
            throw;
        }

        journal.End();
        return report;
    }

    private async Task<ApplyReport> ConvergeAsync(HostIntent intent, Stage stage, CancellationToken cancellation)
    {
        ImmutableHashSet<string>? previous = null;
        ImmutableArray<string> pending = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            HostState state = await read(cancellation);
            _formerVfs ??= state.PhysicalFunctions.ToImmutableDictionary(pf => pf.Address, pf => pf.VirtualFunctions);
            state = state with { Refusals = _refusals, FormerVfs = _formerVfs };
            _bonds = Planner.BondMembers(intent, state);
            HostIntent remaining = Narrow.To(intent, state, _failed, _switchFailed);
            Plan plan = Planner.Plan(remaining, state, stage);
            if (!plan.Objections.IsEmpty)
            {
                await GiveUpAsync(plan.Objections);
                return Report(plan.Objections, [], reached: false);
            }

            // A restart that a setting needs shows only in the plan that changes the setting.
            pending = plan.Pending.IsEmpty && !_switchFailed ? pending : plan.Pending;
            if (plan.Steps.IsEmpty)
            {
                return Report([], pending, Reached(intent, state));
            }

            ImmutableHashSet<string> ids = [.. plan.Steps.Select(step => step.Id)];
            if (previous is not null && ids.SetEquals(previous))
            {
                await FailAsync(plan.Steps[0], "it was done, and the host still is not so; another program may undo it");
                continue;
            }

            previous = await RunAsync(plan, cancellation) ? ids : null;
        }

        await GiveUpAsync([]);
        _failures.Add($"no end after {MaxRounds} plans; another program may be changing the same objects");
        return Report([], [], reached: false);
    }

    /// <summary>Runs one plan to its end, or to the first failure; whether it came to its end.</summary>
    private async Task<bool> RunAsync(Plan plan, CancellationToken cancellation)
    {
        foreach (Step step in plan.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            journal.Write(step, JournalPhase.Begin);
            try
            {
                StepResult result = await runner.RunAsync(step.Action, cancellation);
                journal.Write(step, JournalPhase.Done);
                Note(step, result, null);
            }
            catch (StepException failure) when (Learn(step, failure))
            {
                journal.Write(step, JournalPhase.Failed, failure.Message);
                Note(step, StepResult.Failed, failure.Message);
                return false;
            }
            catch (StepException failure)
            {
                journal.Write(step, JournalPhase.Failed, failure.Message);
                await TakeBackAsync(Inverse.OfFailed(step.Action));
                await FailAsync(step, failure.Message);
                return false;
            }
            catch (OperationCanceledException)
            {
                // Whether it was done nobody can tell, so it is taken back as if it had been.
                journal.Write(step, JournalPhase.Failed, "interrupted");
                await TakeBackAsync(Inverse.Of(step.Action));
                throw;
            }
        }

        return true;
    }

    /// <summary>Makes a refusal of a change of mode into a fact, unless it is one already: then no order helps.</summary>
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

    private void Note(Step step, StepResult result, string? error)
    {
        var report = new StepReport(step, result, error);
        _reports.Add(report);
        if (result == StepResult.Done)
        {
            _done.Push(_reports.Count - 1);
        }

        progress?.Report(report);
    }

    /// <summary>
    /// Takes back what was done for the same NIC, or for the same bond and all its members, and leaves it out from now on.
    /// </summary>
    private async Task FailAsync(Step step, string why)
    {
        Note(step, StepResult.Failed, why);
        _failures.Add($"{step.Action.Summary}: {why}");
        PciAddress? pf = Scope.Of(step.Action);
        string? bond = Scope.BondOf(step.Action)
            ?? _bonds.FirstOrDefault(group => pf is { } member && group.Value.Contains(member)).Key;
        ImmutableHashSet<PciAddress> members = bond is null ? [] : _bonds.GetValueOrDefault(bond, []);
        members = pf is { } own ? members.Add(own) : members;
        _failed.UnionWith(members);
        _switchFailed |= members.IsEmpty;
        await UndoAsync(Belongs);

        bool Belongs(StepAction action) => (Scope.Of(action), Scope.BondOf(action)) switch
        {
            ({ } other, _) => members.Contains(other),
            (null, { } other) => other == bond,

            // A bond that goes away would leave a port without a device behind.
            _ => members.IsEmpty || (action is AddPort { Device: DeviceNamed named } && named.Name == bond),
        };
    }

    private Task GiveUpAsync(ImmutableArray<Objection> objections)
    {
        foreach (Objection objection in objections.Where(_ => _done.Count > 0))
        {
            _failures.Add(objection.ToString());
        }

        return UndoAsync(_ => true);
    }

    private async Task UndoAsync(Predicate<StepAction> belongs)
    {
        var others = new Stack<int>();
        while (_done.TryPop(out int index))
        {
            Step step = _reports[index].Step;
            if (!belongs(step.Action))
            {
                others.Push(index);
                continue;
            }

            bool undone = await TakeBackAsync(Inverse.Of(step.Action));
            if (undone)
            {
                _reports[index] = _reports[index] with { Result = StepResult.Undone };
                journal.Write(step, JournalPhase.Undone);
                progress?.Report(_reports[index]);
            }
        }

        while (others.TryPop(out int index))
        {
            _done.Push(index);
        }
    }

    /// <summary>Runs what undoes a step to its end; whether all of it went well.</summary>
    private async Task<bool> TakeBackAsync(ImmutableArray<StepAction> actions)
    {
        bool undone = true;
        foreach (StepAction action in actions)
        {
            try
            {
                // The way back is gone to its end, also when the operator has pressed Ctrl-C.
                await runner.RunAsync(action, CancellationToken.None);
            }
            catch (StepException failure)
            {
                undone = false;
                _notUndone.Add($"{action.Summary}: {failure.Message}");
            }
        }

        return undone;
    }

    private bool Reached(HostIntent intent, HostState state) =>
        intent.Nics.Count > 0
            ? Planner.Managed(intent, state).Keys.Any(pf => !_failed.Contains(pf))
            : !_switchFailed;

    private ApplyReport Report(ImmutableArray<Objection> objections, ImmutableArray<string> pending, bool reached) =>
        new([.. _reports], objections, [.. _failures], [.. _notUndone], pending, reached);
}
