using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>The configuration of one bond, and what differs from it on the host.</summary>
internal sealed record BondGoal
{
    /// <summary>The operator's words.</summary>
    public required BondIntent Intent { get; init; }

    /// <summary>Its profile.</summary>
    public required BondProfile Profile { get; init; }

    /// <summary>The configured members, in the operator's order; each has its uplink here.</summary>
    public required ImmutableArray<PhysicalFunction> Members { get; init; }

    /// <summary>The bond as it is; null where it is to be made.</summary>
    public BondState? State { get; init; }

    /// <summary>What differs of its options; for a new bond nothing.</summary>
    public required BondChange Change { get; init; }

    /// <summary>Whether a member changes the mode of its e-switch, or its VFs.</summary>
    public required bool ChangesNics { get; init; }

    /// <summary>Whether ovs-offload created it.</summary>
    public required bool IsOwned { get; init; }

    /// <summary>Whether a member changes the mode of its e-switch, upon which the NIC looks at the bond
    /// again.</summary>
    public required bool ChangesMode { get; init; }

    public string Name => Intent.Name;

    public DeviceReference Reference => new DeviceNamed(Intent.Name);

    /// <summary>Members that it has and should not have.</summary>
    public IEnumerable<BondMember> Strangers => (State?.Members ?? [])
        .Where(member => Members.All(pf => pf.Address != member.Pf));

    /// <summary>Members that it should have and has not.</summary>
    public IEnumerable<PhysicalFunction> Missing =>
        Members.Where(pf => (State?.Members ?? []).All(member => member.Pf != pf.Address));

    /// <summary>
    /// Whether it is there and has no member: a run was cut off, or another program removed them. It carries nothing,
    /// so nothing can be cut, and what it lacks of VF-LAG says nothing of the card.
    /// </summary>
    public bool IsEmpty => State is { Members.IsEmpty: true };

    /// <summary>Whether other members join or leave.</summary>
    public bool ChangesMembers => Missing.Any() || Strangers.Any();

    /// <summary>
    /// Whether the members have to leave it for a moment: for an option that wants so, or because VF-LAG is required
    /// and is not there, and the NIC looks at a bond again only when its members, or the modes of their e-switches,
    /// change.
    /// </summary>
    public bool DetachesMembers => State is not null && (Change.NeedsNoMembers
        || (!ChangesMode && !ChangesMembers && Intent.VfLag == VfLagRequirement.Required
            && State.VfLag.State == VfLagState.Inactive));

    /// <summary>Whether the MTU of what it carries changes.</summary>
    public bool ChangesMtu => State is { } now && !IsEmpty && Intent.Mtu is { } mtu && mtu != now.Device.Mtu;

    /// <summary>Whether it is without carrier for a moment, in which the kernel deletes nexthop objects.</summary>
    public bool LosesCarrier => State is not null && (DetachesMembers || (!Change.IsEmpty && Change.NeedsDown));

    /// <summary>Whether the NIC has to offload the bond again.</summary>
    public bool RebuildsOffload => State is null || DetachesMembers || ChangesNics || ChangesMembers;

    /// <summary>Whether VF-LAG becomes active only while no VF of the members is bound.</summary>
    public bool RequiresUnboundVfs => RebuildsOffload
        && Members.Any(pf => pf.Model.Generation.Driver.VfsAtLag == VfsAtLag.Unbound);

    /// <summary>
    /// VLAN devices on members to be, which have to move to the bond; nothing may be on top of them in turn.
    /// </summary>
    public required ImmutableDictionary<PciAddress, ImmutableArray<NetDevice>> Vlans { get; init; }

    /// <summary>
    /// The routes of members to be, of the VLAN devices on them (with their addresses), and of the bond itself, by the
    /// reference's text.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<IPEntry>> Routes { get; init; } =
        ImmutableDictionary<string, ImmutableArray<IPEntry>>.Empty;

    /// <summary>Whether a router's advertisements are heard on a member to be, or on the bond, as it is now.</summary>
    public bool HasRouter { get; init; }

    /// <summary>The routes of a device.</summary>
    public ImmutableArray<IPEntry> RoutesOf(DeviceReference device) => Routes.GetValueOrDefault($"{device}", []);

    /// <summary>Whether a PF will be made a member.</summary>
    public bool AddsMember(PciAddress pf) => DetachesMembers || Missing.Any(member => member.Address == pf);
}
