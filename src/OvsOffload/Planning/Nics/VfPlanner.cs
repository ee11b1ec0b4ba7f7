using System.Buffers.Binary;
using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// Plans MAC addresses and drivers of VFs: of new ones before they are handed out, of old ones that are not in use.
/// </summary>
internal static class VfPlanner
{
    /// <summary>
    /// Gives VFs that are about to be made their addresses, and those that were there before what else their PF was
    /// told of them, while no driver has them.
    /// </summary>
    public static void ConfigureNew(NicGoal goal, PlanDraft draft)
    {
        for (int vf = 0; vf < goal.Vfs; vf++)
        {
            HardwareAddress? before = RemovedVf(goal, vf)?.Mac;
            HardwareAddress? address = ConfiguredAddress(goal, vf, anew: true) ?? before;
            if (RemovedVf(goal, vf)?.Settings.ValueOrDefault() is { } former
                && SettingsToRestore(former, goal) is { } settings)
            {
                draft.Add(
                    new RestoreVfSettings(goal.Pf.Address, vf, settings with { Address = address ?? default }),
                    "the previous settings of the VF" + (address == before ? "" : $"; {AddressReason(goal, before)}"));
            }
            else if (address is { } alone)
            {
                draft.Add(new SetVfMac(goal.Pf.Address, vf, null, alone), AddressReason(goal, before));
            }
        }
    }

    /// <summary>What VFs that are made again will not have any more, for people.</summary>
    public static IEnumerable<string> Losses(NicGoal goal)
    {
        foreach (VirtualFunction vf in goal.Pf.VirtualFunctions.Where(vf => vf.Index < goal.Vfs))
        {
            if (vf.Settings.IsFailed)
            {
                yield return $"vf{vf.Index} loses its MAC address, VLAN and limits, which could not be read: "
                    + vf.Settings.Why;
            }
            else if (goal.Mode == EswitchMode.Switchdev && vf.Settings.ValueOrDefault() is { } settings)
            {
                string[] lost =
                [
                    .. settings.Vlan == 0 ? [] : (string[])[$"VLAN {settings.Vlan}"],
                    .. settings.IsSpoofChecked == true ? (string[])["spoof check"] : [],
                    .. settings.IsTrusted == true ? (string[])["trust"] : [],
                ];
                if (lost.Length > 0)
                {
                    yield return $"vf{vf.Index} loses {string.Join(", ", lost)}: in switchdev mode, set that on its "
                        + "representor's port in Open vSwitch";
                }
            }
        }
    }

    /// <summary>Binds VFs that are about to be made.</summary>
    public static void BindNew(NicGoal goal, PlanDraft draft)
    {
        foreach (VfBinding binding in BindingsOfNew(goal))
        {
            draft.Add(
                new SetVfDriver(goal.Pf.Address, binding.Vf, null, binding.Driver, null, binding.Override),
                $"vf-driver: {goal.Nic.VfDriver}");
        }
    }

    /// <summary>The drivers of VFs that are about to be made.</summary>
    public static ImmutableArray<VfBinding> BindingsOfNew(NicGoal goal)
    {
        ImmutableArray<VfBinding>.Builder bindings = ImmutableArray.CreateBuilder<VfBinding>();
        bool autoprobe = goal.Pf.DriversAutoprobe.ValueOr(false);
        for (int vf = 0; vf < goal.Vfs; vf++)
        {
            VirtualFunction? former = RemovedVf(goal, vf);
            (string? driver, string? forced) = goal.Nic.VfDriver.Kind switch
            {
                VfDriverKind.None => new BoundDriver(null, null),
                VfDriverKind.Named => new BoundDriver(goal.Nic.VfDriver.Name, goal.Nic.VfDriver.Name),
                VfDriverKind.Kernel => Kernel(goal),
                _ when former?.DriverOverride is { } kept => new BoundDriver(kept, kept),
                _ when former is not null => new BoundDriver(former.Driver, null),
                _ => new BoundDriver(autoprobe ? SetVfDriver.Default : null, null),
            };
            if (driver is not null)
            {
                bindings.Add(new VfBinding(vf, driver, forced));
            }
        }

        return bindings.ToImmutable();
    }

    /// <summary>Corrects addresses and drivers of VFs that stay; those in use are left alone.</summary>
    public static void Correct(NicGoal goal, PlanDraft draft)
    {
        if (goal.ChangesVfs || goal.VfsNow == 0 || LostAtModeChange(goal, draft))
        {
            return;
        }

        foreach (VirtualFunction vf in goal.Pf.VirtualFunctions.Where(vf => !vf.IsHeld))
        {
            BoundDriver driver = goal.Nic.VfDriver.Kind switch
            {
                VfDriverKind.None => new BoundDriver(null, null),
                VfDriverKind.Named => new BoundDriver(goal.Nic.VfDriver.Name, goal.Nic.VfDriver.Name),
                VfDriverKind.Kernel => Kernel(goal),
                _ => InterruptedChanges.BindingOf(goal, vf) ?? new BoundDriver(vf.Driver, vf.DriverOverride),
            };
            bool rebinds = driver.Driver == SetVfDriver.Default
                ? vf.Driver is null or DriverNames.VfioPci
                : vf.Driver != driver.Driver;
            HardwareAddress? wanted = ConfiguredAddress(goal, vf.Index, anew: false)
                ?? InterruptedChanges.AddressOf(goal, vf);
            bool redress = vf.Settings.IsKnown && wanted is not null && wanted != vf.Mac;
            if (rebinds || redress)
            {
                Change(
                    goal.Pf.Address, vf, driver, rebinds ? $"vf-driver: {goal.Nic.VfDriver}" : null,
                    redress ? wanted : null, AddressReason(goal, vf.Mac ?? wanted), draft);
            }
        }
    }

    /// <summary>Adds the steps that give a VF another driver or address; it has no driver meanwhile.</summary>
    /// <param name="pf">The PF.</param>
    /// <param name="vf">The VF.</param>
    /// <param name="driver">What it has after.</param>
    /// <param name="whyDriver">Why it gets that driver; null where it has it already.</param>
    /// <param name="address">Its new address; null where it keeps its own.</param>
    /// <param name="whyAddress">Why it gets the address.</param>
    /// <param name="draft">Takes the steps.</param>
    public static void Change(
        PciAddress pf, VirtualFunction vf, BoundDriver driver, string? whyDriver, HardwareAddress? address,
        string whyAddress, PlanDraft draft)
    {
        bool bound = vf.Driver is not null;
        if (bound)
        {
            draft.Add(
                new SetVfDriver(pf, vf.Index, vf.Driver, null, vf.DriverOverride, driver.Override)
                {
                    Later = driver.Driver is null ? null : new VfBinding(vf.Index, driver.Driver, driver.Override),
                },
                whyDriver ?? "a driver reads the address only when it binds",
                vf.Devices.Select(device => $"{device} goes away"));
        }

        if (address is { } mac)
        {
            draft.Add(new SetVfMac(pf, vf.Index, vf.Mac, mac), whyAddress);
        }

        if (driver.Driver is { } name)
        {
            draft.Add(
                new SetVfDriver(
                    pf, vf.Index, null, name, bound ? driver.Override : vf.DriverOverride, driver.Override),
                whyDriver ?? "the previous driver of the VF");
        }
    }

    private static bool LostAtModeChange(NicGoal goal, PlanDraft draft) =>
        goal.ChangesMode && draft.RemovesVfs(goal.Pf.Address);

    private static BoundDriver Kernel(NicGoal goal) =>
        goal.Pf.Model.VfDriver is { } driver
            ? new BoundDriver(driver, null)
            : new BoundDriver(SetVfDriver.Default, null);

    /// <summary>
    /// What a VF that is made again gets of its settings apart from the address; null when that is nothing. In
    /// switchdev mode drivers refuse VLAN, spoof check and trust (mlx5 esw/legacy.c; ice_sriov.c), which are then for
    /// the switch.
    /// </summary>
    private static LinkVf? SettingsToRestore(LinkVf former, NicGoal goal)
    {
        LinkVf kept = goal.Mode == EswitchMode.Switchdev
            ? former with { Vlan = 0, VlanPriority = 0, IsSpoofChecked = null, IsTrusted = null }
            : former;
        bool any = kept is not
        {
            Vlan: 0,
            MinimumRate: 0,
            MaximumRate: 0,
            IsSpoofChecked: null,
            IsTrusted: null or false,
            LinkState: null or VfLinkState.Auto,
        };
        return any ? kept : null;
    }

    private static VirtualFunction? RemovedVf(NicGoal goal, int vf) =>
        goal.Former.FirstOrDefault(former => former.Index == vf);

    private static string AddressReason(NicGoal goal, HardwareAddress? before) => goal.Nic.VfMacs switch
    {
        VfMacSource.Stable => "vf-macs: stable, the same address after every boot",
        VfMacSource.Random => "vf-macs: random",
        VfMacSource.List => "vf-macs: the list in the configuration",
        _ => $"the VF had {before?.ToString() ?? "it"} before",
    };

    /// <summary>The address that the configuration asks for; null where it leaves the address alone.</summary>
    private static HardwareAddress? ConfiguredAddress(NicGoal goal, int vf, bool anew)
    {
        HardwareAddress? own = goal.Pf.Uplink?.PermanentAddress ?? goal.Pf.Uplink?.Address;
        switch (goal.Nic.VfMacs)
        {
            case VfMacSource.List:
                return vf < goal.Nic.VfMacList.Count
                    ? new HardwareAddress(goal.Nic.VfMacList[vf].GetAddressBytes())
                    : null;
            case VfMacSource.Stable when own is { } address:
                return StableMac.Of(address, vf);
            case VfMacSource.Random:
                return (anew ? null : RemovedVf(goal, vf)?.Mac) ?? Random();
            default:
                return null;
        }

        // The planner is pure: the moment of the reading, not a generator, makes the address new.
        HardwareAddress Random()
        {
            Span<byte> moment = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(moment, goal.Moment.Ticks);
            return StableMac.Of(moment, (goal.Pf.Address.GetHashCode() << 8) ^ vf);
        }
    }
}
