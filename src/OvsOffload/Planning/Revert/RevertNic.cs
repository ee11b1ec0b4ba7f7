using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>What is to be done for one PF, in two parts: bonds are taken apart between them.</summary>
/// <param name="Plan">The steps, objections and notes.</param>
/// <param name="Early">How many of the steps come before bonds: up to the taking of VFs.</param>
internal sealed record RevertedNic(Plan Plan, int Early)
{
    /// <summary>Hands on the objections and notes.</summary>
    public void Say(PlanDraft draft)
    {
        foreach (Objection objection in Plan.Objections)
        {
            // The goal is no file, so there is no line to point at.
            draft.Object(objection.Kind, objection.Object, objection.Text, null);
        }

        foreach (string note in Plan.Notes)
        {
            draft.Note(note);
        }
    }

    /// <summary>Hands on one part of the steps.</summary>
    public void AddTo(bool early, PlanDraft draft)
    {
        foreach (Step step in early ? Plan.Steps.Take(Early) : Plan.Steps.Skip(Early))
        {
            // A device that a bond gives something back to is up by then.
            if (step.Action is not SetLinkUp { To: true } || !draft.Has(step.Action))
            {
                draft.Add(step.Action, step.Why, step.Disrupts);
            }
        }
    }
}

/// <summary>
/// Plans the revert of one PF. Mode and VFs are <see cref="NicPlanner"/>'s, with its conditions: VFs that are held
/// and the way to this host stay as they are.
/// </summary>
internal static class RevertNic
{
    /// <summary>Makes the plan of one PF.</summary>
    /// <param name="nic">What the PF is brought back to.</param>
    /// <param name="goal">All that is.</param>
    /// <param name="state">The host.</param>
    /// <param name="changes">The record.</param>
    /// <param name="returned">Addresses that the same plan brings back.</param>
    public static RevertedNic Of(
        NicIntent nic, HostIntent goal, HostState state, RecordedChanges changes,
        ImmutableArray<RestoredAddress> returned)
    {
        PhysicalFunction pf = state.Find(PciAddress.Parse(nic.Pf.Value))!;
        var draft = new PlanDraft { Scope = new Scope.OfPf(pf.Address) };
        var wanted = NicGoal.Of(nic, pf, state);
        bool unread = (nic.Mode is not null && pf.Eswitch.IsFailed) || (nic.Vfs is not null && pf.VfCount.IsFailed);
        if (wanted.ChangesMode || wanted.ChangesVfs || unread)
        {
            NicPlanner.Plan(nic, pf, goal, state, draft);
        }
        else
        {
            InterruptedChanges.RestoreAutoprobe(wanted, draft);
            RevertSettings.OfVfs(pf, changes, draft);
        }

        RevertSettings.OfPf(wanted, changes, draft);
        RevertSettings.OfDevices(pf, goal, state, changes, returned, draft);
        RevertSettings.OfNames(pf, changes, draft);
        SayUnrecorded(pf, changes, draft);
        Plan plan = draft.Build();
        ImmutableArray<Step> steps = [.. plan.Steps.Select(step => step with { Why = Why(step, changes) })];
        int taken = IndexOf(steps, action => action is SetVfCount { To: 0 });
        int switched = IndexOf(steps, action => action is SetEswitchMode);
        return new RevertedNic(
            plan with { Steps = steps }, taken >= 0 && (switched < 0 || taken < switched) ? taken + 1 : 0);
    }

    private static int IndexOf(ImmutableArray<Step> steps, Predicate<StepAction> match) =>
        Array.FindIndex([.. steps.Select(step => step.Action)], match);

    private static string Why(Step step, RecordedChanges changes)
    {
        return step.Action switch
        {
            SetVfCount taken when Before(ChangeKind.VfCount, taken.Object) is { } count =>
                $"there were {count} VFs before ovs-offload changed it",
            SetEswitchMode mode when Before(ChangeKind.EswitchMode, mode.Object) is { } word =>
                $"the mode was {word} before ovs-offload changed it",
            SetSteeringMode steering when Before(SetSteeringMode.Recorded, steering.Object) is { } word =>
                $"it was {word} before ovs-offload changed it",
            _ => step.Why,
        };

        string? Before(string kind, string name) => changes.Find(kind, name)?.Before;
    }

    private static void SayUnrecorded(PhysicalFunction pf, RecordedChanges changes, PlanDraft draft)
    {
        RecordedChange? mode = changes.Find(ChangeKind.EswitchMode, $"{pf.Address}");
        if (mode is null && pf.Mode == EswitchMode.Switchdev)
        {
            draft.Note($"{pf.Address} is in switchdev mode, not set by ovs-offload since the host was booted; left "
                + "unchanged");
        }
        else if (mode is { Before: not ("legacy" or "switchdev") })
        {
            draft.Note($"{pf.Address} was in mode {mode.Before} before, which ovs-offload cannot set; left unchanged");
        }

        if (changes.Find(ChangeKind.VfCount, $"{pf.Address}") is null && pf.VfCount.ValueOr(0) > 0)
        {
            draft.Note($"{pf.Address} has {pf.VfCount.Value} VFs, not created by ovs-offload as far as is recorded; "
                + "left unchanged");
        }
    }
}
