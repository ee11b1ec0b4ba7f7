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
    /// <summary>Makes the plan: what an objection does not concern is planned without it.</summary>
    /// <param name="intent">What the operator means.</param>
    /// <param name="state">What the host is, refusals met so far included.</param>
    /// <param name="stage">Which part of the way is wanted.</param>
    /// <param name="leftOut">What is left out in any case; nothing by default.</param>
    public static Plan Plan(HostIntent intent, HostState state, Stage stage = Stage.All, LeftOut? leftOut = null)
    {
        // Whether security groups are to be off hangs on all NICs, also on those that are left out.
        SecurityGroupDecision decision = SecurityGroupDecision.Of(intent, state);
        leftOut ??= LeftOut.Nothing;
        ImmutableArray<Objection> objections = [];
        while (true)
        {
            HostIntent rest = Narrow.To(intent, state, leftOut);
            bool agents = ReferenceEquals(rest.SecurityGroups, intent.SecurityGroups);
            Plan plan = Whole(rest, state, stage, agents ? decision : null);
            objections = [.. objections, .. plan.Objections.Except(objections)];
            if (plan.Objections.IsEmpty || plan.IsRefused)
            {
                return plan with
                {
                    Objections = objections,
                    LeftOut = leftOut,
                    IsPartial = !objections.IsEmpty && !plan.IsRefused && rest.Manages,
                };
            }

            LeftOut more = leftOut.With(plan.Objections.Select(objection => objection.Concern!), intent, state);
            if (more.Size == leftOut.Size)
            {
                // It is left out and still objected to: nothing is known of what may be run.
                return plan with
                {
                    Objections = [.. objections.Select(objection => objection with { Concern = null })],
                    LeftOut = leftOut,
                };
            }

            leftOut = more;
        }
    }

    private static Plan Whole(HostIntent intent, HostState state, Stage stage, SecurityGroupDecision? decision)
    {
        var draft = new PlanDraft();
        if (PfResolver.IsBlind(intent, state, draft))
        {
            return draft.Finish();
        }

        ImmutableDictionary<PfReference, PhysicalFunction> functions = PfResolver.Resolve(intent, state, draft);
        if (stage is Stage.All or Stage.Pre)
        {
            ImmutableArray<BondGoal> bonds = BondPlanner.Goals(intent, state, functions, draft);
            draft.PutOff(bonds);
            foreach (NicIntent nic in intent.Nics.Where(nic => nic.Managed == Management.Full))
            {
                if (functions.TryGetValue(nic.Pf, out PhysicalFunction? function))
                {
                    draft.Concern = new Concern.OfPf(function.Address);
                    NicPlanner.Plan(nic, function, intent, state, draft);
                }
            }

            draft.SwitchTogether();
            foreach (BondGoal bond in bonds)
            {
                draft.Concern = new Concern.OfBond(bond.Name);
                BondPlanner.Plan(bond, draft);
            }

            draft.DoPutOff();
        }

        if (stage is Stage.All or Stage.Post)
        {
            draft.Concern = Concern.Switch;
            SwitchPlanner.Plan(intent, state, functions, stage, draft);
            if (decision is not null)
            {
                SecurityGroupPlanner.Plan(intent, state, decision, draft);
            }
        }

        draft.Concern = null;
        RouteMoves.Finish(state, back: false, draft);
        return draft.Finish();
    }

    /// <summary>The PFs of each bond that the program manages: what is done for one of them stands and falls with the
    /// bond.</summary>
    public static ImmutableDictionary<string, ImmutableHashSet<PciAddress>> BondMembers(
        HostIntent intent, HostState state)
    {
        ImmutableDictionary<PfReference, PhysicalFunction> functions =
            PfResolver.Resolve(intent, state, new PlanDraft());
        return intent.Bonds.Where(bond => bond.Managed == Management.Full).DistinctBy(bond => bond.Name)
            .ToImmutableDictionary(
                bond => bond.Name,
                bond => bond.Members.Where(functions.ContainsKey)
                    .Select(member => functions[member].Address).ToImmutableHashSet());
    }

    /// <summary>Whether a reference means a PF.</summary>
    public static bool Means(PfReference reference, PhysicalFunction pf) => reference.Kind switch
    {
        PfReferenceKind.PciAddress => pf.Address.ToString() == reference.Value,
        PfReferenceKind.InterfaceName => pf.Uplink?.IsCalled(reference.Value) ?? false,
        _ => (pf.Uplink?.PermanentAddress ?? pf.Uplink?.Address)?.ToString() == reference.Value,
    };

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
    private readonly ImmutableArray<string>.Builder _notes = ImmutableArray.CreateBuilder<string>();
    private readonly List<Step> _putOff = [];
    private ImmutableArray<BondGoal> _bonds = [];

    /// <summary>
    /// What is being planned, which objections from now on stand in the way of; null for the whole host.
    /// </summary>
    public Concern? Concern { get; set; }

    /// <summary>Adds a step; the binding of a VF that has to wait for a bond goes to the end of the NICs and
    /// bonds.</summary>
    public void Do(StepAction action, string why, params IEnumerable<string> disrupts)
    {
        var step = new Step(action, why, [.. disrupts]);
        if (action is SetVfDriver { To: not null } bind && BindsLate(bind.Pf))
        {
            _putOff.Add(step);
        }
        else
        {
            _steps.Add(step);
        }
    }

    /// <summary>Says which bonds are to be planned, for which VFs' drivers have to wait.</summary>
    public void PutOff(ImmutableArray<BondGoal> bonds) => _bonds = bonds;

    /// <summary>
    /// Puts all that leads to the e-switches' modes of bonds' members before everything else, so that the ports of one
    /// card are in one mode before either has VFs.
    /// </summary>
    public void SwitchTogether()
    {
        var first = new HashSet<Step>(ReferenceEqualityComparer.Instance);
        foreach (PhysicalFunction pf in _bonds.SelectMany(bond => bond.Members))
        {
            Step[] own = [.. _steps.Where(step => Scope.Of(step.Action) == pf.Address)];
            int last = Array.FindLastIndex(own, step => step.Action is SetEswitchMode or SetInlineMode or SetEncapMode);
            first.UnionWith(own[..(last + 1)]);
        }

        Step[] ordered = [.. _steps.Where(first.Contains), .. _steps.Where(step => !first.Contains(step))];
        _steps.Clear();
        _steps.AddRange(ordered);
    }

    /// <summary>Adds the steps that were put off.</summary>
    public void DoPutOff()
    {
        _steps.AddRange(_putOff);
        _putOff.Clear();
    }

    /// <summary>Whether the drivers of a PF's VFs have to wait until its bond is in hardware.</summary>
    public bool BindsLate(PciAddress pf) =>
        _bonds.Any(bond => bond.WantsVfsUnbound && bond.Members.Any(member => member.Address == pf));

    /// <summary>Whether a PF's uplink will be made the member of a bond, which sets it up.</summary>
    public bool Enslaves(PciAddress pf) => _bonds.Any(bond => bond.Enslaves(pf));

    /// <summary>Whether a step so far unbinds a VF.</summary>
    public bool Unbinds(PciAddress pf, int vf) =>
        _steps.Any(step => step.Action is SetVfDriver { To: null } unbind && unbind.Pf == pf && unbind.Vf == vf);

    /// <summary>The steps of a kind so far.</summary>
    public IEnumerable<T> All<T>()
        where T : StepAction
        => _steps.Select(step => step.Action).OfType<T>();

    /// <summary>Whether a step so far does just this.</summary>
    public bool Has(StepAction action) => _steps.Any(step => step.Action == action);

    /// <summary>Whether a step so far takes all VFs of a PF away.</summary>
    public bool Takes(PciAddress pf) => _steps.Any(step => step.Action is SetVfCount { To: 0 } taken && taken.Pf == pf);

    /// <summary>Adds an objection, once.</summary>
    public void Object(ObjectionKind kind, string subject, string text, SourcePosition? position) =>
        Object(kind, subject, text, position, Concern);

    /// <summary>Adds an objection to something else than what is being planned, once.</summary>
    public void Object(ObjectionKind kind, string subject, string text, SourcePosition? position, Concern? concern)
    {
        var objection = new Objection(kind, subject, text, position) { Concern = concern };
        if (!_objections.Contains(objection))
        {
            _objections.Add(objection);
        }
    }

    /// <summary>Says what stays to be done outside of the plan.</summary>
    public void Wait(string what) => _pending.Add(what);

    /// <summary>Says what an operator should know.</summary>
    public void Note(string what) => _notes.Add(what);

    /// <summary>The finished plan.</summary>
    public Plan Finish() => new(_steps.ToImmutable(), _objections.ToImmutable(), _pending.ToImmutable())
    {
        Notes = _notes.ToImmutable(),
    };
}
