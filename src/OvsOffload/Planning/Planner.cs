using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// Decides what is to be done: a pure function of what the operator means and what the host is. It reads nothing and
/// changes nothing; asked twice with the same values it gives the same plan.
/// </summary>
internal static class Planner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="intent">What the operator means.</param>
    /// <param name="state">What the host is, refusals met so far included.</param>
    /// <param name="stage">Which part of the way is wanted.</param>
    public static Plan Plan(HostIntent intent, HostState state, Stage stage = Stage.All)
    {
        var draft = new PlanDraft();
        if (PfResolver.IsBlind(intent, state, draft))
        {
            return draft.Finish();
        }

        ImmutableDictionary<PfReference, PhysicalFunction> functions = PfResolver.Resolve(intent, state, draft);
        foreach (BondIntent bond in intent.Bonds.Where(bond => bond.Managed == Management.Full))
        {
            draft.Object(ObjectionKind.Configuration, bond.Name,
                "this version does not build bonds; build it with the distribution's tools and name it here with "
                    + "managed: observe", bond.Source["name"]);
        }

        if (stage is Stage.All or Stage.Pre)
        {
            foreach (NicIntent nic in intent.Nics.Where(nic => nic.Managed == Management.Full))
            {
                if (functions.TryGetValue(nic.Pf, out PhysicalFunction? function))
                {
                    draft.Concern = new Concern(function.Address);
                    NicPlanner.Plan(nic, function, intent, state, draft);
                }
            }
        }

        if (stage is Stage.All or Stage.Post)
        {
            draft.Concern = new Concern(null);
            SwitchPlanner.Plan(intent, state, functions, stage, draft);
        }

        return draft.Finish();
    }

    /// <summary>
    /// The PFs that the configuration names and that the program may change, for counts of what is wanted.
    /// </summary>
    public static ImmutableDictionary<PciAddress, NicIntent> Managed(HostIntent intent, HostState state)
    {
        ImmutableDictionary<PfReference, PhysicalFunction> functions =
            PfResolver.Resolve(intent, state, new PlanDraft());
        return intent.Nics
            .Where(nic => nic.Managed == Management.Full && functions.ContainsKey(nic.Pf))
            .DistinctBy(nic => functions[nic.Pf].Address)
            .ToImmutableDictionary(nic => functions[nic.Pf].Address);
    }
}

/// <summary>A plan while it is being made; it lives no longer than one call of the planner.</summary>
internal sealed class PlanDraft
{
    private readonly ImmutableArray<Step>.Builder _steps = ImmutableArray.CreateBuilder<Step>();
    private readonly ImmutableArray<Objection>.Builder _objections = ImmutableArray.CreateBuilder<Objection>();
    private readonly ImmutableArray<string>.Builder _pending = ImmutableArray.CreateBuilder<string>();

    /// <summary>What is being planned, which objections from now on stand in the way of; null for all of it.</summary>
    public Concern? Concern { get; set; }

    /// <summary>Adds a step.</summary>
    public void Do(StepAction action, string why, params IEnumerable<string> disrupts) =>
        _steps.Add(new Step(action, why, [.. disrupts]));

    /// <summary>Whether a step so far does just this.</summary>
    public bool Has(StepAction action) => _steps.Any(step => step.Action == action);

    /// <summary>Whether a step so far takes all VFs of a PF away.</summary>
    public bool Takes(PciAddress pf) => _steps.Any(step => step.Action is SetVfCount { To: 0 } taken && taken.Pf == pf);

    /// <summary>Adds an objection, once.</summary>
    public void Object(ObjectionKind kind, string subject, string text, SourcePosition? position)
    {
        var objection = new Objection(kind, subject, text, position) { Concern = Concern };
        if (!_objections.Contains(objection))
        {
            _objections.Add(objection);
        }
    }

    /// <summary>Says what stays to be done outside of the plan.</summary>
    public void Wait(string what) => _pending.Add(what);

    /// <summary>The finished plan.</summary>
    public Plan Finish() => new(_steps.ToImmutable(), _objections.ToImmutable(), _pending.ToImmutable());
}
