using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Planning;

/// <summary>What a bond cannot be is one clear error, and nothing is touched.</summary>
public class BondRefusalTests
{
    private const string OtherCard = "0000:5e:00.0";

    [Fact]
    public void A_bond_of_two_cards() => Assert.Equal(
        "0000:3b:00.0 and 0000:5e:00.0 are ports of two cards; a NIC offloads only bonds of its own ports",
        Error(Of(BondSample.First, OtherCard), WithOtherCard()));

    [Fact]
    public void A_bond_of_one_PF() => Assert.StartsWith(
        "it has one member, but VF-LAG needs all ports of the card",
        Error(Of(BondSample.First), BondSample.Switchdev()));

    [Fact]
    public void A_bond_of_a_VF() => Assert.StartsWith(
        "this is VF 0 of 0000:3b:00.0, not a physical function",
        Error(Of(BondSample.First, "0000:3b:00.2"), BondSample.Switchdev()));

    [Fact]
    public void A_bond_of_a_PF_and_a_stranger() => Assert.StartsWith(
        "no such physical function; this host has 0000:3b:00.0",
        Error(Of(BondSample.First, "0000:77:00.0"), BondSample.Switchdev()));

    [Fact]
    public void Two_bonds_with_one_member()
    {
        HostIntent intent = BondSample.Intent();
        intent = intent with
        {
            Bonds =
            [
                intent.Bonds[0],
                intent.Bonds[0] with
                {
                    Name = "bond1",
                    Members =
                    [
                        new PfReference(
                            PfReferenceKind.InterfaceName, SampleHost.Uplink, SampleHost.Uplink,
                            SourcePosition.Defaults),
                    ],
                },
            ],
        };

        Assert.Equal("0000:3b:00.0 is already a member of bond0; a PF belongs to one bond",
            Error(intent, BondSample.Switchdev()));
    }

    [Fact]
    public void Two_ports_of_a_card_of_four_where_VF_LAG_is_required()
    {
        Assert.StartsWith("the card has 4 ports (0000:3b:00.0, ", Error(BondSample.Intent(), CardOfFour()));
    }

    [Fact]
    public void Two_ports_of_a_card_of_four_may_be_bonded_where_VF_LAG_is_preferred()
    {
        Assert.Empty(Planner.Plan(BondSample.Intent(need: VfLagRequirement.Preferred), CardOfFour()).Objections);
    }

    [Fact]
    public void A_member_that_is_to_stay_in_legacy_mode_where_VF_LAG_is_required()
    {
        HostIntent intent = BondSample.Intent();
        intent = intent with { Nics = [intent.Nics[0], intent.Nics[1] with { Mode = NicMode.Legacy }] };

        Assert.StartsWith("0000:3b:00.1 is not configured for switchdev mode", Error(intent, BondSample.Switchdev()));
    }

    [Fact]
    public void A_name_that_another_device_has()
    {
        HostState host = BondSample.Switchdev()
            .WithDevices(devices => [.. devices, new NetDevice { Index = 70, Name = "bond0", Kind = "bridge" }]);

        Assert.StartsWith(
            "device bond0 exists and is not a bond but bridge", Error(BondSample.Intent() with { Bridges = [] }, host));
    }

    [Fact]
    public void A_mode_that_the_model_does_not_take_where_VF_LAG_is_required()
    {
        HostState host = Ice();

        Assert.StartsWith("Intel E810", Error(BondSample.Intent("lacp", vfs: 0), host, all: true));
        Assert.Contains(
            "of mode active-backup, but profile lacp has mode 802.3ad",
            Error(BondSample.Intent("lacp", vfs: 0), host, all: true));
    }

    [Fact]
    public void VFs_on_both_ports_where_the_driver_gives_them_to_the_first_alone()
    {
        HostIntent intent = BondSample.Intent("active-backup", vfs: 2);
        intent = intent with { Nics = [intent.Nics[0], intent.Nics[1] with { Vfs = 2 }] };

        Assert.Contains("set vfs: 0 for 0000:3b:00.1", Error(intent, Ice(), all: true));
    }

    [Fact]
    public void A_member_that_carries_the_way_to_the_host()
    {
        HostState host = BondSample.Switchdev() with
        {
            Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
                [new ProtectedDevice(BondSample.SecondUplink, "carries the default route via 192.0.2.1")]),
        };

        Plan plan = Planner.Plan(BondSample.Intent(), host);

        Assert.Contains(plan.Objections, objection => objection.Kind == ObjectionKind.Refused
            && objection.Text.StartsWith("enp59s0f1np1 carries the default route"));
    }

    [Fact]
    public void A_bond_that_carries_the_way_to_the_host_is_changed_where_nothing_is_cut()
    {
        HostState host = BondSample.Bonded() with
        {
            Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
                [new ProtectedDevice("bond0", "carries the default route")]),
        };
        HostState slower = host with
        {
            Bonds = host.Bonds.Map<ImmutableArray<BondState>>(bonds =>
                [bonds[0] with { Options = bonds[0].Options with { MiiMonitor = 50 } }]),
        };

        Assert.Empty(Planner.Plan(BondSample.Intent(), slower).Objections);
        Assert.NotEmpty(Planner.Plan(BondSample.Intent("active-backup"), slower).Objections);
    }

    [Theory]
    [InlineData("bond0")]
    [InlineData(SampleHost.Uplink)]
    public void A_bond_that_carries_the_way_to_the_host_keeps_its_MTU(string device)
    {
        var place = new SourcePosition("config.yaml", 7, 10);
        HostState host = BondSample.Bonded() with
        {
            Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
                [new ProtectedDevice(device, "carries the default route")]),
        };
        HostIntent intent = BondSample.Intent();
        BondIntent bond = intent.Bonds[0] with
        {
            Mtu = 9000,
            Source = new SourceMap(place, new Dictionary<string, SourcePosition> { ["mtu"] = place }),
        };

        Objection objection = Planner.Plan(intent with { Bonds = [bond] }, host).Objection();

        Assert.Equal(
            (ObjectionKind.Refused, "bond0", place), (objection.Kind, objection.Object, objection.Position));
        Assert.Empty(Planner.Plan(intent with { Bonds = [bond with { Mtu = 1500 }] }, host).Objections);
    }

    [Theory]
    [InlineData("openvswitch", "is a port of an Open vSwitch bridge")]
    [InlineData("team", "belongs to")]
    public void A_member_that_somebody_else_has(string kind, string words)
    {
        HostState host = BondSample.Switchdev()
            .WithDevices(devices => [.. devices, new NetDevice { Index = 60, Name = "upper", Kind = kind }])
            .WithDevice(SampleHost.Uplink, device => device with { Master = 60 });

        Assert.Contains(words, Error(BondSample.Intent(), host));
    }

    [Fact]
    public void A_member_that_something_else_than_a_VLAN_stands_on()
    {
        HostState host = BondSample.Switchdev().WithDevices(devices =>
            [.. devices, new NetDevice { Index = 60, Name = "macvlan0", Kind = "macvlan", Lower = 2 }]);

        Assert.StartsWith("macvlan0 (macvlan) is on top of enp59s0f0np0", Error(BondSample.Intent(), host));
    }

    [Fact]
    public void A_member_whose_VLAN_is_itself_a_port_of_something()
    {
        HostState host = BondSample.Switchdev().WithDevices(devices =>
        [
            .. devices,
            new NetDevice
            {
                Index = 60,
                Name = "vlan7",
                Kind = "vlan",
                Lower = 2,
                Master = 61,
                Vlan = new VlanTag(7, 0x8100),
            },
        ]);

        Assert.StartsWith("vlan7 (vlan) is on top of enp59s0f0np0", Error(BondSample.Intent(), host));
    }

    [Fact]
    public void A_bridge_on_a_bond_whose_members_have_addresses()
    {
        HostState host = BondSample.Switchdev().WithDevice(SampleHost.Uplink, device => device with
        {
            Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.7"), 24)],
        });

        Assert.Contains("192.0.2.7/24, which stops working", Error(BondSample.Intent(), host));
    }

    [Fact]
    public void Bonds_that_could_not_be_read()
    {
        HostState host = BondSample.Switchdev() with { Bonds = Reading.Failed<ImmutableArray<BondState>>("EPERM") };

        Assert.Equal(
            ObjectionKind.Unreadable,
            Assert.Single(Planner.Plan(BondSample.Intent() with { Bridges = [] }, host).Objections).Kind);
    }

    [Fact]
    public void VF_LAG_that_the_firmware_does_not_offer()
    {
        HostState host = BondSample.Bonded();
        host = host with
        {
            Bonds = host.Bonds.Map<ImmutableArray<BondState>>(bonds =>
            [
                bonds[0] with
                {
                    VfLag = VfLag.Inactive("the firmware offers no LAG", "no lag"),
                    Lag = Reading.Absent<Mlx5Lag>("no directory lag"),
                },
            ]),
        };

        Assert.Equal("VF-LAG cannot become active: the firmware offers no LAG", Error(BondSample.Intent(), host));
    }

    private static HostIntent Of(params string[] members)
    {
        HostIntent intent = BondSample.Intent(members: members) with { Bridges = [] };
        return intent with { Bonds = [intent.Bonds[0] with { VfLag = VfLagRequirement.Preferred }] };
    }

    private static HostState CardOfFour()
    {
        HostState host = BondSample.Switchdev();
        return host with
        {
            PhysicalFunctions = host.PhysicalFunctions.Map(all => all.AddRange(all.Select((pf, i) => pf with
            {
                Address = PciAddress.Parse($"0000:3b:00.{i + 2}"),
                Uplink = null,
                VirtualFunctions = [],
            }))),
        };
    }

    private static HostState WithOtherCard()
    {
        HostState host = BondSample.Switchdev();
        PhysicalFunction other = host.KnownFunctions[1] with
        {
            Address = PciAddress.Parse(OtherCard),
            SwitchId = "ffffffffffffffff",
            Uplink =
                host.KnownFunctions[1].Uplink! with { Index = 40, Name = "enp94s0f0np0", ParentDevice = OtherCard },
        };
        return (host with { PhysicalFunctions = host.PhysicalFunctions.Map(all => all.Add(other)) })
            .WithDevices(devices => [.. devices, other.Uplink!]);
    }

    private static HostState Ice() => BondSample.Fresh("8086:1592") is var host
        ? host.WithPf(Made).WithPf(Made, 1)
        : host;

    private static PhysicalFunction Made(PhysicalFunction pf) =>
        pf with { Driver = "ice", SteeringMode = Reading.Absent<string>("no such parameter") };

    /// <summary>The one objection; where several are meant, all of them.</summary>
    private static string Error(HostIntent intent, HostState host, bool all = false)
    {
        Plan plan = Planner.Plan(intent, host);
        return all
            ? string.Join('\n', plan.Objections.Select(objection => objection.Text))
            : Assert.Single(plan.Objections).Text;
    }
}
