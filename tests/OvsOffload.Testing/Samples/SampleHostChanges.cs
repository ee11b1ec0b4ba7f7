using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Testing;

/// <summary>
/// Changes one thing of a <see cref="HostState"/>, everywhere it stands, and leaves the rest as it was.
/// </summary>
internal static class SampleHostChanges
{
    /// <summary>Changes the only PF, or the one at an index.</summary>
    public static HostState WithPf(
        this HostState host, Func<PhysicalFunction, PhysicalFunction> change, int index = 0) =>
        host with { PhysicalFunctions = host.PhysicalFunctions.Map(all => all.SetItem(index, change(all[index]))) };

    /// <summary>Lets the PFs of the host be unreadable.</summary>
    public static HostState WithUnreadFunctions(this HostState host, string why) =>
        host with { PhysicalFunctions = Reading.Failed<ImmutableArray<PhysicalFunction>>(why) };

    /// <summary>Changes one VF.</summary>
    public static HostState WithVf(this HostState host, int vf, Func<VirtualFunction, VirtualFunction> change) =>
        host.WithPf(pf => pf with
        {
            VirtualFunctions = pf.VirtualFunctions.SetItem(vf, change(pf.VirtualFunctions[vf])),
        });

    /// <summary>Lets somebody hold a VF.</summary>
    public static HostState WithHolder(this HostState host, int vf, HolderKind kind, string description) =>
        host.WithVf(vf, function => function with { Holder = Reading.Known(new Holder(kind, description)) });

    /// <summary>Changes a device by its name, in the list of devices and wherever a PF refers to it.</summary>
    public static HostState WithDevice(this HostState host, string name, Func<NetDevice, NetDevice> change)
    {
        Func<NetDevice, NetDevice> one = device => device.Name == name ? change(device) : device;
        return host with
        {
            Devices = host.Devices.Map<ImmutableArray<NetDevice>>(devices => [.. devices.Select(one)]),
            Bonds = host.Bonds.Map<ImmutableArray<BondState>>(bonds =>
            [
                .. bonds.Select(bond => bond with
                {
                    Device = one(bond.Device),
                    Members = [.. bond.Members.Select(member => member with { Device = one(member.Device) })],
                }),
            ]),
            PhysicalFunctions = host.PhysicalFunctions.Map<ImmutableArray<PhysicalFunction>>(all =>
            [
                .. all.Select(pf => pf with
                {
                    Uplink = pf.Uplink is null ? null : one(pf.Uplink),
                    Representors = pf.Representors.Map<ImmutableArray<Representor>>(ports =>
                    [
                        .. ports.Select(port => port with { Device = port.Device is null ? null : one(port.Device) }),
                    ]),
                }),
            ]),
        };
    }

    /// <summary>Changes the representor's device of a VF.</summary>
    public static HostState WithRepresentor(this HostState host, int vf, Func<NetDevice, NetDevice> change) =>
        host.WithDevice(SampleHost.RepresentorName(vf), change);

    /// <summary>Takes the representor of a VF away, its device included.</summary>
    public static HostState WithoutRepresentor(this HostState host, int vf) => host
        .WithPf(pf => pf with
        {
            Representors = pf.Representors.Map<ImmutableArray<Representor>>(
                all => [.. all.Where(port => port.VfIndex != vf)]),
        })
        .WithDevices(devices => [.. devices.Where(device => device.Name != SampleHost.RepresentorName(vf))]);

    /// <summary>Changes the list of devices alone.</summary>
    public static HostState WithDevices(
        this HostState host, Func<ImmutableArray<NetDevice>, ImmutableArray<NetDevice>> change) =>
        host with { Devices = host.Devices.Map(change) };

    /// <summary>Adds a second PF of the same card, made from the first one: the other port, without VFs.</summary>
    public static HostState WithSecondPort(this HostState host, Func<PhysicalFunction, PhysicalFunction>? change = null)
    {
        PhysicalFunction first = host.KnownFunctions[0];
        NetDevice? uplink = first.Uplink is null
            ? null
            : first.Uplink with
            {
                Index = 3,
                Name = "enp59s0f1np1",
                PhysPortName = "p1",
                ParentDevice = "0000:3b:00.1",
            };
        PhysicalFunction second = first with
        {
            Address = PciAddress.Parse("0000:3b:00.1"),
            Uplink = uplink,
            PfNumber = 1,
            VfCount = Reading.Known(0),
            VirtualFunctions = [],
            Representors = Reading.Known(ImmutableArray<Representor>.Empty),
        };
        second = change?.Invoke(second) ?? second;
        PlatformState platform = host.Platform with
        {
            Functions = host.Platform.Functions.SetItem(second.Address, host.Platform.Functions[first.Address]),
        };
        return (host with
        {
            PhysicalFunctions = host.PhysicalFunctions.Map(all => all.Add(second)),
            Platform = platform,
        })
            .WithDevices(devices => second.Uplink is null ? devices : [.. devices, second.Uplink]);
    }

    /// <summary>Changes Open vSwitch.</summary>
    public static HostState WithSwitch(this HostState host, Func<OpenVSwitchState, OpenVSwitchState> change) =>
        host with { OpenVSwitch = change(host.OpenVSwitch) };

    /// <summary>Changes Open vSwitch's database; the agents are found anew.</summary>
    public static HostState WithDatabase(this HostState host, Func<OpenVSwitchDatabase, OpenVSwitchDatabase> change) =>
        host.WithSwitch(state =>
        {
            Reading<OpenVSwitchDatabase> database = state.Database.Map(change);
            return state with { Database = database, Agents = database.IsKnown ? Agents.Of(database.Value) : [] };
        });

    /// <summary>Sets a key of <c>other_config</c>; null removes it.</summary>
    public static HostState WithOption(this HostState host, string key, string? value) => host.WithDatabase(database =>
    {
        var options = new Dictionary<string, string>(database.OtherConfig);
        options.Remove(key);
        if (value is not null)
        {
            options.Add(key, value);
        }

        return database with { OtherConfig = options };
    });

    /// <summary>Replaces the bridges.</summary>
    public static HostState WithBridges(this HostState host, params OvsBridge[] bridges) =>
        host.WithDatabase(database => database with { Bridges = bridges });

    /// <summary>Changes the only interface of a port.</summary>
    public static HostState WithInterface(this HostState host, string name, Func<OvsInterface, OvsInterface> change) =>
        host.WithDatabase(database => database with
        {
            Bridges =
            [
                .. database.Bridges.Select(bridge => bridge with
                {
                    Ports =
                    [
                        .. bridge.Ports.Select(port => port.Name == name
                            ? port with { Interfaces = [.. port.Interfaces.Select(change)] }
                            : port),
                    ],
                }),
            ],
        });

    /// <summary>Changes the kernel.</summary>
    public static HostState WithKernel(this HostState host, Func<KernelState, KernelState> change) =>
        host with { Kernel = change(host.Kernel) };

    /// <summary>Changes the facts of the kernel's build and boot.</summary>
    public static HostState WithKernelFacts(this HostState host, Func<KernelFacts, KernelFacts> change) =>
        host.WithKernel(kernel => kernel with { Facts = change(kernel.Facts) });

    /// <summary>Sets how long the kernel runs.</summary>
    public static HostState WithUptime(this HostState host, TimeSpan uptime) =>
        host.WithKernelFacts(facts => facts with { Uptime = Reading.Known(uptime) });

    /// <summary>Adds loaded modules.</summary>
    public static HostState WithModules(this HostState host, params string[] names) =>
        host.WithKernelFacts(facts => facts with
        {
            Modules = facts.Modules.Map<IReadOnlySet<string>>(loaded => loaded.Union(names).ToHashSet()),
        });

    /// <summary>Changes what stands around NICs and Open vSwitch.</summary>
    public static HostState WithPlatform(this HostState host, Func<PlatformState, PlatformState> change) =>
        host with { Platform = change(host.Platform) };

    /// <summary>Changes what stands around the first PF.</summary>
    public static HostState WithAround(this HostState host, Func<FunctionPlatform, FunctionPlatform> change) =>
        host.WithPlatform(platform => platform with
        {
            Functions = platform.Functions.SetItem(
                host.KnownFunctions[0].Address, change(platform.Functions[host.KnownFunctions[0].Address])),
        });

    /// <summary>Sets the kernel's log.</summary>
    public static HostState WithKernelLog(this HostState host, params string[] lines) => host.WithKernel(kernel =>
        kernel with
        {
            Log = Reading.Known<IReadOnlyList<KernelLogRecord>>([.. lines.Select(line => SampleHost.Logged(line))]),
        });
}
