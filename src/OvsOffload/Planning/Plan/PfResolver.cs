using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Finds the PFs that a configuration names, and objects to what is no usable PF.</summary>
internal static class PfResolver
{
    /// <summary>
    /// Whether PFs are named and those of the host could not be read: an objection, because then nothing can be
    /// planned.
    /// </summary>
    public static bool IsBlind(HostIntent intent, HostState state, PlanDraft draft)
    {
        if (!state.PhysicalFunctions.IsFailed
            || Named(intent).FirstOrDefault() is not { } first)
        {
            return false;
        }

        draft.Object(ObjectionKind.Unreadable, first.Written,
            $"the physical functions of this host could not be read: {state.PhysicalFunctions.Why}", first.Position);
        return true;
    }

    /// <summary>
    /// An objection for each PF that is named and was not found; none where the host's PFs could not be read.
    /// </summary>
    public static ImmutableArray<Objection> NotFound(HostIntent intent, HostState state)
    {
        if (state.PhysicalFunctions.IsFailed)
        {
            return [];
        }

        var draft = new PlanDraft();
        foreach (PfReference reference in Named(intent).DistinctBy(reference => reference.Value))
        {
            Find(reference, state, draft);
        }

        return draft.Finish().Objections;
    }

    /// <summary>
    /// The PF of each reference that could be found; the others are objected to. None where the host's PFs could not be
    /// read: see <see cref="IsBlind"/>.
    /// </summary>
    public static ImmutableDictionary<PfReference, PhysicalFunction> Resolve(
        HostIntent intent, HostState state, PlanDraft draft)
    {
        if (state.PhysicalFunctions.IsFailed)
        {
            return ImmutableDictionary<PfReference, PhysicalFunction>.Empty;
        }

        var found = ImmutableDictionary.CreateBuilder<PfReference, PhysicalFunction>();
        var seen = new Dictionary<PciAddress, PfReference>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (NicIntent nic in intent.Nics)
        {
            if (Find(nic.Pf, state, draft) is not { } function)
            {
                told.Add(nic.Pf.Value);
                continue;
            }

            if (seen.TryGetValue(function.Address, out PfReference? first))
            {
                draft.Object(ObjectionKind.Configuration, nic.Pf.Written,
                    $"this is {function.Address}, which {first.Position} names already as {first.Written}; "
                        + "keep one of the two", nic.Pf.Position, scope: null);
                continue;
            }

            seen.Add(function.Address, nic.Pf);
            found.TryAdd(nic.Pf, function);
        }

        foreach (PfReference reference in Others(intent)
            .Where(one => !found.ContainsKey(one) && !told.Contains(one.Value)))
        {
            if (Find(reference, state, draft) is { } function)
            {
                found.Add(reference, function);
            }
            else
            {
                told.Add(reference.Value);
            }
        }

        return found.ToImmutable();
    }

    private static IEnumerable<PfReference> Named(HostIntent intent) =>
        intent.Nics.Select(nic => nic.Pf).Concat(Others(intent));

    /// <summary>The PFs that bonds and bridges name.</summary>
    private static IEnumerable<PfReference> Others(HostIntent intent) => intent.Bonds.SelectMany(bond => bond.Members)
        .Concat(intent.Bridges.Select(bridge => bridge.Uplink.Pf).OfType<PfReference>());

    private static PhysicalFunction? Find(PfReference reference, HostState state, PlanDraft draft)
    {
        if (state.Find(reference) is { } function)
        {
            return function;
        }

        (PhysicalFunction Pf, VirtualFunction Vf)? vf = state.KnownFunctions
            .SelectMany(pf => pf.VirtualFunctions, (pf, vf) => (Pf: pf, Vf: vf))
            .Where(pair => pair.Vf.Address.ToString() == reference.Value || pair.Vf.Devices.Contains(reference.Value))
            .Select(pair => ((PhysicalFunction, VirtualFunction)?)pair)
            .FirstOrDefault();
        if (vf is { } pair)
        {
            draft.Object(ObjectionKind.Configuration, reference.Written,
                $"this is VF {pair.Vf.Index} of {pair.Pf.Address}, not a physical function; name its PF",
                reference.Position, new Scope.OfMissingPf(reference.Value));
            return null;
        }

        if (reference.Kind != PfReferenceKind.PciAddress && state.Devices.IsFailed)
        {
            draft.Object(ObjectionKind.Unreadable, reference.Written,
                $"the network devices could not be read, so it cannot be told which PF this is: {state.Devices.Why}",
                reference.Position);
            return null;
        }

        string there = state.KnownFunctions.IsEmpty
            ? "no network card with a physical function was found on this host"
            : "this host has " + string.Join(", ", state.KnownFunctions.Select(Name));
        draft.Object(ObjectionKind.Configuration, reference.Written, $"no such physical function; {there}",
            reference.Position, new Scope.OfMissingPf(reference.Value));
        return null;
    }

    private static string Name(PhysicalFunction function) =>
        function.Uplink is null ? $"{function.Address}" : $"{function.Address} ({function.Uplink.Name})";
}
