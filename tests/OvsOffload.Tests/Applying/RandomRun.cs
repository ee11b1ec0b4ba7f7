using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using CsCheck;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

/// <summary>A host, what is wanted of it, and what goes wrong on the way.</summary>
/// <param name="Words">The choices, for people.</param>
/// <param name="Start">The host before.</param>
/// <param name="Intent">The configuration.</param>
/// <param name="Fault">Which of the steps fails, as a part of all; null for none.</param>
/// <param name="FaultChanged">Whether the step that fails has done its work before.</param>
/// <param name="Crash">Where the run is killed, as a part of its moments.</param>
internal sealed record RandomRun(
    string Words, HostState Start, HostIntent Intent, double? Fault, bool FaultChanged, double Crash)
{
    private static readonly IPNetworkAddress Address = new(IPAddress.Parse("192.0.2.7"), 24);

    private static readonly IPNetworkAddress Second = new(IPAddress.Parse("2001:db8::7"), 64);

    private static readonly IPEntry Route = IPEntryText.Parse(
        "route 02180000fe03000100000000 15=fe000000 1=203.0.113.0 6=4d000000 5=192.0.2.1 4=00000000")!;

    private static readonly IPEntry Nexthop =
        IPEntryText.Parse("nexthop 0200000000000000 1=0a000000 5=00000000 6=192.0.2.1")!;

    private static readonly ImmutableArray<(string, Func<HostState>)> Hosts =
    [
        ("fresh ConnectX-6 Dx", () => BondSample.Fresh()),
        ("fresh ConnectX-5", () => BondSample.Fresh("15b3:1017")),
        ("fresh ConnectX-4 Lx", () => BondSample.Fresh("15b3:1015")),
        ("legacy, 2 VFs", () => SampleHost.Legacy().WithSecondPort()),
        ("legacy ConnectX-4 Lx, 3 VFs", () => SampleHost.Legacy("15b3:1015", 3).WithSecondPort()),
        ("switchdev, 2 VFs", () => BondSample.Switchdev()),
        ("switchdev, no VFs", () => BondSample.Switchdev(0)),
        ("bonded, lacp", () => BondSample.Bonded()),
        ("bonded, active-backup", () => BondSample.Bonded("active-backup")),
    ];

    private static readonly ImmutableArray<(string, Func<HostState, HostState>)> Odds =
    [
        ("plain", host => host),
        ("no bridge", host => host.WithBridges()),
        ("address", host => On(host, Address)),
        ("addresses and a VLAN", host => host.Bonds.ValueOr([]).IsEmpty ? RevertSample.Carrying(host) : host),
        ("address and routes", host => Routed(On(host, Address, Second))),
        ("uplink down", host => host.WithDevice(
            BondSample.SecondUplink, device => device.Master is null ? device with { Up = false } : device)),
        ("MTU 9000", host => host
            .WithDevice(SampleHost.Uplink, device => device with { Mtu = 9000 })
            .WithDevice(BondSample.SecondUplink, device => device with { Mtu = 9000 })),
        ("autoprobe off", host => host.WithPf(pf => pf with { DriversAutoprobe = Reading.Known(false) })),
        ("held VF", host => host.KnownFunctions[0].VirtualFunctions.IsEmpty
            ? host
            : host.WithHolder(0, HolderKind.Vfio, "process 77 (qemu)")),
        ("VFs of vfio", host => host.KnownFunctions[0].VirtualFunctions.Aggregate(
            host, (now, one) => now.WithVf(one.Index, vf => vf with
            {
                Driver = "vfio-pci", DriverOverride = "vfio-pci", Devices = [],
            }))),
    ];

    private static readonly ImmutableArray<(string, VfMacSource, PhysicalAddress[])> Macs =
    [
        ("keep", VfMacSource.Keep, []),
        ("stable", VfMacSource.Stable, []),
    ];

    private static readonly ImmutableArray<string> Drivers = ["auto", "kernel", "none", "vfio-pci"];

    private static readonly Gen<NicIntent> FirstNic =
        from mode in Gen.OneOf<NicMode?>(NicMode.Switchdev, NicMode.Switchdev, NicMode.Legacy, null)
        from vfs in Gen.OneOf<int?>(null, 0, 1, 2, 5)
        from macs in Gen.OneOf([.. Macs])
        from driver in Gen.OneOf([.. Drivers])
        from steering in Gen.OneOf(SteeringChoice.Keep, SteeringChoice.Smfs, SteeringChoice.Dmfs)
        from encap in Gen.OneOf(EncapChoice.Keep, EncapChoice.None, EncapChoice.Basic)
        from mtu in Gen.OneOf<int?>(null, null, 1400, 9000)
        select BondSample.Nic(BondSample.First, vfs) with
        {
            Mode = mode,
            VfMacs = macs.Item2,
            VfDriver = driver switch
            {
                "auto" => VfDriver.Auto,
                "kernel" => VfDriver.Kernel,
                "none" => VfDriver.None,
                _ => VfDriver.Named(driver),
            },
            Steering = steering,
            Encap = encap,
            Mtu = mtu,
        };

    private static readonly Gen<HostIntent> Intents =
        from first in FirstNic
        from second in Gen.OneOf<int?>(null, 0, 1)
        from bond in Gen.OneOf("", "", "lacp", "active-backup", "balance-xor")
        from bridge in Gen.OneOf("", SampleHost.Bridge, RevertSample.Bridge)
        from representors in Gen.Bool
        from address in Gen.Bool
        from offload in Gen.OneOf<bool?>(null, true, false)
        select new HostIntent
        {
            Nics = bond.Length > 0
                ?
                [
                    first with { Mode = NicMode.Switchdev, Mtu = null },
                    BondSample.Nic(BondSample.Second, second),
                ]
                : second is null ? [first] : [first, BondSample.Nic(BondSample.Second, second)],
            Bonds = bond.Length > 0
                ? [BondSample.Bond(bond, VfLagRequirement.Preferred, BondSample.First, BondSample.Second)]
                : [],
            Bridges = bridge.Length > 0
                ?
                [
                    new BridgeIntent
                    {
                        Name = bridge,
                        Uplink = bond.Length > 0
                            ? new BridgeUplink("bond0", null)
                            : new BridgeUplink(null, SampleIntent.Reference(BondSample.First)),
                        Representors = representors ? RepresentorPorts.All : RepresentorPorts.None,
                        Addresses = address ? [new InterfaceAddress(Address.Address, Address.PrefixLength)] : [],
                    },
                ]
                : [],
            OpenVSwitch = new OpenVSwitchIntent { HwOffload = offload, Restart = RestartPolicy.Auto },
        };

    /// <summary>All of them.</summary>
    public static Gen<RandomRun> All { get; } =
        from host in Gen.OneOf([.. Hosts])
        from odd in Gen.OneOf([.. Odds])
        from intent in Intents
        from fails in Gen.Bool
        from fault in Gen.Double[0, 1]
        from changed in Gen.Bool
        from crash in Gen.Double[0, 1]
        select new RandomRun(
            $"{host.Item1}, {odd.Item1}", Whole(odd.Item2(host.Item2())), intent, fails ? fault : null, changed, crash);

    /// <summary>With the internal device of each bridge, and nothing of it made by this program.</summary>
    private static HostState Whole(HostState host) => Foreign(host).OpenVSwitch.Database.Value.Bridges
        .Where(bridge => host.FindDevice(bridge.Name) is null)
        .Aggregate(Foreign(host), (now, bridge) => now.WithDevices(devices =>
        [
            .. devices,
            new NetDevice
            {
                Index = 700 + devices.Length, Name = bridge.Name, Kind = "openvswitch", Mtu = 1500, Up = true,
            },
        ]));

    private static HostState Foreign(HostState host) => host.WithDatabase(database => database with
    {
        Bridges =
        [
            .. database.Bridges.Select(bridge => bridge with
            {
                ExternalIds = new Dictionary<string, string>(),
                Ports =
                [
                    .. bridge.Ports.Select(port => port with { ExternalIds = new Dictionary<string, string>() }),
                ],
            }),
        ],
    }) with
    {
        Changes = Reading.Known(RecordedChanges.None),
    };

    private static HostState On(HostState host, params ImmutableArray<IPNetworkAddress> addresses) => host.WithDevice(
        SampleHost.Uplink,
        device => device.Master is null ? device with { Up = true, Addresses = addresses } : device);

    private static HostState Routed(HostState host) => host with
    {
        Routing = host.Routing.Map(routing => routing with
        {
            Links = host.FindDevice(SampleHost.Uplink) is { Master: null } uplink
                ? routing.Links.SetItem(uplink.Index, new LinkIPState([Route, Nexthop]))
                : routing.Links,
        }),
    };
}
