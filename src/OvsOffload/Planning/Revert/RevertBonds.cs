using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>
/// Plans the revert of bonds: those that ovs-offload created go, and what their members carried goes back to them; of
/// others members, MTU and the primary go back.
/// </summary>
internal static class RevertBonds
{
    /// <summary>Adds the steps.</summary>
    public static void Plan(
        HostIntent goal, HostState state, RecordedChanges changes, ImmutableArray<RestoredAddress> returned,
        PlanDraft draft)
    {
        if (!state.Bonds.IsKnown && changes.All.FirstOrDefault(ConcernsBond) is { } unread)
        {
            draft.Object(ObjectionKind.Unreadable, unread.Object.Split(' ')[0],
                $"the bonds of this host could not be read: {state.Bonds.Why}", null);
            return;
        }

        foreach (BondState bond in goal.Bonds.Select(meant => state.FindBond(meant.Name)).OfType<BondState>())
        {
            if (changes.CreatedBond(bond.Name))
            {
                if (CanDelete(bond, goal, state, draft))
                {
                    Dismantle(bond, goal, state, changes, returned, draft);
                }
            }
            else
            {
                Restore(bond, goal, state, changes, draft);
            }
        }
    }

    private static bool ConcernsBond(RecordedChange change) => change.Kind is ChangeKind.Bond or ChangeKind.BondMember
        or ChangeKind.BondOption or ChangeKind.BondPrimary;

    private static bool CanDelete(BondState bond, HostIntent goal, HostState state, PlanDraft draft)
    {
        bool may = true;

        // A bond without members carries nothing that could be cut.
        IEnumerable<string> devices = bond.Members.IsEmpty ? []
            : [bond.Name, .. bond.Members.Select(member => member.Device.Name)];
        foreach (string device in devices)
        {
            if (Protection.Of(device, goal, state) is { } protection)
            {
                No(protection.Kind, protection.Refusal(device, "taking the bond apart"));
                break;
            }
        }

        OvsBridge? bridge = state.OpenVSwitch.Database.ValueOrDefault()?.Bridges
            .FirstOrDefault(row => row.Ports.Any(port => !port.IsManaged && bond.Device.HasName(port.Name)));
        NetDevice? master = state.Devices.ValueOr([])
            .FirstOrDefault(device => device.Index == bond.Device.Master && device.Kind != "openvswitch");
        if (bridge is not null)
        {
            No(ObjectionKind.Refused, $"it is a port of bridge {bridge.Name} that ovs-offload did not add; remove "
                + $"it first (ovs-vsctl del-port {bridge.Name} {bond.Name})");
        }
        else if (!state.OpenVSwitch.Database.IsKnown
            && state.OpenVSwitch.Ports.Has(bond.Device) is { } port && (port.IsFailed || port.Value))
        {
            No(ObjectionKind.Refused, port.IsFailed
                ? port.Why
                : $"it is a port of Open vSwitch, and which bridge is unknown: {state.OpenVSwitch.Database.Why}; "
                    + "start Open vSwitch first");
        }
        else if (master is not null)
        {
            No(ObjectionKind.Refused, $"it belongs to {master.Name} ({master.Kind ?? "a device"}); remove it from that "
                + $"first (ip link set {bond.Name} nomaster)");
        }

        ImmutableArray<NetDevice> vlans = BondPreconditions.Vlans(bond.Device, state.Devices.ValueOr([]));
        foreach (NetDevice upper in state.Devices.ValueOr([])
            .Where(device => device.Lower == bond.Device.Index && !vlans.Contains(device)))
        {
            No(ObjectionKind.Refused, $"{upper.Name} ({upper.Kind ?? "a device"}) is on top of it and would be deleted "
                + $"with it; delete it first (ip link del {upper.Name})");
        }

        if (!bond.Members.IsEmpty)
        {
            foreach (NetDevice device in vlans.Append(bond.Device))
            {
                may &= RouteMoves.CanMove(device, bond.Name, null, state, draft);
            }
        }

        return may;

        void No(ObjectionKind kind, string text)
        {
            draft.Object(kind, bond.Name, text, null);
            may = false;
        }
    }

    private static void Dismantle(
        BondState bond, HostIntent goal, HostState state, RecordedChanges changes,
        ImmutableArray<RestoredAddress> returned, PlanDraft draft)
    {
        var reference = new DeviceNamed(bond.Name);
        ImmutableArray<IPNetworkAddress> addresses =
        [
            .. bond.Device.Addresses,
            .. returned.Where(one => one.To == reference).Select(one => one.Address),
        ];
        ImmutableArray<NetDevice> vlans = BondPreconditions.Vlans(bond.Device, state.Devices.ValueOr([]));

        // The one whose MAC address the bond has leaves last, so that the way back begins with it.
        BondMember[] members = [.. bond.Members.OrderBy(member => AddressOf(member) == bond.Device.Address)];
        var homes = BondRestoreTargets.Of(
            bond, members,
            [
                .. addresses.Select(one => (ChangeKind.Address, $"{one}")),
                .. vlans.Select(one => (ChangeKind.Vlan, one.Name)),
            ],
            goal, state, changes);
        if (homes.First is null && (addresses.Length > 0 || vlans.Length > 0))
        {
            draft.Object(ObjectionKind.Refused, bond.Name,
                $"it has {string.Join(", ", [.. addresses.Select(one => $"{one}"), .. vlans.Select(one => one.Name)])} "
                    + "and no members, and nothing records where that came from; remove it first (ip addr del, ip link "
                    + "del)", null);
            return;
        }

        ImmutableArray<IPEntry> routes =
        [
            .. RouteMoves.Of(bond.Device, reference, state),
            .. draft.All<MoveRoutes>().Where(step => step.To == reference).SelectMany(step => step.Entries),
        ];
        var home = homes.All.ToDictionary(
            to => to, to => RouteMoves.ReturningTo(routes, to, to == homes.First, changes));
        foreach (DeviceReference to in homes.All)
        {
            RouteMoves.Save(reference, to, home[to], bond.Name, draft);
        }

        if (RouteMoves.HasRouter(bond.Device, state))
        {
            draft.Note($"addresses and routes that {bond.Name} has from router advertisements do not move: its members "
                + "get their own when they hear the router (sysctl accept_ra)");
        }

        bool others = members.Any(member => goal.Nics.All(nic => nic.Pf.Value != $"{member.Pf}"));
        foreach (BondMember member in members)
        {
            draft.Add(new RemoveBondMember(bond.Name, DeviceReference.Of(member)),
                others ? "ovs-offload created the bond, which is deleted as a whole" : "ovs-offload created the bond",
                $"{bond.Name} goes away");
        }

        foreach (DeviceReference to in homes.All)
        {
            ImmutableArray<IPNetworkAddress> its =
                [.. addresses.Where(address => homes.Find(ChangeKind.Address, $"{address}") == to)];
            NetDevice[] on = [.. vlans.Where(vlan => homes.Find(ChangeKind.Vlan, vlan.Name) == to)];
            bool carries = its.Length > 0 || on.Length > 0 || home[to].Length > 0;
            if (!homes.IsUp(to) && (carries || changes.Find(ChangeKind.Link, $"{to}")?.Before == "up"))
            {
                draft.Add(new SetLinkUp(to, false, true), carries
                    ? "what it carries answers only while it is up"
                    : "it was up before ovs-offload changed it");
            }

            foreach (NetDevice vlan in on)
            {
                BondRoutes.MoveVlan(
                    vlan, reference, to, bond.Name, Reason(ChangeKind.Vlan, vlan.Name),
                    RouteMoves.AllOf(vlan, new DeviceNamed(vlan.Name), state), draft);
            }

            if (its.Length > 0)
            {
                draft.Add(new MoveAddresses(reference, to, its), Reason(ChangeKind.Address, $"{its[0]}"),
                    $"{string.Join(", ", its)}: no answer from here for a moment");
            }
        }

        foreach (DeviceReference to in homes.All)
        {
            RouteMoves.Restore(reference, to, home[to], bond.Name, draft);
        }

        foreach (NetDevice vlan in vlans)
        {
            var device = new DeviceNamed(vlan.Name);
            RouteMoves.Restore(device, device, RouteMoves.AllOf(vlan, device, state), bond.Name, draft);
        }

        draft.Add(
            new DeleteBond(bond.Name, bond.Options.Mode is null ? null : BondChange.ForCreation(bond.Options))
            {
                Mtu = bond.Device.Mtu,
                Up = bond.Device.Up,
            },
            "ovs-offload created it", $"{bond.Name} goes away");

        string Reason(string kind, string name) => changes.Find(kind, name) is null
            ? "it would be lost with the bond"
            : "it was there before ovs-offload moved it";
    }

    /// <summary>What ovs-offload changed of a bond that it did not create.</summary>
    private static void Restore(
        BondState bond, HostIntent goal, HostState state, RecordedChanges changes, PlanDraft draft)
    {
        var reference = new DeviceNamed(bond.Name);
        BondMember[] joined =
        [
            .. bond.Members.Where(member =>
                changes.Find(ChangeKind.BondMember, $"{bond.Name} {DeviceReference.Of(member)}") is { Before: null }),
        ];
        if (joined.Length > 0 && bond.Members.Select(member => member.Device.Name).Append(bond.Name)
            .Select(device => (Name: device, Why: Protection.Of(device, goal, state)))
            .FirstOrDefault(one => one.Why is not null) is { Why: { } protection } hit)
        {
            draft.Object(
                protection.Kind, bond.Name, protection.Refusal(hit.Name, "changing the members of the bond"), null);
            return;
        }

        foreach (BondMember member in joined)
        {
            draft.Add(new RemoveBondMember(bond.Name, DeviceReference.Of(member)), "ovs-offload added it",
                $"{member.Device.Name} goes down");
            if (changes.Find(ChangeKind.Link, $"{DeviceReference.Of(member)}")?.Before == "up")
            {
                draft.Add(new SetLinkUp(DeviceReference.Of(member), false, true),
                    "it was up before ovs-offload changed it");
            }
        }

        if (changes.Find(ChangeKind.Mtu, bond.Name) is { } mtu
            && $"{bond.Device.Mtu}" == mtu.After && int.TryParse(mtu.Before, out int before))
        {
            draft.Add(new SetMtu(reference, bond.Device.Mtu, before), $"it was {before} before ovs-offload changed it");
        }

        foreach (RecordedChange option in changes.All.Where(change =>
            (change.Kind == ChangeKind.BondOption
                && change.Object.StartsWith($"{bond.Name} ", StringComparison.Ordinal))
            || (change.Kind == ChangeKind.BondPrimary && change.Object == bond.Name)))
        {
            draft.Note($"{(option.Kind == ChangeKind.BondPrimary ? $"{bond.Name} primary" : option.Object)} was "
                + $"{Describe(option.Before)} before ovs-offload set {Describe(option.After)}; left unchanged, because "
                + "restoring it would take down a bond that ovs-offload did not create");
        }

        static string Describe(string? value) => string.IsNullOrEmpty(value) ? "not set" : value;
    }

    private static HardwareAddress? AddressOf(BondMember member) =>
        member.Device.PermanentAddress ?? member.Device.Address;
}
