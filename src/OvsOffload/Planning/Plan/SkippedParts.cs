using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// What is left alone because of objections or failures, with all that depends on it: a bond and its members are
/// done together or not at all, and so is the bridge on top of them. Grows only.
/// </summary>
internal sealed record SkippedParts
{
    /// <summary>Nothing is.</summary>
    public static SkippedParts Empty { get; } = new();

    /// <summary>PFs of this host.</summary>
    public ImmutableHashSet<PciAddress> Pfs { get; private init; } = [];

    /// <summary>PFs that the configuration names and that are not on this host, as it names them.</summary>
    public ImmutableHashSet<string> MissingPfs { get; private init; } = [];

    /// <summary>Bonds.</summary>
    public ImmutableHashSet<string> Bonds { get; private init; } = [];

    /// <summary>Bridges.</summary>
    public ImmutableHashSet<string> Bridges { get; private init; } = [];

    /// <summary>Whether Open vSwitch is, with every bridge.</summary>
    public bool Switch { get; private init; }

    /// <summary>Whether agents of security groups are.</summary>
    public bool Agents { get; private init; }

    /// <summary>Whether nothing is left out.</summary>
    public bool IsEmpty => Size == 0;

    /// <summary>Everything, for people: <c>0000:3b:00.1, bond0, br1, Open vSwitch</c>.</summary>
    public IEnumerable<string> Names =>
    [
        .. Pfs.Order().Select(pf => pf.ToString()),
        .. MissingPfs.Order(StringComparer.Ordinal),
        .. Bonds.Order(StringComparer.Ordinal),
        .. Bridges.Order(StringComparer.Ordinal),
        .. Switch ? ["Open vSwitch"] : Array.Empty<string>(),
        .. Agents ? ["security groups"] : Array.Empty<string>(),
    ];

    /// <summary>How much is left out; what grows is more.</summary>
    public int Size => Pfs.Count + MissingPfs.Count + Bonds.Count + Bridges.Count + (Switch ? 1 : 0) + (Agents ? 1 : 0);

    /// <summary>Leaves more out, and what depends on it.</summary>
    public SkippedParts With(IEnumerable<Scope> scopes, HostIntent intent, HostState state)
    {
        SkippedParts more = scopes.Aggregate(this, (all, scope) => scope switch
        {
            Scope.OfPf one => all with { Pfs = all.Pfs.Add(one.Pf) },
            Scope.OfMissingPf one => all with { MissingPfs = all.MissingPfs.Add(one.Value) },
            Scope.OfBond one => all with { Bonds = all.Bonds.Add(one.Name) },
            Scope.OfBridge one => all with { Bridges = all.Bridges.Add(one.Name) },
            _ when scope == Scope.Agents => all with { Agents = true },
            _ => all with { Switch = true },
        });
        ResolvedPfs resolved = PfResolver.Resolve(intent, state);
        for (int before = -1; before != more.Size;)
        {
            before = more.Size;
            foreach (BondIntent bond in intent.Bonds.Where(bond => bond.Managed == Management.Full))
            {
                if (more.ContainsBond(bond, resolved))
                {
                    more = more with
                    {
                        Bonds = more.Bonds.Add(bond.Name),
                        Pfs = more.Pfs.Union(MembersOf(bond, resolved, state)),
                    };
                }
            }
        }

        return more with
        {
            Bridges = more.Bridges.Union(intent.Bridges
                .Where(bridge => more.Switch || more.ContainsUplinkOf(bridge, intent, resolved))
                .Select(bridge => bridge.Name)),
        };
    }

    /// <summary>Whether a PF, as the configuration names it, is left out.</summary>
    public bool Contains(PfReference reference, ResolvedPfs resolved) =>
        MissingPfs.Contains(reference.Value)
        || (resolved.Functions.TryGetValue(reference, out PhysicalFunction? pf) && Pfs.Contains(pf.Address));

    /// <summary>Whether a part of the host is left out.</summary>
    public bool Contains(Scope scope) => scope switch
    {
        Scope.OfPf one => Pfs.Contains(one.Pf),
        Scope.OfMissingPf one => MissingPfs.Contains(one.Value),
        Scope.OfBond one => Bonds.Contains(one.Name),
        Scope.OfBridge one => Switch || Bridges.Contains(one.Name),
        _ when scope == Scope.Agents => Agents,
        _ => Switch,
    };

    private bool ContainsBond(BondIntent bond, ResolvedPfs resolved) =>
        Bonds.Contains(bond.Name) || bond.Members.Any(member => Contains(member, resolved));

    private bool ContainsUplinkOf(BridgeIntent bridge, HostIntent intent, ResolvedPfs resolved) =>
        bridge.Uplink.Pf is { } pf
            ? Contains(pf, resolved)
            : intent.Bonds.Any(bond => bond.Name == bridge.Uplink.Bond && ContainsBond(bond, resolved));

    /// <summary>
    /// The PFs that are to be its members, and those that are: one may be named in a way that is not found.
    /// </summary>
    private static IEnumerable<PciAddress> MembersOf(BondIntent bond, ResolvedPfs resolved, HostState state) =>
    [
        .. resolved.MembersOf(bond),
        .. (state.FindBond(bond.Name)?.Members ?? []).Select(member => member.Pf).OfType<PciAddress>(),
    ];
}
