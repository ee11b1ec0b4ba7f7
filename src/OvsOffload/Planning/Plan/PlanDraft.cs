using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>A plan while it is being made; it lives no longer than one call of the planner.</summary>
internal sealed class PlanDraft
{
    private readonly ImmutableArray<Step>.Builder _steps = ImmutableArray.CreateBuilder<Step>();
    private readonly ImmutableArray<Objection>.Builder _objections = ImmutableArray.CreateBuilder<Objection>();
    private readonly ImmutableArray<string>.Builder _pending = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _notes = ImmutableArray.CreateBuilder<string>();
    private readonly List<Step> _deferred = [];
    private ImmutableArray<BondGoal> _bonds = [];

    /// <summary>
    /// What is being planned, which objections from now on block; null for the whole host.
    /// </summary>
    public Scope? Scope { get; set; }

    /// <summary>Adds a step; the binding of a VF that has to wait for a bond goes to the end of the NICs and
    /// bonds.</summary>
    public void Add(StepAction action, string why, params IEnumerable<string> disrupts)
    {
        var step = new Step(action, why, [.. disrupts]);
        if (action is SetVfDriver { To: not null } bind && BindsAfterBond(bind.Pf))
        {
            // Of two the last counts, which knows the driver that is wanted.
            _deferred.RemoveAll(earlier => IsOf(earlier, bind));
            _deferred.Add(step);
        }
        else if (action is SetVfDriver { To: null } unbind
            && _steps.LastOrDefault(earlier => IsOf(earlier, unbind)) is { } same
            && same.Action is SetVfDriver { To: null } first)
        {
            _steps[_steps.IndexOf(same)] = same with
            {
                Action = first with { OverrideTo = unbind.OverrideTo, Later = unbind.Later },
            };
        }
        else
        {
            _steps.Add(step);
        }
    }

    private static bool IsOf(Step step, SetVfDriver other) =>
        step.Action is SetVfDriver one && one.Pf == other.Pf && one.Vf == other.Vf;

    /// <summary>Says which bonds are to be planned, for which the binding of VFs is deferred.</summary>
    public void Defer(ImmutableArray<BondGoal> bonds) => _bonds = bonds;

    /// <summary>
    /// Puts all that leads to the e-switches' modes of bonds' members before everything else, so that the ports of one
    /// card are in one mode before either has VFs.
    /// </summary>
    public void MoveModeChangesFirst()
    {
        var first = new HashSet<Step>(ReferenceEqualityComparer.Instance);
        foreach (PhysicalFunction pf in _bonds.SelectMany(bond => bond.Members))
        {
            var scope = new Scope.OfPf(pf.Address);
            Step[] own = [.. _steps.Where(step => step.Action.Scope == scope)];
            int last = Array.FindLastIndex(own, step => step.Action is SetEswitchMode or SetInlineMode or SetEncapMode);
            first.UnionWith(own[..(last + 1)]);
        }

        Step[] ordered = [.. _steps.Where(first.Contains), .. _steps.Where(step => !first.Contains(step))];
        _steps.Clear();
        _steps.AddRange(ordered);
    }

    /// <summary>Adds the steps that were deferred.</summary>
    public void AddDeferred()
    {
        _steps.AddRange(_deferred);
        _deferred.Clear();
    }

    /// <summary>Whether the drivers of a PF's VFs have to wait until its bond is in hardware.</summary>
    public bool BindsAfterBond(PciAddress pf) =>
        _bonds.Any(bond => bond.RequiresUnboundVfs && bond.Members.Any(member => member.Address == pf));

    /// <summary>Whether a PF's uplink will be made the member of a bond, which sets it up.</summary>
    public bool AddsToBond(PciAddress pf) => _bonds.Any(bond => bond.AddsMember(pf));

    /// <summary>Whether a step so far unbinds a VF.</summary>
    public bool Unbinds(PciAddress pf, int vf) =>
        _steps.Any(step => step.Action is SetVfDriver { To: null } unbind && unbind.Pf == pf && unbind.Vf == vf);

    /// <summary>The steps of a kind so far.</summary>
    public IEnumerable<T> All<T>()
        where T : StepAction
        => _steps.Select(step => step.Action).OfType<T>();

    /// <summary>Whether a step so far does just this.</summary>
    public bool Has(StepAction action) => _steps.Any(step => step.Action == action);

    /// <summary>Whether a step so far removes all VFs of a PF.</summary>
    public bool RemovesVfs(PciAddress pf) =>
        _steps.Any(step => step.Action is SetVfCount { To: 0 } taken && taken.Pf == pf);

    /// <summary>Adds an objection, once.</summary>
    public void Object(ObjectionKind kind, string subject, string text, SourcePosition? position) =>
        Object(kind, subject, text, position, Scope);

    /// <summary>Adds an objection to something else than what is being planned, once.</summary>
    public void Object(ObjectionKind kind, string subject, string text, SourcePosition? position, Scope? scope) =>
        Object(new Objection(kind, subject, text, position) { Scope = scope });

    /// <summary>Adds an objection, once.</summary>
    public void Object(Objection objection)
    {
        if (!_objections.Contains(objection))
        {
            _objections.Add(objection);
        }
    }

    /// <summary>Says what has to be done outside of the plan.</summary>
    public void AddPending(string what) => _pending.Add(what);

    /// <summary>Says what an operator should know.</summary>
    public void Note(string what) => _notes.Add(what);

    /// <summary>The finished plan.</summary>
    public Plan Build() => new(_steps.ToImmutable(), _objections.ToImmutable(), _pending.ToImmutable())
    {
        Notes = _notes.ToImmutable(),
    };
}
