using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Finds the PFs that a configuration names, and objects to what is no usable PF.</summary>
internal static class PfResolver
{
    /// <summary>The PF of each reference that could be found; the others are objected to.</summary>
    public static ImmutableDictionary<PfReference, PhysicalFunction> Resolve(
        HostIntent intent, HostState state, PlanDraft draft)
    {
        var found = ImmutableDictionary.CreateBuilder<PfReference, PhysicalFunction>();
        var seen = new Dictionary<PciAddress, PfReference>();
        foreach (NicIntent nic in intent.Nics)
        {
            if (Find(nic.Pf, state, draft) is not { } function)
            {
                continue;
            }

            if (seen.TryGetValue(function.Address, out PfReference? first))
            {
                draft.Object(ObjectionKind.Configuration, nic.Pf.Written,
                    $"this is {function.Address}, which {first.Position} names already as {first.Written}; "
                        + "keep one of the two", nic.Pf.Position);
                continue;
            }

            seen.Add(function.Address, nic.Pf);
            found.TryAdd(nic.Pf, function);
        }

        IEnumerable<PfReference> others = intent.Bonds.SelectMany(bond => bond.Members)
            .Concat(intent.Bridges.Select(bridge => bridge.Uplink.Pf).OfType<PfReference>());
        foreach (PfReference reference in others)
        {
            if (!found.ContainsKey(reference) && Find(reference, state, draft) is { } function)
            {
                found.Add(reference, function);
            }
        }

        return found.ToImmutable();
    }

    private static PhysicalFunction? Find(PfReference reference, HostState state, PlanDraft draft)
    {
        PhysicalFunction? function = state.PhysicalFunctions.FirstOrDefault(candidate => Planner.Means(reference, candidate));
        if (function is not null)
        {
            return function;
        }

        (PhysicalFunction Pf, VirtualFunction Vf)? vf = state.PhysicalFunctions
            .SelectMany(pf => pf.VirtualFunctions, (pf, vf) => (Pf: pf, Vf: vf))
            .Where(pair => pair.Vf.Address.ToString() == reference.Value || pair.Vf.Devices.Contains(reference.Value))
            .Select(pair => ((PhysicalFunction, VirtualFunction)?)pair)
            .FirstOrDefault();
        if (vf is { } pair)
        {
            draft.Object(ObjectionKind.Configuration, reference.Written,
                $"this is VF {pair.Vf.Index} of {pair.Pf.Address}, not a physical function; name its PF",
                reference.Position);
            return null;
        }

        string there = state.PhysicalFunctions.IsEmpty
            ? "no network card with a physical function was found on this host"
            : "this host has " + string.Join(", ", state.PhysicalFunctions.Select(Name));
        draft.Object(ObjectionKind.Configuration, reference.Written, $"no such physical function; {there}",
            reference.Position);
        return null;
    }

    private static string Name(PhysicalFunction function) =>
        function.Uplink is null ? $"{function.Address}" : $"{function.Address} ({function.Uplink.Name})";
}
