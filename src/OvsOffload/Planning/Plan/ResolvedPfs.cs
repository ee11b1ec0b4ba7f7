using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>What a configuration names as PFs, looked up on a host.</summary>
/// <param name="Functions">
/// The PF of each reference that was found; none where the host's PFs could not be read.
/// </param>
/// <param name="Objections">One for each reference that is no usable PF.</param>
internal sealed record ResolvedPfs(
    ImmutableDictionary<PfReference, PhysicalFunction> Functions, ImmutableArray<Objection> Objections)
{
    /// <summary>The PFs of a bond's members, as far as they were found.</summary>
    public IEnumerable<PciAddress> MembersOf(BondIntent bond) =>
        bond.Members.Where(Functions.ContainsKey).Select(member => Functions[member].Address);
}
