using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Plans the revert of a PF's settings, its VFs' and its devices', from the record.</summary>
internal static class RevertSettings
{
    /// <summary>Its own settings beside the mode.</summary>
    public static void OfPf(NicGoal wanted, RecordedChanges changes, PlanDraft draft) => PutBack(
        RecordedSettings.OfPf, new RevertedPf(wanted.Pf, wanted.Mode, wanted.ChangesMode), $"{wanted.Pf.Address}",
        changes, draft);

    /// <summary>The udev rules of a PF.</summary>
    public static void OfNames(PhysicalFunction pf, RecordedChanges changes, PlanDraft draft)
    {
        if (changes.Find(SetNameRules.Recorded, $"{pf.Address}") is not null
            && pf.NameRules.TryGet(out string? rules) && rules.Length > 0)
        {
            draft.Add(
                new SetNameRules(pf.Address, rules, ""), "ovs-offload wrote them; devices keep the names they have");
        }
    }

    /// <summary>Drivers and addresses of VFs that ovs-offload did not create, unless they are in use.</summary>
    public static void OfVfs(PhysicalFunction pf, RecordedChanges changes, PlanDraft draft)
    {
        foreach (VirtualFunction vf in pf.VirtualFunctions)
        {
            string name = $"{pf.Address} vf{vf.Index}";
            string? driver = changes.Find(ChangeKind.VfDriver, name)?.Before;
            HardwareAddress? address =
                changes.Find(ChangeKind.VfMac, name)?.Before is { } text ? HardwareAddress.Parse(text) : null;
            bool rebinds = driver is not null && driver != $"{new BoundDriver(vf.Driver, vf.DriverOverride)}";
            bool redress = address is not null && vf.Settings.IsKnown && vf.Mac != address;
            if (!rebinds && !redress)
            {
                continue;
            }

            if (vf.IsHeld)
            {
                draft.Note($"{name} {VfUsage.HolderText(vf)}: its driver and address are left unchanged");
                continue;
            }

            BoundDriver after = rebinds ? BoundDriver.Parse(driver!) : new BoundDriver(vf.Driver, vf.DriverOverride);
            VfPlanner.Change(
                pf.Address, vf, after, rebinds ? Why(after.Driver ?? "none") : null, redress ? address : null,
                Why($"{address}"), draft);
        }
    }

    /// <summary>hw-tc-offload, MTU and the state of the uplink and of representors that stay.</summary>
    public static void OfDevices(
        PhysicalFunction pf, HostIntent goal, HostState state, RecordedChanges changes,
        ImmutableArray<RestoredAddress> returned, PlanDraft draft)
    {
        IEnumerable<(DeviceReference Reference, NetDevice? Device)> devices =
        [
            (new UplinkOf(pf.Address), pf.Uplink),
            .. pf.VirtualFunctions.Select(vf => ((DeviceReference)new RepresentorOf(pf.Address, vf.Index),
                pf.RepresentorOf(vf.Index)?.Device)),
        ];
        foreach ((DeviceReference? reference, NetDevice? device) in devices)
        {
            if (device is null)
            {
                continue;
            }

            PutBack(
                RecordedSettings.OfDevice, new RevertedDevice(reference, device), $"{reference}", changes, draft);
            PutBackMtu(pf, reference, device, goal, state, changes, draft);
            if (changes.Find(ChangeKind.Link, $"{reference}") is { } link
                && (device.Up ? "up" : "down") == link.After
                && CanChange(reference, device, goal, state, returned, draft))
            {
                draft.Add(new SetLinkUp(reference, device.Up, link.Before == "up"), Why(link.Before));
            }
        }
    }

    private static void PutBack<TThing>(
        ImmutableArray<RecordedSetting<TThing>> settings, TThing thing, string name, RecordedChanges changes,
        PlanDraft draft)
    {
        foreach (RecordedSetting<TThing> setting in settings)
        {
            if (changes.Find(setting.Recorded, name) is { } entry && setting.PutBack(thing, entry) is { } step
                && !draft.Has(step))
            {
                draft.Add(step, Why(entry.Before));
            }
        }
    }

    /// <summary>
    /// The MTU. A member of a bond shows the bond's; what was set of it is there again when it has left, which comes
    /// before (slave->original_mtu in drivers/net/bonding/bond_main.c).
    /// </summary>
    private static void PutBackMtu(
        PhysicalFunction pf, DeviceReference reference, NetDevice device, HostIntent goal, HostState state,
        RecordedChanges changes, PlanDraft draft)
    {
        if (changes.Find(ChangeKind.Mtu, $"{reference}") is not { } mtu
            || !int.TryParse(mtu.Before, out int before) || !int.TryParse(mtu.After, out int after))
        {
            return;
        }

        BondState? bond = state.Bonds.ValueOr([]).FirstOrDefault(one => one.Device.Index == device.Master);
        if (bond is null ? device.Mtu != after : !Leaves(bond, reference, changes))
        {
            if (bond is not null)
            {
                draft.Note($"the MTU of {device.Name} was {before} before ovs-offload changed it; left unchanged, "
                    + $"because it is a member of {bond.Name}");
            }

            return;
        }

        if (reference is UplinkOf && Protection.Of(device.Name, goal, state) is { } protection)
        {
            draft.Object(
                protection.Kind, $"{pf.Address}", protection.Refusal(device.Name, "changing its MTU"), null);
        }

        draft.Add(
            new SetMtu(reference, after, before), Why(mtu.Before), reference is UplinkOf ? NicPlanner.Flap(pf) : []);
    }

    /// <summary>Whether a revert takes a member out of its bond.</summary>
    private static bool Leaves(BondState bond, DeviceReference member, RecordedChanges changes) =>
        changes.CreatedBond(bond.Name)
        || changes.Find(ChangeKind.BondMember, $"{bond.Name} {member}") is { Before: null };

    /// <summary>Whether a device may be set up, or down: that must not take anybody's way.</summary>
    private static bool CanChange(
        DeviceReference reference, NetDevice device, HostIntent goal, HostState state,
        ImmutableArray<RestoredAddress> returned, PlanDraft draft)
    {
        // Where the bonds were not read, whatever it belongs to may be one.
        bool member = device.Master is { } master
            && state.Bonds.Match(all => all.Any(bond => bond.Device.Index == master), _ => false, _ => true);
        if (!device.Up || member)
        {
            // A member's state is the bond's to decide, and when the bond goes, RevertBonds'.
            return !member;
        }

        string? why = !device.Addresses.IsEmpty || returned.Any(address => address.To == reference)
            ? "it has addresses"
            : Protection.Of(device.Name, goal, state)?.Why
                ?? (state.Devices.ValueOr([]).FirstOrDefault(other => other.Lower == device.Index) is { } upper
                    ? $"{upper.Name} is on top of it"
                    : null);
        if (why is not null)
        {
            draft.Note($"{device.Name} was down before ovs-offload set it up; left up, because {why}");
        }

        return why is null;
    }

    private static string Why(string? before) => $"it was {before ?? "not set"} before ovs-offload changed it";
}
