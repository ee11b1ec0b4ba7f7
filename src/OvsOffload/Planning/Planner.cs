using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>
/// Decides what is to be done: a pure function of what the operator means and what the host is. It reads nothing and
/// changes nothing; asked twice with the same values it gives the same plan.
/// </summary>
internal static class Planner
{
    /// <summary>Makes the plan: what an objection does not concern is planned without it.</summary>
    /// <param name="intent">What the operator means.</param>
    /// <param name="state">What the host is, refusals met so far included.</param>
    /// <param name="stage">Which part of the configuration is planned.</param>
    /// <param name="skipped">What is left out in any case; nothing by default.</param>
    public static Plan Plan(
        HostIntent intent, HostState state, Stage stage = Stage.All, SkippedParts? skipped = null) =>
        Decide(intent, state, stage, skipped) with { Unread = Unread(intent, state, stage) };

    /// <summary>What the plan stands on and could not be read; before Open vSwitch is up nothing of it.</summary>
    private static ImmutableArray<UnreadFact> Unread(HostIntent intent, HostState state, Stage stage) =>
    [
        .. UnreadFacts.OfHost(new Observation(intent, state))
            .Where(fact => fact.By.HasFlag(NeededBy.Plan) && (stage != Stage.Pre || !fact.IsOfSwitch)),
    ];

    private static Plan Decide(HostIntent intent, HostState state, Stage stage, SkippedParts? skipped)
    {
        // Whether security groups are to be off hangs on all NICs, also on those that are left out.
        var decision = SecurityGroupDecision.Of(intent, state);
        skipped ??= SkippedParts.Empty;
        ImmutableArray<Objection> objections = [];
        while (true)
        {
            HostIntent rest = IntentFilter.Without(intent, state, skipped);
            bool agents = ReferenceEquals(rest.SecurityGroups, intent.SecurityGroups);
            Plan plan = Whole(rest, state, stage, agents ? decision : null);
            objections = [.. objections, .. plan.Objections.Except(objections)];
            if (plan.Objections.IsEmpty || plan.IsRefused)
            {
                return plan with
                {
                    Objections = objections,
                    Skipped = skipped,
                    IsPartial = !objections.IsEmpty && !plan.IsRefused && rest.Manages,
                };
            }

            SkippedParts more = skipped.With(plan.Objections.Select(objection => objection.Scope!), intent, state);
            if (more.Size == skipped.Size)
            {
                // It is left out and still objected to: nothing is known of what may be run.
                return plan with
                {
                    Objections = [.. objections.Select(objection => objection with { Scope = null })],
                    Skipped = skipped,
                };
            }

            skipped = more;
        }
    }

    private static Plan Whole(HostIntent intent, HostState state, Stage stage, SecurityGroupDecision? decision)
    {
        var draft = new PlanDraft();
        if (PfResolver.Unreadable(intent, state) is { } unreadable)
        {
            draft.Object(unreadable);
            return draft.Build();
        }

        ResolvedPfs resolved = PfResolver.Resolve(intent, state);
        foreach (Objection objection in resolved.Objections)
        {
            draft.Object(objection);
        }

        ImmutableDictionary<PfReference, PhysicalFunction> functions = resolved.Functions;
        if (stage is Stage.All or Stage.Pre)
        {
            ImmutableArray<BondGoal> bonds = BondPlanner.Goals(intent, state, functions, draft);
            draft.Defer(bonds);
            foreach (NicIntent nic in intent.Nics.Where(nic => nic.Managed == Management.Full))
            {
                if (functions.TryGetValue(nic.Pf, out PhysicalFunction? function))
                {
                    draft.Scope = new Scope.OfPf(function.Address);
                    NamePlanner.Plan(nic, function, state, draft);
                    NicPlanner.Plan(nic, function, intent, state, draft);
                }
            }

            draft.MoveModeChangesFirst();
            foreach (BondGoal bond in bonds)
            {
                draft.Scope = new Scope.OfBond(bond.Name);
                BondPlanner.Plan(bond, draft);
            }

            draft.AddDeferred();
            foreach (NicIntent nic in intent.Nics.Where(nic => nic.Managed == Management.Full))
            {
                if (functions.TryGetValue(nic.Pf, out PhysicalFunction? function))
                {
                    draft.Scope = new Scope.OfPf(function.Address);
                    MtuPlanner.Plan(NicGoal.Of(nic, function, state), state, draft);
                }
            }
        }

        if (stage is Stage.All or Stage.Post)
        {
            draft.Scope = Scope.Switch;
            SwitchPlanner.Plan(intent, state, functions, stage, draft);
            if (decision is not null)
            {
                SecurityGroupPlanner.Plan(intent, state, decision, draft);
            }
        }

        draft.Scope = null;
        RouteMoves.ResumeInterrupted(state, back: false, draft);
        return draft.Build();
    }
}
