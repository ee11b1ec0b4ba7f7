using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Testing;

/// <summary>VFs of a <see cref="SimulatedHost"/>.</summary>
internal static class SimulatedVfs
{
    /// <summary>Changes one PF.</summary>
    public static HostState Change(
        HostState state, PciAddress address, Func<PhysicalFunction, PhysicalFunction> change)
    {
        PhysicalFunction pf = state.Find(address) ?? throw SimulatedHost.Refused($"no PF {address}", 19);
        PhysicalFunction changed = change(pf);
        return ReferenceEquals(pf, changed)
            ? state
            : state with { PhysicalFunctions = Reading.Known(state.KnownFunctions.Replace(pf, changed)) };
    }

    /// <summary>Changes one VF.</summary>
    public static HostState Change(
        HostState state, PciAddress pf, int vf, Func<VirtualFunction, VirtualFunction> change) =>
        Change(state, pf, function =>
        {
            VirtualFunction found = function.VirtualFunctions.FirstOrDefault(one => one.Index == vf)
                ?? throw SimulatedHost.Refused($"no VF {vf}", 19);
            VirtualFunction changed = change(found);
            return ReferenceEquals(found, changed)
                ? function
                : function with { VirtualFunctions = function.VirtualFunctions.Replace(found, changed) };
        });

    /// <summary>Makes or takes VFs: only from 0 and to 0, never one that is held.</summary>
    public static HostState SetCount(HostState state, SetVfCount step)
    {
        PhysicalFunction pf = state.Find(step.Pf)!;
        int now = pf.VfCount.Value;
        if (now == step.To)
        {
            return state;
        }

        if (now > 0 && step.To > 0)
        {
            throw SimulatedHost.Refused($"{now} VFs already enabled. Disable before enabling {step.To} VFs", 16);
        }

        if (step.To > 0 && pf.Model.NeedsPfUpForVfs && pf.Uplink is { Up: false })
        {
            throw SimulatedHost.Refused("Reject SRIOV config request since if is down!", 22);
        }

        Assert.DoesNotContain(pf.VirtualFunctions, vf => vf.IsHeld);
        state = Change(state, step.Pf, function => function with
        {
            VfCount = Reading.Known(step.To),
            VirtualFunctions = [.. Enumerable.Range(0, step.To).Select(index => Make(function, index))],
        });
        return SimulatedEswitch.Representors(state, step.Pf);
    }

    /// <summary>Sets an address. A bound driver would not take it.</summary>
    public static HostState SetMac(HostState state, SetVfMac step) => Change(state, step.Pf, step.Vf, vf =>
    {
        Assert.Null(vf.Driver);
        Assert.False(vf.IsHeld);
        return vf with
        {
            Settings = Reading.Known(vf.Settings.ValueOr(new LinkVf { Index = vf.Index }) with { Address = step.To }),
        };
    });

    /// <summary>Binds or unbinds.</summary>
    public static HostState SetDriver(HostState state, SetVfDriver step) => Change(state, step.Pf, step.Vf, vf =>
    {
        Assert.False(vf.IsHeld);
        if (step.To == SetVfDriver.Default && !state.Find(step.Pf)!.DriversAutoprobe.Value)
        {
            // pci_device_can_probe in drivers/pci/pci-driver.c
            throw SimulatedHost.Refused($"no driver took vf{step.Vf}: sriov_drivers_autoprobe is 0", 19);
        }

        string? driver = step.To == SetVfDriver.Default ? state.Find(step.Pf)!.Model.VfDriver : step.To;
        return (vf.Driver, vf.DriverOverride) == (driver, step.OverrideTo) ? vf : vf with
        {
            Driver = driver,
            DriverOverride = step.OverrideTo,
            Devices = DevicesOf(driver, vf.Index),
        };
    });

    private static VirtualFunction Make(PhysicalFunction pf, int index)
    {
        string? driver = pf.DriversAutoprobe.Value ? pf.Model.VfDriver : null;
        return new VirtualFunction
        {
            Index = index,
            Address = new PciAddress(0, pf.Address.Bus, (byte)((index + 2) / 8), (byte)((index + 2) % 8)),
            Driver = driver,
            Devices = DevicesOf(driver, index),
            Settings = Reading.Known(new LinkVf { Index = index }),
            Holder = Reading.Absent<Holder>("not in use"),
        };
    }

    private static ImmutableArray<string> DevicesOf(string? driver, int index) =>
        driver is null or "vfio-pci" ? [] : [$"enp59s0f0v{index}"];
}
