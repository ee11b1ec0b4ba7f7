using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Finds the PFs that a configuration names, and objects to what is no usable PF.</summary>
internal static class PfResolver
{
    /// <summary>
    /// The objection where PFs are named and those of the host could not be read, because then nothing can be planned;
    /// null otherwise.
    /// </summary>
    public static Objection? Unreadable(HostIntent intent, HostState state) =>
        state.PhysicalFunctions.IsFailed && NicReferences(intent).FirstOrDefault() is { } first
            ? new Objection(
                ObjectionKind.Unreadable, first.Written,
                $"the physical functions of this host could not be read: {state.PhysicalFunctions.Why}",
                first.Position)
            : null;

    /// <summary>
    /// An objection for each PF that is named and was not found; none where the host's PFs could not be read.
    /// </summary>
    public static ImmutableArray<Objection> NotFound(HostIntent intent, HostState state) =>
        state.PhysicalFunctions.IsFailed
            ? []
            :
            [
                .. NicReferences(intent).DistinctBy(reference => reference.Value)
                    .Where(reference => state.Find(reference) is null)
                    .Select(reference => Refuse(reference, state)),
            ];

    /// <summary>Looks up every PF that is named; see <see cref="Unreadable"/> where that is not possible.</summary>
    public static ResolvedPfs Resolve(HostIntent intent, HostState state)
    {
        if (state.PhysicalFunctions.IsFailed)
        {
            return new ResolvedPfs(ImmutableDictionary<PfReference, PhysicalFunction>.Empty, []);
        }

        ImmutableDictionary<PfReference, PhysicalFunction>.Builder found =
            ImmutableDictionary.CreateBuilder<PfReference, PhysicalFunction>();
        ImmutableArray<Objection>.Builder objections = ImmutableArray.CreateBuilder<Objection>();
        var seen = new Dictionary<PciAddress, PfReference>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (NicIntent nic in intent.Nics)
        {
            if (Find(nic.Pf) is not { } function)
            {
                continue;
            }

            if (seen.TryGetValue(function.Address, out PfReference? first))
            {
                objections.Add(new Objection(
                    ObjectionKind.Configuration, nic.Pf.Written,
                    $"this is {function.Address}, already named at {first.Position} as {first.Written}; "
                        + "keep one of the two", nic.Pf.Position));
                continue;
            }

            seen.Add(function.Address, nic.Pf);
            found.TryAdd(nic.Pf, function);
        }

        foreach (PfReference reference in OtherReferences(intent).Where(one => !found.ContainsKey(one)))
        {
            if (Find(reference) is { } function)
            {
                found.Add(reference, function);
            }
        }

        return new ResolvedPfs(found.ToImmutable(), objections.ToImmutable());

        PhysicalFunction? Find(PfReference reference)
        {
            PhysicalFunction? function = state.Find(reference);
            if (function is null && told.Add(reference.Value))
            {
                objections.Add(Refuse(reference, state));
            }

            return function;
        }
    }

    /// <summary>Every PF that a configuration names, some of them more than once.</summary>
    public static IEnumerable<PfReference> NicReferences(HostIntent intent) =>
        intent.Nics.Select(nic => nic.Pf).Concat(OtherReferences(intent));

    /// <summary>The PFs that bonds and bridges name.</summary>
    private static IEnumerable<PfReference> OtherReferences(HostIntent intent) =>
        intent.Bonds.SelectMany(bond => bond.Members)
        .Concat(intent.Bridges.Select(bridge => bridge.Uplink.Pf).OfType<PfReference>());

    /// <summary>Why a reference is no usable PF.</summary>
    private static Objection Refuse(PfReference reference, HostState state)
    {
        (PhysicalFunction Pf, VirtualFunction Vf)? vf = state.KnownFunctions
            .SelectMany(pf => pf.VirtualFunctions, (pf, vf) => (Pf: pf, Vf: vf))
            .Where(pair => pair.Vf.Address.ToString() == reference.Value || pair.Vf.Devices.Contains(reference.Value))
            .Select(pair => ((PhysicalFunction, VirtualFunction)?)pair)
            .FirstOrDefault();
        if (vf is { } pair)
        {
            return Configuration(
                $"this is VF {pair.Vf.Index} of {pair.Pf.Address}, not a physical function; name its PF");
        }

        if (reference.Kind != PfReferenceKind.PciAddress && state.Devices.IsFailed)
        {
            return new Objection(
                ObjectionKind.Unreadable, reference.Written,
                "cannot determine which PF this is, because the network devices could not be read: "
                    + state.Devices.Why, reference.Position);
        }

        string there = state.KnownFunctions.IsEmpty
            ? "no network card with a physical function was found on this host"
            : "this host has " + string.Join(", ", state.KnownFunctions.Select(Name));
        return Configuration($"no such physical function; {there}");

        Objection Configuration(string text) =>
            new(ObjectionKind.Configuration, reference.Written, text, reference.Position)
            {
                Scope = new Scope.OfMissingPf(reference.Value),
            };
    }

    private static string Name(PhysicalFunction function) =>
        function.Uplink is null ? $"{function.Address}" : $"{function.Address} ({function.Uplink.Name})";
}
