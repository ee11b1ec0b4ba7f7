using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Plans the routes of a bond, of its members to be, and of the VLAN devices on them. Pure.</summary>
internal static class BondRoutes
{
    /// <summary>
    /// What each device has, by the reference's text; of VLAN devices, which are recreated, the addresses too.
    /// </summary>
    public static ImmutableDictionary<string, ImmutableArray<IPEntry>> Of(
        BondIntent bond, ImmutableArray<PhysicalFunction> members,
        ImmutableDictionary<PciAddress, ImmutableArray<NetDevice>> vlans, HostState state)
    {
        ImmutableDictionary<string, ImmutableArray<IPEntry>>.Builder routes =
            ImmutableDictionary.CreateBuilder<string, ImmutableArray<IPEntry>>();
        Add(state.FindDevice(bond.Name), new DeviceNamed(bond.Name));
        foreach (PhysicalFunction pf in members)
        {
            Add(pf.Uplink, new UplinkOf(pf.Address));
            foreach (NetDevice vlan in vlans[pf.Address])
            {
                var reference = new DeviceNamed(vlan.Name);
                routes[$"{reference}"] = RouteMoves.AllOf(vlan, reference, state);
            }
        }

        return routes.ToImmutable();

        void Add(NetDevice? device, DeviceReference reference) =>
            routes[$"{reference}"] = RouteMoves.Of(device, reference, state);
    }

    /// <summary>
    /// Moves a VLAN device and records first what it has; <see cref="RouteMoves.Restore"/> restores it.
    /// </summary>
    /// <param name="vlan">The VLAN device.</param>
    /// <param name="from">The device below it.</param>
    /// <param name="to">The device below it after.</param>
    /// <param name="bond">The bond that it is done for.</param>
    /// <param name="why">The reason, in one sentence.</param>
    /// <param name="entries">Its addresses and routes.</param>
    /// <param name="draft">Takes the steps.</param>
    public static void MoveVlan(
        NetDevice vlan, DeviceReference from, DeviceReference to, string bond, string why,
        ImmutableArray<IPEntry> entries, PlanDraft draft)
    {
        var device = new DeviceNamed(vlan.Name);
        RouteMoves.Save(device, device, entries, bond, draft);
        draft.Add(new MoveVlan(vlan.Name, vlan.Vlan!, from, to), why, $"{vlan.Name} is away for a moment");
    }

    /// <summary>Puts back what was lost on the way: the kernel takes some only on a device with carrier.</summary>
    public static void Restore(BondGoal goal, PlanDraft draft)
    {
        UplinkOf[] joined =
            [.. goal.Members.Where(pf => goal.AddsMember(pf.Address)).Select(pf => new UplinkOf(pf.Address))];
        if (goal.State is null || goal.LosesCarrier)
        {
            // With what a run that was cut off had taken from its members.
            RouteMoves.Restore(goal.Reference, goal.Reference, goal.RoutesOf(goal.Reference), goal.Name, draft);
        }

        foreach (UplinkOf member in joined)
        {
            RouteMoves.Restore(member, goal.Reference, goal.RoutesOf(member), goal.Name, draft);
        }

        foreach (NetDevice vlan in joined.SelectMany(member => goal.Vlans[member.Pf]))
        {
            var reference = new DeviceNamed(vlan.Name);
            RouteMoves.Restore(reference, reference, goal.RoutesOf(reference), goal.Name, draft);
        }

        if (goal.HasRouter && (joined.Length > 0 || goal.LosesCarrier))
        {
            RouteMoves.Await(goal.Reference, goal.Reference, goal.Name, draft);
        }
    }
}
