using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>Hosts to which something was applied, and what of them a revert has to bring back.</summary>
internal static class RevertSample
{
    /// <summary>A bridge that no host has before it is applied.</summary>
    public const string Bridge = "br7";

    public const string Vlan = "vlan7";

    public static readonly IPNetworkAddress Address = new(IPAddress.Parse("192.0.2.7"), 24);

    private static readonly IPNetworkAddress Other = new(IPAddress.Parse("192.0.2.8"), 24);

    /// <summary>What is wanted of one NIC: two VFs, all representors and an address on a bridge.</summary>
    public static HostIntent Plain => new()
    {
        Nics = [SampleIntent.Nic(NicMode.Switchdev, 2)],
        Bridges =
        [
            new BridgeIntent
            {
                Name = Bridge,
                Uplink = new BridgeUplink(null, SampleIntent.Reference(SampleHost.Pf)),
                Representors = RepresentorPorts.All,
                Addresses = [new InterfaceAddress(Address.Address, Address.PrefixLength)],
            },
        ],
        OpenVSwitch = new OpenVSwitchIntent { HwOffload = true, Restart = RestartPolicy.Auto },
    };

    /// <summary>A host without a bridge whose PF has the address.</summary>
    public static HostState Fresh => SampleHost.Fresh().WithBridges()
        .WithDevice(SampleHost.Uplink, device => device with { Addresses = [Address] });

    /// <summary>What is wanted of a bond: an address on a bridge on it.</summary>
    public static HostIntent Bonded(string profile) => BondSample.Intent(profile) with
    {
        Bridges =
        [
            new BridgeIntent
            {
                Name = Bridge,
                Uplink = new BridgeUplink("bond0", null),
                Addresses = [new InterfaceAddress(Address.Address, Address.PrefixLength)],
            },
        ],
        OpenVSwitch = new OpenVSwitchIntent { HwOffload = true, Restart = RestartPolicy.Auto },
    };

    /// <summary>Two ports, of which the first carries an address and the second a VLAN with another one.</summary>
    public static HostState Carrying(HostState host) => host.WithBridges()
        .WithDevice(SampleHost.Uplink, device => device with { Addresses = [Address] })
        .WithDevices(devices =>
        [
            .. devices,
            new NetDevice
            {
                Index = 70, Name = Vlan, Kind = "vlan", Up = true, Vlan = new VlanTag(7, 0x8100),
                Lower = devices.First(device => device.Name == BondSample.SecondUplink).Index, Addresses = [Other],
            },
        ]);

    /// <summary>The host after an intent was applied to it.</summary>
    public static HostState Applied(HostState start, HostIntent intent)
    {
        var host = new SimulatedHost(start);
        for (int round = 0; round < 3; round++)
        {
            Plan plan = Planner.Plan(intent, host.State);
            Assert.Empty(plan.Objections);
            foreach (Step step in plan.Steps)
            {
                host.Run(step.Action);
            }
        }

        Assert.Empty(Planner.Plan(intent, host.State).Steps);
        return host.State;
    }

    /// <summary>The plan that takes everything away, or all of one PF.</summary>
    public static Plan Revert(HostState host, HostIntent intent, string? only = null) => RevertPlanner.Plan(
        RevertGoal.Of(intent, host, only is null ? null : OvsOffload.Sysfs.PciAddress.Parse(only)), host);

    /// <summary>What of a host is to be as it was.</summary>
    public static IEnumerable<string> Told(HostState host)
    {
        OpenVSwitchDatabase database = host.OpenVSwitch.Database.Value;
        var names = host.Devices.Value.ToDictionary(device => device.Index, device => device.Name);
        return
        [
            .. host.KnownFunctions.Select(pf =>
                $"{pf.Address} {pf.Mode} {pf.Eswitch.Value.EncapMode} {pf.SteeringMode} {pf.VfCount} "
                    + $"{pf.DriversAutoprobe}"),
            .. host.Devices.Value.Select(
                device => $"{device.Name} {device.Up} {Name(device.Lower)} {Name(device.Master)} "
                + string.Join(' ', device.Addresses)).Order(StringComparer.Ordinal),
            .. database.OtherConfig.Select(pair => pair.ToString()),
            .. database.Bridges.Select(
                bridge => $"{bridge.Name} {string.Join(' ', bridge.Ports.Select(port => port.Name))}"),
        ];

        string Name(int? index) => index is { } known ? names.GetValueOrDefault(known, "?") : "-";
    }

    /// <summary>The kinds of a plan's steps in their order.</summary>
    public static ImmutableArray<string> Kinds(Plan plan) =>
        [.. plan.Steps.Select(step => step.Action.Kind).Distinct()];
}
