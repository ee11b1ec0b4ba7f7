using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// Decides how what ovs-offload changed is undone: a pure function of the goal and of the host with its record.
/// The order is that of <see cref="Planner"/> turned round: agents' files, bridges and ports, settings of Open vSwitch,
/// VFs, bonds, and the e-switches last. What is not on the record and carries no mark is left alone.
/// </summary>
internal static class RevertPlanner
{
    private static readonly SecurityGroupDecision PreviousState =
        new(Off: false, "revert", "security groups return to what they were before ovs-offload changed them");

    /// <summary>Makes the plan.</summary>
    /// <param name="goal">From <see cref="RevertGoal"/>.</param>
    /// <param name="state">What the host is, refusals met so far included.</param>
    public static Plan Plan(HostIntent goal, HostState state)
    {
        // It is taken away in one piece or not at all.
        Plan plan = Whole(goal, state);
        return plan with { Objections = [.. plan.Objections.Select(objection => objection with { Scope = null })] };
    }

    private static Plan Whole(HostIntent goal, HostState state)
    {
        var draft = new PlanDraft();
        if (PfResolver.Unreadable(goal, state) is { } unreadable)
        {
            draft.Object(unreadable);
            return draft.Build();
        }

        if (!state.Changes.TryGet(out RecordedChanges? changes))
        {
            draft.Object(ObjectionKind.Unreadable, "revert",
                $"cannot determine what ovs-offload has changed: {state.Changes.Why}", null);
            return draft.Build();
        }

        SecurityGroupPlanner.Plan(goal, state, PreviousState, draft);
        ImmutableArray<RestoredAddress> returned = RevertBridges.Plan(goal, state, changes, draft);
        if (RevertGoal.IsComplete(goal))
        {
            RevertSwitch.Plan(goal, state, changes, draft);
        }

        ImmutableArray<RevertedNic> nics =
        [
            .. goal.Nics.Where(nic => state.Find(PciAddress.Parse(nic.Pf.Value)) is not null)
                .Select(nic => RevertNic.Of(nic, goal, state, changes, returned)),
        ];
        foreach (RevertedNic nic in nics)
        {
            nic.Say(draft);
            nic.AddTo(early: true, draft);
        }

        RevertBonds.Plan(goal, state, changes, returned, draft);
        foreach (RevertedNic nic in nics)
        {
            nic.AddTo(early: false, draft);
        }

        RouteMoves.ResumeInterrupted(state, back: true, draft);

        return draft.Build();
    }
}
