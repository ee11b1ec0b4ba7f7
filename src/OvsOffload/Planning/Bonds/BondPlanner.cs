using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Plans bonds. The order that VF-LAG asks for: all ports of the card in switchdev mode and no VF bound, the members
/// down when they join, then a proof, and only then the VFs' drivers. A bond that is right is left alone, and one that
/// is wrong in something that the kernel changes at once is not taken apart.
/// </summary>
internal static class BondPlanner
{
    private const string NoBoundVf = "the NIC offloads a bond only while no VF is bound to a driver";

    /// <summary>The goal of each bond that fits this host; the others are objected to.</summary>
    public static ImmutableArray<BondGoal> Goals(
        HostIntent intent, HostState state, ImmutableDictionary<PfReference, PhysicalFunction> functions,
        PlanDraft draft)
    {
        BondIntent[] bonds = [.. intent.Bonds.Where(bond => bond.Managed == Management.Full)];
        var taken = new Dictionary<PhysicalFunction, string>(ReferenceEqualityComparer.Instance);
        ImmutableArray<BondGoal>.Builder goals = ImmutableArray.CreateBuilder<BondGoal>();
        foreach (BondIntent bond in bonds)
        {
            draft.Scope = new Scope.OfBond(bond.Name);
            ImmutableArray<PhysicalFunction> members =
                [.. bond.Members.Where(functions.ContainsKey).Select(member => functions[member])];
            if (!state.Bonds.IsKnown)
            {
                draft.Object(ObjectionKind.Unreadable, bond.Name,
                    $"the bonds of this host could not be read: {state.Bonds.Why}", bond.Source["name"]);
            }
            else if (bond.Settings is not { } profile)
            {
                draft.Object(ObjectionKind.Configuration, bond.Name, $"profile {bond.Profile} could not be read",
                    bond.Source["profile"]);
            }
            else if (BondPreconditions.Fits(bond, members, taken, state, draft)
                && Goal(bond, profile, members, intent, state) is var goal
                && BondPreconditions.AreMet(goal, intent, state, draft))
            {
                goals.Add(goal);
            }
        }

        draft.Scope = null;
        return goals.ToImmutable();
    }

    /// <summary>Adds the steps for one bond; its NICs have been planned, and the drivers of their VFs put
    /// off.</summary>
    public static void Plan(BondGoal goal, PlanDraft draft)
    {
        Unbind(goal, draft);
        if (goal.State is not null && goal.LosesCarrier)
        {
            RouteMoves.Save(goal.Reference, goal.Reference, goal.RoutesOf(goal.Reference), goal.Name, draft);
        }

        if (goal.State is null)
        {
            Make(goal, draft);
        }
        else
        {
            Repair(goal, goal.State, draft);
        }

        BondRoutes.Restore(goal, draft);
        if (goal.RebuildsOffload)
        {
            draft.Add(new WaitForVfLag(goal.Name, goal.Intent.VfLag == VfLagRequirement.Required),
                "the kernel rejects VF-LAG silently, so only the state that the driver shows counts");
        }
    }

    private static BondGoal Goal(
        BondIntent bond, BondProfile profile, ImmutableArray<PhysicalFunction> members, HostIntent intent,
        HostState state)
    {
        BondState? now = state.FindBond(bond.Name);
        NicGoal[] goals =
        [
            .. intent.Nics.Where(nic => nic.Managed == Management.Full)
                .Select(nic => members.FirstOrDefault(pf => pf.Matches(nic.Pf)) is { } pf
                    ? NicGoal.Of(nic, pf, state) : null)
                .OfType<NicGoal>(),
        ];
        var vlans = members.ToImmutableDictionary(
            pf => pf.Address, pf => BondPreconditions.Vlans(pf, state.Devices.ValueOr([])));
        return new BondGoal
        {
            Intent = bond,
            Profile = profile,
            Members = members,
            State = now,
            Vlans = vlans,
            Routes = BondRoutes.Of(bond, members, vlans, state),
            HasRouter = members.Select(pf => pf.Uplink).Append(now?.Device)
                .Any(device => RouteMoves.HasRouter(device, state)),
            Change = BondChange.Of(now?.Options ?? profile.Options, profile.Options),
            ChangesNics = goals.Any(goal => goal.ChangesMode || goal.ChangesVfs),
            ChangesMode = goals.Any(goal => goal.ChangesMode),
            IsOwned = state.Changes.ValueOr(RecordedChanges.None).CreatedBond(bond.Name),
        };
    }

    private static void Make(BondGoal goal, PlanDraft draft)
    {
        draft.Add(new AddBond(goal.Name, BondChange.ForCreation(goal.Profile.Options)), "the configuration defines it");
        AdjustMtu(goal, SetMtu.OfNewDevice, goal.Intent.Mtu ?? MaxOfMembers(goal), draft);
        SetUp(goal, draft);
        foreach (PhysicalFunction pf in goal.Members)
        {
            Join(goal, pf, draft);
        }

        SetPrimary(goal, null, draft);
    }

    private static void Repair(BondGoal goal, BondState now, PlanDraft draft)
    {
        foreach (BondMember stranger in goal.Strangers)
        {
            draft.Add(new RemoveBondMember(goal.Name, DeviceReference.Of(stranger)),
                "it is not a configured member, and with it the NIC does not offload the bond", "it goes down");
        }

        if (goal.DetachesMembers)
        {
            // The one whose address the bond has leaves last, so that the way back begins with it.
            foreach (BondMember member in now.Members.Except(goal.Strangers)
                .OrderBy(member => IsAddressOf(goal, member, now)))
            {
                draft.Add(new RemoveBondMember(goal.Name, DeviceReference.Of(member)),
                    goal.Change.NeedsNoMembers
                        ? "the kernel accepts the change only while the bond has no members"
                        : "the NIC evaluates the bond again only when its members change",
                    $"{goal.Name} carries nothing until its members are back");
            }
        }

        if (!goal.Change.IsEmpty)
        {
            draft.Add(new SetBondOptions(goal.Name, goal.Change.From, goal.Change.To, goal.Change.NeedsDown),
                $"profile {goal.Profile.Name}",
                goal.Change.NeedsDown && !goal.DetachesMembers ? [$"{goal.Name} is down for a moment"] : []);
        }

        if (goal.IsEmpty)
        {
            // A member gets the bond's MTU, so that of a bond that was never finished must not come over them.
            int mtu = goal.Intent.Mtu
                ?? (goal.IsOwned ? Math.Max(now.Device.Mtu, MaxOfMembers(goal)) : now.Device.Mtu);
            AdjustMtu(goal, now.Device.Mtu, mtu, draft);
        }

        if (!now.Device.Up)
        {
            SetUp(goal, draft);
        }

        foreach (PhysicalFunction pf in Order(goal, now))
        {
            Join(goal, pf, draft);
        }

        // A bond without members has a random address (__bond_release_one in drivers/net/bonding/bond_main.c).
        HardwareAddress? address = goal.IsEmpty ? null : now.Device.Address;
        if (goal.DetachesMembers && address is { } kept && Order(goal, now)[0].Uplink is { } first
            && (first.PermanentAddress ?? first.Address) is { } its && its != kept)
        {
            draft.Add(new SetLinkAddress(goal.Reference, its, kept), "the bond keeps its MAC address");
        }

        if (!goal.IsEmpty)
        {
            AdjustMtu(goal, now.Device.Mtu, goal.Intent.Mtu ?? now.Device.Mtu, draft);
        }

        SetPrimary(goal, now, draft);
    }

    private static int MaxOfMembers(BondGoal goal) => goal.Members.Max(pf => pf.Uplink!.Mtu);

    private static void AdjustMtu(BondGoal goal, int now, int mtu, PlanDraft draft)
    {
        if (mtu != now)
        {
            draft.Add(new SetMtu(goal.Reference, now, mtu),
                goal.Intent.Mtu is null ? "the MTU of its members" : $"the configuration sets mtu to {mtu}");
        }
    }

    /// <summary>A route over a gateway is taken only while its device is up.</summary>
    private static void SetUp(BondGoal goal, PlanDraft draft) => draft.Add(
        new SetLinkUp(goal.Reference, false, true), "addresses and routes can be added only while it is up");

    /// <summary>
    /// The PFs that join, the one first whose MAC address the bond has: a bond without members takes that of the first.
    /// </summary>
    private static ImmutableArray<PhysicalFunction> Order(BondGoal goal, BondState now) =>
    [
        .. goal.Members.Where(pf => goal.AddsMember(pf.Address))
            .OrderByDescending(pf => (pf.Uplink!.PermanentAddress ?? pf.Uplink.Address) == now.Device.Address),
    ];

    private static bool IsAddressOf(BondGoal goal, BondMember member, BondState now) =>
        goal.Members.FirstOrDefault(pf => pf.Address == member.Pf)?.Uplink is { } uplink
        && (uplink.PermanentAddress ?? uplink.Address) == now.Device.Address;

    private static void Join(BondGoal goal, PhysicalFunction pf, PlanDraft draft)
    {
        NetDevice uplink = pf.Uplink!;
        var reference = new UplinkOf(pf.Address);
        RouteMoves.Save(reference, goal.Reference, goal.RoutesOf(reference), goal.Name, draft);
        if (!uplink.Addresses.IsEmpty)
        {
            draft.Add(new MoveAddresses(reference, goal.Reference, uplink.Addresses),
                "addresses on a bond member do not answer");
        }

        foreach (NetDevice vlan in goal.Vlans[pf.Address])
        {
            BondRoutes.MoveVlan(
                vlan, reference, goal.Reference, goal.Name, "a VLAN device on a bond member carries nothing",
                goal.RoutesOf(new DeviceNamed(vlan.Name)), draft);
        }

        bool leaves = goal.State?.Members.Any(member => member.Pf == pf.Address) ?? false;
        if ((uplink.Up && !leaves) || draft.Has(new SetLinkUp(reference, false, true)))
        {
            draft.Add(new SetLinkUp(reference, true, false), "the kernel accepts a member only while it is down",
                $"{uplink.Name} is down until it is a member");
        }

        draft.Add(new AddBondMember(goal.Name, reference), "the configuration defines it");
    }

    private static void SetPrimary(BondGoal goal, BondState? now, PlanDraft draft)
    {
        if (goal.Profile.Mode != BondMode.ActiveBackup)
        {
            return;
        }

        DeviceReference? wanted =
            goal.Profile.Primary == BondPrimary.First ? new UplinkOf(goal.Members[0].Address) : null;
        BondMember? primary = now?.Members.FirstOrDefault(member => member.Device.Index == now.Options.Primary);
        DeviceReference? before = primary is null ? null : DeviceReference.Of(primary);
        if (wanted != before)
        {
            draft.Add(new SetBondPrimary(goal.Name, before, wanted), $"profile {goal.Profile.Name}");
        }
    }

    private static void Unbind(BondGoal goal, PlanDraft draft)
    {
        if (!goal.RequiresUnboundVfs)
        {
            return;
        }

        foreach (PhysicalFunction pf in goal.Members.Where(pf => !draft.RemovesVfs(pf.Address)))
        {
            foreach (VirtualFunction vf in pf.VirtualFunctions
                .Where(vf => vf.Driver is not null && !draft.Unbinds(pf.Address, vf.Index)))
            {
                draft.Add(
                    new SetVfDriver(pf.Address, vf.Index, vf.Driver, null, vf.DriverOverride, vf.DriverOverride)
                    {
                        Later = new VfBinding(vf.Index, vf.Driver!, vf.DriverOverride),
                    },
                    NoBoundVf,
                    vf.Devices.Select(device => $"{device} goes away until its driver is bound again"));
                draft.Add(
                    new SetVfDriver(pf.Address, vf.Index, null, vf.Driver, vf.DriverOverride, vf.DriverOverride),
                    "the previous driver of the VF");
            }
        }
    }
}
