using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Tests.Host;

public class ProtectedDevicesTests
{
    private static readonly NetDevice PortA = new() { Index = 2, Name = "eth0", Master = 5 };
    private static readonly NetDevice PortB = new() { Index = 3, Name = "eth1", Master = 5 };
    private static readonly NetDevice Bond = new() { Index = 5, Name = "bond0", Kind = "bond" };
    private static readonly NetDevice Spare = new() { Index = 9, Name = "eth9" };

    [Fact]
    public void A_NIC_is_itself_the_bottom() =>
        Assert.Equal([new ProtectedDevice("eth9", "carries it")], Below(9, Spare, PortA));

    [Fact]
    public void A_VLAN_on_a_bond_stands_on_both_members() => Assert.Equal(
        ["bond0", "eth0", "eth1", "vlan7"],
        Names(7, new NetDevice { Index = 7, Name = "vlan7", Kind = "vlan", Lower = 5 }, Bond, PortA, PortB, Spare));

    [Fact]
    public void A_Linux_bridge_stands_on_all_its_ports() => Assert.Equal(
        ["br0", "eth0", "eth1"],
        Names(5, new NetDevice { Index = 5, Name = "br0", Kind = "bridge" }, PortA, PortB, Spare));

    [Fact]
    public void An_internal_port_of_Open_vSwitch_stands_on_the_NICs_of_its_own_bridge_alone()
    {
        NetDevice system = new() { Index = 4, Name = "ovs-system", Kind = "openvswitch" };
        NetDevice ours = new() { Index = 6, Name = "br1", Kind = "openvswitch", Master = 4 };
        NetDevice other = new() { Index = 7, Name = "br2", Kind = "openvswitch", Master = 4 };
        ImmutableArray<NetDevice> devices =
            [system, ours, other, PortA with { Master = 4 }, PortB with { Master = 4 }, Spare];

        Assert.Equal(
            ["br1", "eth0"],
            ProtectedDevices.Of([new WayToHost(6, "carries it")], devices, [["br1", "eth0"], ["br2", "eth1"]])
                .Select(device => device.Device));
    }

    [Fact]
    public void A_port_that_the_switch_knows_by_an_alternative_name_is_found()
    {
        ImmutableArray<NetDevice> devices =
            [new() { Index = 6, Name = "br1", Kind = "openvswitch" }, Spare with { AltNames = ["storage0"] }];

        Assert.Contains(
            ProtectedDevices.Of([new WayToHost(6, "carries it")], devices, [["br1", "storage0"]]),
            device => device.Device == "eth9");
    }

    [Fact]
    public void Devices_that_stand_on_each_other_do_not_go_round_for_ever()
    {
        NetDevice one = new() { Index = 1, Name = "veth0", Lower = 2 };
        NetDevice two = new() { Index = 2, Name = "veth1", Lower = 1 };

        Assert.Equal(["veth0", "veth1"], Names(1, one, two));
    }

    [Fact]
    public void Two_ways_by_one_device_give_the_first_reason() => Assert.Equal(
        [new ProtectedDevice("eth9", "carries the default route")],
        ProtectedDevices.Of(
            [new WayToHost(9, "carries the default route"), new WayToHost(9, "carries the SSH connection")],
            [Spare],
            []));

    [Fact]
    public void A_way_by_a_device_that_is_gone_protects_nothing() => Assert.Empty(Below(77, Spare));

    private static IEnumerable<string> Names(int way, params ImmutableArray<NetDevice> devices) =>
        Below(way, devices).Select(device => device.Device);

    private static ImmutableArray<ProtectedDevice> Below(int way, params ImmutableArray<NetDevice> devices) =>
        ProtectedDevices.Of([new WayToHost(way, "carries it")], devices, []);
}
