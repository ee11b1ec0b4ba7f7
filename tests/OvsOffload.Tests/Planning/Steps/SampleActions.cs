using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>One step of every kind.</summary>
internal static class SampleActions
{
    private static readonly HardwareAddress One = HardwareAddress.Parse("02:00:00:00:00:01");
    private static readonly HardwareAddress Two = HardwareAddress.Parse("02:00:00:00:00:02");

    private static readonly ImmutableArray<IPEntry> Nexthop =
        [IPEntryText.Parse("nexthop 0200000000000000 1=0a000000 5=00000000 6=192.0.2.1")!];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<StepAction> All =
    [
        new SetVfCount(Planned.Pf, 0, 4, []),
        new SetDriversAutoprobe(Planned.Pf, true, false),
        new SetNameRules(Planned.Pf, "", "SUBSYSTEM==\"net\"\n"),
        new SetSteeringMode(Planned.Pf, "smfs", "dmfs"),
        new SetEswitchMode(Planned.Pf, EswitchMode.Legacy, EswitchMode.Switchdev),
        new SetInlineMode(Planned.Pf, EswitchInlineMode.Link, EswitchInlineMode.Transport),
        new SetEncapMode(Planned.Pf, EswitchEncapMode.Basic, EswitchEncapMode.None),
        new WaitForRepresentors(Planned.Pf, 4),
        new SetVfMac(Planned.Pf, 0, One, Two),
        new SetVfDriver(Planned.Pf, 0, "mlx5_core", "vfio-pci", null, "vfio-pci"),
        new SetHwTcOffload(new UplinkOf(Planned.Pf), false, true),
        new SetLinkUp(new RepresentorOf(Planned.Pf, 0), false, true),
        new SetSwitchOption("hw-offload", null, "true"),
        new AddBridge("br1"),
        new AddPort("br1", new UplinkOf(Planned.Pf)),
        new DeletePort("br1", "vm1"),
        new DeletePortOf("br1", new UplinkOf(Planned.Pf)),
        new DeleteBridge("br1"),
        new RestoreVfSettings(Planned.Pf, 0, new LinkVf { Index = 0, Address = One }),
        new AddBond("bond0", new BondOptions { Mode = BondMode.Lacp }),
        new DeleteBond("bond0", new BondOptions { Mode = BondMode.Lacp }),
        new SetBondOptions("bond0", new BondOptions { MiiMonitor = 0 }, new BondOptions { MiiMonitor = 100 }, false),
        new SetBondPrimary("bond0", null, new UplinkOf(Planned.Pf)),
        new AddBondMember("bond0", new UplinkOf(Planned.Pf)),
        new RemoveBondMember("bond0", new UplinkOf(Planned.Pf)),
        new WaitForVfLag("bond0", true),
        new SetMtu(new DeviceNamed("bond0"), 1500, 9000),
        new SetLinkAddress(new DeviceNamed("bond0"), One, Two),
        new MoveAddresses(new UplinkOf(Planned.Pf), new DeviceNamed("bond0"),
            [new IPNetworkAddress(IPAddress.Parse("192.0.2.7"), 24)]),
        new MoveVlan("vlan7", new VlanTag(7, 0x8100), new UplinkOf(Planned.Pf), new DeviceNamed("bond0")),
        new SaveRoutes(new UplinkOf(Planned.Pf), new DeviceNamed("bond0"), Nexthop) { Bond = "bond0" },
        new MoveRoutes(new UplinkOf(Planned.Pf), new DeviceNamed("bond0"), Nexthop) { Bond = "bond0" },
        new WaitForRouter(new UplinkOf(Planned.Pf), new DeviceNamed("bond0")) { Bond = "bond0" },
        new AddAddress(new LocalPortOf("br1"), new IPNetworkAddress(IPAddress.Parse("192.0.2.8"), 24)),
        new RemoveAddress(new LocalPortOf("br1"), new IPNetworkAddress(IPAddress.Parse("192.0.2.8"), 24)),
        new SetAgentFile("/etc/x.ini", "a = 1\n", "a = 2\n")
        {
            Backend = SecurityGroupBackend.Neutron,
            Description = "a = 2",
            PreviousDescription = "a = 1",
            RecordTo = new AgentFileRecord("/etc/x.ini", "a = 1\n", "a = 2\n"),
        },
        new SetConfigMap("ConfigMap default-host", "", "disable_security_group: true\n")
        {
            Backend = SecurityGroupBackend.Cloudpods,
            Description = "disable_security_group: true",
            PreviousDescription = "disable_security_group as before",
        },
        new CallProgram(["/opt/site/groups"], false, true)
        {
            Backend = SecurityGroupBackend.Command,
            Description = "security groups off",
            PreviousDescription = "security groups on",
        },
        new PurgeFlows(),
        new RestartSwitch(),
    ];

    /// <summary>
    /// The kinds after which nothing is to be undone: those that change nothing, what a VF gets back, and a port of
    /// ours whose representor is gone. Routes that moved are taken back by the step that recorded them.
    /// </summary>
    public static readonly IReadOnlySet<Type> LeaveNothing = new HashSet<Type>
    {
        typeof(WaitForRepresentors), typeof(PurgeFlows), typeof(RestartSwitch), typeof(RestoreVfSettings),
        typeof(DeletePort), typeof(WaitForVfLag), typeof(MoveRoutes), typeof(WaitForRouter),
    };

    /// <summary>The one of a type.</summary>
    public static StepAction Of(string type) => All.Single(action => action.GetType().Name == type);
}
