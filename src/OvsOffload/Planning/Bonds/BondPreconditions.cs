using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;
using OvsOffload.Nics;

namespace OvsOffload.Planning;

/// <summary>What must be so before a bond may be touched; everything that is not becomes an objection.</summary>
internal static class BondPreconditions
{
    /// <summary>Whether the configuration of a bond fits this host: its members are the ports of one card.</summary>
    /// <param name="bond">The bond.</param>
    /// <param name="members">Its members, as far as they could be found.</param>
    /// <param name="taken">The bond of each PF so far.</param>
    /// <param name="state">The host.</param>
    /// <param name="draft">Where objections go.</param>
    public static bool Fits(
        BondIntent bond, ImmutableArray<PhysicalFunction> members, Dictionary<PhysicalFunction, string> taken,
        HostState state, PlanDraft draft)
    {
        foreach (PhysicalFunction pf in members)
        {
            if (!taken.TryAdd(pf, bond.Name))
            {
                return No($"{pf.Address} is already a member of {taken[pf]}; a PF belongs to one bond");
            }
        }

        if (members.Length < bond.Members.Count)
        {
            // Said by PfResolver already, for each that could not be found.
            return false;
        }

        if (members.Length < 2)
        {
            return No("it has one member, but VF-LAG needs all ports of the card; add the other port, or remove the "
                + "bond");
        }

        if (members.FirstOrDefault(pf => !pf.IsOnSameCard(members[0])) is { } other)
        {
            return No($"{members[0].Address} and {other.Address} are ports of two cards; a NIC offloads only "
                + "bonds of its own ports");
        }

        if (members.FirstOrDefault(pf => pf.Uplink is null) is { } elsewhere)
        {
            return No($"{elsewhere.Address} has no network device in this network namespace; move it back first",
                kind: ObjectionKind.Refused);
        }

        PhysicalFunction[] card = [.. state.KnownFunctions.Where(pf => pf.IsOnSameCard(members[0]))];
        if (bond.VfLag == VfLagRequirement.Required && card.Length != members.Length)
        {
            return No($"the card has {card.Length} ports ({string.Join(", ", card.Select(pf => pf.Address))}), and "
                + "VF-LAG takes all of them or none; list all, or use vf-lag: preferred", BondKey.VfLag);
        }

        return true;

        bool No(string text, string key = "members", ObjectionKind kind = ObjectionKind.Configuration)
        {
            draft.Object(kind, bond.Name, text, bond.Source[key]);
            return false;
        }
    }

    /// <summary>Whether the bond can be changed without harm.</summary>
    public static bool AreMet(BondGoal goal, HostIntent intent, HostState state, PlanDraft draft) =>
        // Not short-circuited: an operator wants to see everything that is in the way at once.
        IsPossible(goal, intent, state, draft) & HasFreeMembers(goal, state, draft) & HasUnusedVfs(goal, intent, draft)
            & IsUnprotected(goal, intent, state, draft) & Movable(goal, state, draft);

    /// <summary>Whether the addresses and routes of devices that are down on the way can be restored.</summary>
    private static bool Movable(BondGoal goal, HostState state, PlanDraft draft)
    {
        SourcePosition? position = goal.Intent.Source["members"];
        bool movable = true;
        foreach (NetDevice device in goal.Missing.Select(pf => pf.Uplink!)
            .Concat(goal.Missing.SelectMany(pf => goal.Vlans[pf.Address])))
        {
            movable &= RouteMoves.CanMove(device, goal.Name, position, state, draft);
        }

        if (goal is { LosesCarrier: true } && !state.Routing.IsKnown)
        {
            draft.Object(ObjectionKind.Unreadable, goal.Name,
                $"its routes, which the kernel deletes while it is down, could not be read: {state.Routing.Why}",
                position);
            return false;
        }

        return movable;
    }

    private static bool IsPossible(BondGoal goal, HostIntent intent, HostState state, PlanDraft draft)
    {
        bool possible = true;
        if (goal.State is null && state.FindDevice(goal.Name) is { } device)
        {
            No(ObjectionKind.Configuration, "name",
                $"device {goal.Name} exists and is not a bond but {device.Kind ?? "a NIC"}; choose another name");
        }

        foreach (BondOption option in goal.Change.Unknown)
        {
            No(ObjectionKind.Unsupported, "profile",
                $"this kernel does not support the bond option {option.Name}; leave it out of profile "
                    + goal.Profile.Name);
        }

        if (goal.Intent.VfLag == VfLagRequirement.Required)
        {
            Required();
        }

        return possible;

        void Required()
        {
            string mode = goal.Profile.Mode.ToName();
            foreach (PhysicalFunction pf in goal.Members)
            {
                bool switchdev = pf.OffloadExpected(pf.IntentIn(intent));
                if (pf.Model.IsKnown && pf.Model[NicFeature.VfLag] == SupportLevel.None)
                {
                    No(ObjectionKind.Configuration, BondKey.VfLag,
                        $"{pf.Model.Name} ({pf.Address}) has no VF-LAG; use vf-lag: preferred");
                }
                else if (pf.Model.Generation.LagModes.Count > 0 && !pf.Model.Generation.LagModes.Contains(mode))
                {
                    No(ObjectionKind.Configuration, "profile",
                        $"{pf.Model.Name} offloads bonds of mode {string.Join(", ", pf.Model.Generation.LagModes)}, "
                            + $"but profile {goal.Profile.Name} has mode {mode}");
                }
                else if (!switchdev)
                {
                    No(ObjectionKind.Configuration, BondKey.VfLag,
                        $"{pf.Address} is not configured for switchdev mode, which VF-LAG needs; set mode: switchdev "
                            + "for it");
                }
            }

            foreach (PhysicalFunction pf in goal.Members.Skip(1).Where(HasOwnVfs))
            {
                No(ObjectionKind.Configuration, "members",
                    $"{pf.Driver} puts the VFs of an offloaded bond on its first port only; set vfs: 0 for "
                        + pf.Address);
            }

            if (goal is
                {
                    State: { VfLag.State: VfLagState.Inactive, Lag.IsAbsent: true } bond,
                    ChangesNics: false,
                    ChangesMembers: false,
                }
                && goal.Members.All(pf => pf.IsMlx5))
            {
                No(ObjectionKind.Unsupported, BondKey.VfLag, $"VF-LAG cannot become active: {bond.VfLag.Why}");
            }
        }

        bool HasOwnVfs(PhysicalFunction pf) => pf.Model.Generation.Driver.LagVfs == LagVfs.FirstPort
            && (pf.IntentIn(intent)?.Vfs ?? pf.VfCount.ValueOr(0)) > 0;

        void No(ObjectionKind kind, string key, string text)
        {
            draft.Object(kind, goal.Name, text, goal.Intent.Source[key]);
            possible = false;
        }
    }

    /// <summary>The VLAN devices on a PF that can be recreated elsewhere: nothing is on top of them.</summary>
    public static ImmutableArray<NetDevice> Vlans(PhysicalFunction pf, ImmutableArray<NetDevice> devices) =>
        pf.Uplink is null ? [] : Vlans(pf.Uplink, devices);

    /// <summary>The same on any device.</summary>
    public static ImmutableArray<NetDevice> Vlans(NetDevice below, ImmutableArray<NetDevice> devices) =>
    [
        .. devices.Where(device => device.Lower == below.Index && device is { Vlan.Id: > 0, Master: null }
            && !devices.Any(other => other.Lower == device.Index)),
    ];

    /// <summary>Nothing else uses the members.</summary>
    private static bool HasFreeMembers(BondGoal goal, HostState state, PlanDraft draft)
    {
        bool free = true;
        ImmutableArray<NetDevice> devices = state.Devices.ValueOr([]);
        foreach (PhysicalFunction pf in goal.Missing)
        {
            NetDevice uplink = pf.Uplink!;
            NetDevice? master = devices.FirstOrDefault(device => device.Index == uplink.Master);
            NetDevice? upper = devices.Where(device => device.Lower == uplink.Index).Except(Vlans(pf, devices))
                .FirstOrDefault();
            if (master is { Kind: "openvswitch" })
            {
                No($"{uplink.Name} is a port of an Open vSwitch bridge; remove it first (ovs-vsctl del-port "
                    + $"{uplink.Name}); the bond becomes the port instead");
            }
            else if (master is not null)
            {
                No($"{uplink.Name} belongs to {master.Name} ({master.Kind ?? "a device"}); remove it from that first");
            }

            if (upper is not null)
            {
                No($"{upper.Name} ({upper.Kind ?? "a device"}) is on top of {uplink.Name}, and carries nothing on a "
                    + $"bond member; recreate it on {goal.Name} (ip link add link {goal.Name} ..)");
            }
        }

        return free;

        void No(string text)
        {
            draft.Object(ObjectionKind.Refused, goal.Name, text, goal.Intent.Source["members"]);
            free = false;
        }
    }

    private static bool HasUnusedVfs(BondGoal goal, HostIntent intent, PlanDraft draft)
    {
        bool unheld = true;
        foreach (PhysicalFunction pf in goal.RebuildsOffload ? goal.Members : [])
        {
            if (VfUsage.RdmaUse(pf) is { } use)
            {
                draft.Object(ObjectionKind.Refused, pf.Address.ToString(),
                    $"it {use}; its RDMA device goes away when {goal.Name} changes. Stop its user first",
                    goal.Intent.Source["members"]);
                unheld = false;
            }
        }

        if (!goal.RequiresUnboundVfs)
        {
            return unheld;
        }

        foreach (PhysicalFunction pf in goal.Members)
        {
            if (VfUsage.UnreadableReason(pf) is { } unread)
            {
                draft.Object(
                    ObjectionKind.Unreadable, pf.Address.ToString(), unread, goal.Intent.Source["members"]);
                unheld = false;
            }

            if (pf.VirtualFunctions.Any(vf => vf.Driver is not null) && intent.Nics.Any(nic =>
                nic.Managed == Management.Observe && pf.Matches(nic.Pf)))
            {
                draft.Object(ObjectionKind.Refused, pf.Address.ToString(),
                    $"its VFs are bound and it is managed: observe, so they are left alone; {goal.Name} can be "
                        + "offloaded only while no VF is bound", goal.Intent.Source["members"]);
                unheld = false;
            }

            foreach (VirtualFunction vf in pf.VirtualFunctions.Where(vf => vf.IsHeld))
            {
                draft.Object(ObjectionKind.Refused, $"{pf.Address} vf{vf.Index}",
                    $"{vf.Address} {VfUsage.HolderText(vf)}; {goal.Name} can be offloaded only while no VF is bound. "
                        + "Stop its user first", goal.Intent.Source["profile"]);
                unheld = false;
            }
        }

        return unheld;
    }

    private static bool IsUnprotected(BondGoal goal, HostIntent intent, HostState state, PlanDraft draft)
    {
        bool disrupts = goal.State is null || (!goal.IsEmpty && (goal.DetachesMembers || goal.Change.NeedsDown));
        IEnumerable<string> touched = disrupts || goal.ChangesMtu
            ? [
                .. goal.State is null ? (IEnumerable<string>)[] : [goal.Name],
                .. goal.Members.Select(pf => pf.Uplink!.Name),
            ]
            : [.. goal.Missing.Select(pf => pf.Uplink!.Name), .. goal.Strangers.Select(member => member.Device.Name)];
        foreach (string device in touched)
        {
            if (Protection.Of(device, intent, state) is { } protection)
            {
                draft.Object(protection.Kind, goal.Name,
                    protection.Refusal(device, "changing the bond"),
                    goal.Intent.Source[goal.ChangesMtu && !disrupts ? "mtu" : "members"]);
                return false;
            }
        }

        return true;
    }
}

/// <summary>Keys of a bond's entry, where objections point.</summary>
internal static class BondKey
{
    public const string VfLag = "vf-lag";
}
