using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Testing;

/// <summary>
/// Bonds of a <see cref="SimulatedHost"/>: the bonding driver's conditions, and those under which mlx5 takes a bond
/// into hardware.
/// </summary>
internal static class SimulatedBonds
{
    /// <summary>What the bonding driver has by itself.</summary>
    private static BondOptions Kernel(BondMode mode) => BondProfileReader.DefaultsOf(mode) with { MiiMonitor = 0 };

    /// <summary>Runs a step; null where it is no step of bonds.</summary>
    public static HostState? Run(HostState state, StepAction action) => action switch
    {
        AddBond step => Add(state, step),
        DeleteBond step => Delete(state, step.Name),
        SetBondOptions step => SetOptions(state, step),
        SetBondPrimary step => Change(state, step.Bond, bond => bond with
        {
            Options = bond.Options with { Primary = step.To is null ? null : DeviceOf(state, step.To).Index },
        }),
        AddBondMember step => AddMember(state, step),
        RemoveBondMember step => RemoveMember(state, step.Bond, DeviceOf(state, step.Device)),
        WaitForVfLag step => Wait(state, step),
        SetMtu step => SetMtu(state, step),
        SetLinkAddress step => Device(state, step.Device, device => device with { Address = step.To }),
        MoveAddresses step => Move(state, step),
        SaveRoutes => state,
        MoveRoutes step => MoveRoutes(state, step),
        WaitForRouter => state,
        AddAddress step => Device(state, step.Device, device =>
        {
            Assert.DoesNotContain(step.Address, device.Addresses);
            return device with { Addresses = [.. device.Addresses, step.Address] };
        }),
        RemoveAddress step => Device(state, step.Device, device => device with
        {
            Addresses = [.. device.Addresses.Where(address => address != step.Address)],
        }),
        MoveVlan step => Device(state, step.Name, device => device with { Lower = DeviceOf(state, step.To).Index }),
        _ => null,
    };

    /// <summary>
    /// What mlx5 makes of the bonds now: active when the members are the ports of one card, all in switchdev mode, the
    /// mode one of three, and no VF bound; once active, VFs may be bound.
    /// </summary>
    public static HostState Judge(HostState state) => state with
    {
        Bonds = state.Bonds.Map<ImmutableArray<BondState>>(bonds => [.. bonds.Select(bond => Judge(state, bond))]),
    };

    private static BondState Judge(HostState state, BondState bond)
    {
        PhysicalFunction[] card = [.. state.KnownFunctions.Where(pf => pf.IsOnSameCard(state.KnownFunctions[0]))];
        bool fits = bond.Members.Length > 0
            && card.Select(pf => (PciAddress?)pf.Address).ToHashSet()
                .SetEquals(bond.Members.Select(member => member.Pf))
            && card.All(pf => pf.Mode == EswitchMode.Switchdev)
            && bond.Mode is BondMode.ActiveBackup or BondMode.BalanceXor or BondMode.Lacp;
        bool unbound = card.All(pf => pf.VirtualFunctions.All(vf => vf.Driver is null));
        VfLag lag = fits && (unbound || bond.VfLag.State == VfLagState.Active)
            ? VfLag.Active("lag/state: active")
            : VfLag.Inactive("mlx5 did not take it", "lag/state: disabled");
        return bond.VfLag == lag ? bond : bond with { VfLag = lag };
    }

    private static HostState Add(HostState state, AddBond step)
    {
        Assert.Null(state.FindDevice(step.Name));
        var device = new NetDevice
        {
            Index = 900 + state.Bonds.Value.Length,
            Name = step.Name,
            Kind = "bond",
            Mtu = 1500,
            HardwareType = 1,
            Address = HardwareAddress.Parse("52:54:00:00:00:01"),
        };
        BondOptions options = BondOptionList.All.Aggregate(
            Kernel(step.Options.Mode!.Value), (to, option) => option.Copy(step.Options, to));
        var bond = new BondState
        {
            Device = device,
            Options = options,
            Members = [],
            VfLag = VfLag.Inactive("the bond has no members", "lag/state: disabled"),
            Lag = NoMember,
            Rules = Reading.Absent<BondRules>("no block"),
        };
        return state with
        {
            Devices = state.Devices.Map<ImmutableArray<NetDevice>>(devices => [.. devices, device]),
            Bonds = state.Bonds.Map<ImmutableArray<BondState>>(bonds => [.. bonds, bond]),
        };
    }

    /// <summary>A bond without members has no first one whose LAG could be read.</summary>
    private static Reading<Mlx5Lag> NoMember => Reading.Absent<Mlx5Lag>("the bond has no members");

    /// <summary>What debugfs shows of a card whose LAG is not active.</summary>
    private static Mlx5Lag SampleLag => new()
    {
        Directory = "/sys/kernel/debug/mlx5/0000:3b:00.0/lag",
        IsActive = false,
        Type = Reading.Absent<string>("no LAG is active"),
        PortSelection = Reading.Absent<string>("no LAG is active"),
        SharedFdb = Reading.Absent<bool>("no LAG is active"),
        FdbSelection = Reading.Absent<string>("no LAG is active"),
        Mapping = Reading.Absent<ImmutableArray<string>>("no LAG is active"),
        Members = Reading.Known<ImmutableArray<PciAddress>>([]),
    };

    private static HostState Delete(HostState state, string name)
    {
        if (state.FindBond(name) is not { } bond)
        {
            return state;
        }

        state = bond.Members.Aggregate(state, (now, member) => RemoveMember(now, name, member.Device));
        return state with
        {
            Devices = state.Devices.Map<ImmutableArray<NetDevice>>(
                all => [.. all.Where(device => device.Name != name)]),
            Bonds = state.Bonds.Map<ImmutableArray<BondState>>(all => [.. all.Where(one => one.Name != name)]),
        };
    }

    private static HostState SetOptions(HostState state, SetBondOptions step)
    {
        BondState bond = state.FindBond(step.Bond)!;
        if (step.IsDone(bond.Options))
        {
            return state;
        }

        BondOption[] changed = [.. BondOptionList.All.Where(option =>
            option.Text(step.To) is { } text && text != option.Text(bond.Options))];
        bool mode = step.To.Mode is { } wanted && wanted != bond.Mode;
        if ((mode || changed.Any(option => option.Change == BondOptionChange.NoMembers)) && !bond.Members.IsEmpty)
        {
            throw SimulatedHost.Refused("unable to set option because the bond device has slaves", 39);
        }

        if ((mode || changed.Any(option => option.Change == BondOptionChange.BondDown)) && bond.Device.Up && !step.Down)
        {
            throw SimulatedHost.Refused("unable to set option because the bond device is up", 16);
        }

        BondOptions start = mode
            ? BondOptionList.Of(step.To.Mode!.Value)
                .Aggregate(Kernel(step.To.Mode.Value), (to, option) => option.Copy(bond.Options, to))
            : bond.Options;
        return Change(state, step.Bond, now => now with
        {
            Options = changed.Aggregate(start, (to, option) => option.Copy(step.To, to)),
        });
    }

    private static HostState AddMember(HostState state, AddBondMember step)
    {
        NetDevice device = DeviceOf(state, step.Device);
        BondState bond = state.FindBond(step.Bond)!;
        if (device.Master == bond.Device.Index)
        {
            return state;
        }

        Assert.Null(device.Master);
        Assert.Empty(device.Addresses);
        Assert.DoesNotContain(state.Devices.Value, other => other.Lower == device.Index);
        if (device.Up)
        {
            throw SimulatedHost.Refused("Device can not be enslaved while up", 1);
        }

        if (bond.Members.IsEmpty)
        {
            state = Device(state, bond.Name, one => one with { Address = device.PermanentAddress ?? device.Address });
        }

        state = Device(
            state, device.Name, one => one with { Master = bond.Device.Index, Up = true, Mtu = bond.Device.Mtu });
        var member = new BondMember
        {
            Device = state.FindDevice(device.Name)!,
            Slave = new BondSlave { State = BondSlaveState.Active, Link = BondSlaveLink.Up },
            Pf = state.KnownFunctions.FirstOrDefault(pf => pf.Uplink?.Name == device.Name)?.Address,
            Churn = Reading.Absent<BondChurn>("simulated"),
            Speed = Reading.Known(100_000),
            Duplex = Reading.Known("full"),
        };
        return Change(state, step.Bond, now => now with
        {
            Members = [.. now.Members.Append(member).OrderBy(one => one.Device.Index)],
            Lag = Reading.Known(SampleLag),
        });
    }

    private static HostState RemoveMember(HostState state, string bond, NetDevice device)
    {
        BondState now = state.FindBond(bond)!;
        if (now.Members.All(member => member.Device.Name != device.Name))
        {
            return state;
        }

        state = Device(state, device.Name, one => one with { Master = null, Up = false });
        state = state with
        {
            Routing = state.Routing.Map(routing => routing with { Links = routing.Links.Remove(device.Index) }),
        };
        state = Change(state, bond, one => one with
        {
            Members = [.. one.Members.Where(member => member.Device.Name != device.Name)],
        });
        if (!state.FindBond(bond)!.Members.IsEmpty)
        {
            return state;
        }

        // __bond_release_one in drivers/net/bonding/bond_main.c gives it a random address.
        state = Change(state, bond, one => one with { Lag = NoMember });
        return Device(state, bond, one => one with { Address = HardwareAddress.Parse("52:54:00:00:00:02") });
    }

    private static HostState Wait(HostState state, WaitForVfLag step)
    {
        VfLag lag = state.FindBond(step.Bond)!.VfLag;
        return lag.State == VfLagState.Active || !step.Required
            ? state
            : throw SimulatedHost.Refused($"VF-LAG of {step.Bond} is required and did not become active: {lag}", 0);
    }

    private static HostState SetMtu(HostState state, SetMtu step)
    {
        string name = SimulatedHost.NameOf(state, step.Device);
        state = Device(state, name, device => device with { Mtu = step.To });
        return (state.FindBond(name)?.Members ?? []).Aggregate(
            state, (now, member) => Device(now, member.Device.Name, device => device with { Mtu = step.To }));
    }

    private static HostState Move(HostState state, MoveAddresses step)
    {
        NetDevice to = DeviceOf(state, step.To);
        Assert.True(to.Up, "a route over a gateway cannot be put on a device that is down");
        state = Device(state, step.From, device => device with
        {
            Addresses = [.. device.Addresses.Where(address => !step.Addresses.Contains(address))],
        });
        return Device(state, step.To, device => device with { Addresses = [.. device.Addresses, .. step.Addresses] });
    }

    private static HostState MoveRoutes(HostState state, MoveRoutes step)
    {
        NetDevice to = DeviceOf(state, step.To);
        Assert.True(to.Up, "a route cannot be put on a device that is down");
        RoutingState routing = state.Routing.Value;
        ImmutableDictionary<int, LinkIPState> links = routing.Links;
        if (state.FindDevice(SimulatedHost.NameOf(state, step.From)) is { } from)
        {
            LinkIPState old = routing.Of(from);
            links = links.SetItem(from.Index, old with { Entries = [.. old.Entries.Except(old.Among(step.Entries))] });
        }

        LinkIPState now = links.GetValueOrDefault(to.Index, LinkIPState.None);
        return state with
        {
            Routing = Reading.Known(routing with
            {
                Links = links.SetItem(to.Index, now with { Entries = [.. now.Entries, .. now.Missing(step.Entries)] }),
            }),
        };
    }

    private static HostState Change(HostState state, string name, Func<BondState, BondState> change) => state with
    {
        Bonds = state.Bonds.Map<ImmutableArray<BondState>>(
            bonds => [.. bonds.Select(bond => bond.Name == name ? change(bond) : bond)]),
    };

    private static NetDevice DeviceOf(HostState state, DeviceReference reference) =>
        state.FindDevice(SimulatedHost.NameOf(state, reference))!;

    private static HostState Device(HostState state, DeviceReference reference, Func<NetDevice, NetDevice> change) =>
        Device(state, SimulatedHost.NameOf(state, reference), change);

    private static HostState Device(HostState state, string name, Func<NetDevice, NetDevice> change) =>
        SimulatedEswitch.Device(state, name, change);
}
