using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Host;

public class ProtectedDevicesTests
{
    private static readonly NetDevice PortA = new() { Index = 2, Name = "eth0", Master = 5 };
    private static readonly NetDevice PortB = new() { Index = 3, Name = "eth1", Master = 5 };
    private static readonly NetDevice Bond = new() { Index = 5, Name = "bond0", Kind = "bond" };
    private static readonly NetDevice Spare = new() { Index = 9, Name = "eth9" };

    [Fact]
    public void A_NIC_is_its_own_lowest_device() =>
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
            Of(6, devices, SamplePorts.Of(["br1", "eth0"], ["br2", "eth1"])).Value.Select(device => device.Device));
    }

    [Fact]
    public void A_port_that_the_switch_knows_by_an_alternative_name_is_found()
    {
        ImmutableArray<NetDevice> devices =
            [new() { Index = 6, Name = "br1", Kind = "openvswitch" }, Spare with { AltNames = ["storage0"] }];

        Assert.Contains(
            ProtectedDevices.Of(
                [new ManagementPath(6, "carries it")], devices, SamplePorts.Of(["br1", "storage0"])).Value,
            device => device.Device == "eth9");
    }

    [Fact]
    public void A_cycle_of_devices_is_not_followed_forever()
    {
        NetDevice one = new() { Index = 1, Name = "veth0", Lower = 2 };
        NetDevice two = new() { Index = 2, Name = "veth1", Lower = 1 };

        Assert.Equal(["veth0", "veth1"], Names(1, one, two));
    }

    [Fact]
    public void Two_paths_through_one_device_give_the_first_reason() => Assert.Equal<ProtectedDevice>(
        [new ProtectedDevice("eth9", "carries the default route")],
        ProtectedDevices.Of(
            [new ManagementPath(9, "carries the default route"), new ManagementPath(9, "carries the SSH connection")],
            [Spare],
            SwitchPorts.None).Value);

    [Fact]
    public void A_path_through_a_missing_device_protects_nothing() => Assert.Empty(Below(77, Spare));

    private static IEnumerable<string> Names(int way, params ImmutableArray<NetDevice> devices) =>
        Below(way, devices).Select(device => device.Device);

    [Fact]
    public void Without_the_database_the_kernels_datapath_tells_the_NICs_below_a_bridge()
    {
        ImmutableArray<NetDevice> devices =
        [
            new() { Index = 4, Name = "ovs-system", Kind = "openvswitch" },
            new() { Index = 6, Name = "br0", Kind = "openvswitch" },
            Bond with { Master = 4 }, PortA, PortB, Spare,
            new() { Index = 20, Name = "tap0", Kind = "tun", Master = 4 },
        ];
        SwitchPorts ports = SamplePorts.InKernel("ovs-system", "br0", "bond0", "tap0") with
        {
            DaemonRuns = Reading.Known(true),
        };

        Assert.Equal(["bond0", "br0", "eth0", "eth1"], Of(6, devices, ports).Value.Select(device => device.Device));
    }

    [Fact]
    public void A_path_through_unreadable_ports_is_unknown()
    {
        ImmutableArray<NetDevice> devices = [new() { Index = 6, Name = "br0", Kind = "openvswitch" }, Spare];
        SwitchPorts ports = SamplePorts.InKernel() with
        {
            Datapaths = Reading.Failed<ImmutableArray<KernelDatapath>>("ovs-dpctl show: EPERM"),
        };

        Reading<ImmutableArray<ProtectedDevice>> found = Of(6, devices, ports);

        Assert.True(found.IsFailed);
        Assert.Contains("br0 carries it", found.Why, StringComparison.Ordinal);
        Assert.Contains("ovs-dpctl show: EPERM", found.Why, StringComparison.Ordinal);
        Assert.Contains("systemctl start", found.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_outside_Open_vSwitch_does_not_need_its_ports()
    {
        ImmutableArray<NetDevice> devices = [new() { Index = 6, Name = "br0", Kind = "openvswitch" }, Spare];
        SwitchPorts ports = SamplePorts.InKernel() with
        {
            Datapaths = Reading.Failed<ImmutableArray<KernelDatapath>>("EPERM"),
        };

        Assert.Equal("eth9", Assert.Single(Of(9, devices, ports).Value).Device);
    }

    [Fact]
    public void An_internal_port_of_a_datapath_in_user_space_stands_on_the_NICs_of_its_bridge()
    {
        ImmutableArray<NetDevice> devices =
            [new() { Index = 6, Name = "br0", Kind = "tun" }, PortA with { Master = null }, Spare];

        Assert.Equal(
            ["br0", "eth0"],
            Of(6, devices, SamplePorts.Of(["br0", "eth0"])).Value.Select(device => device.Device));
    }

    [Fact]
    public void A_bridge_that_a_patch_port_connects_stands_on_the_NICs_of_the_other()
    {
        ImmutableArray<NetDevice> devices = [new() { Index = 6, Name = "br-ex", Kind = "openvswitch" }, PortA, PortB];

        Assert.Equal(
            ["br-ex", "eth0"],
            Of(6, devices, SamplePorts.Patched(["br-ex", "to-phy"], ["br-phy", "to-ex", "eth0"], ["br2", "eth1"])).Value
                .Select(device => device.Device));
    }

    private static Reading<ImmutableArray<ProtectedDevice>> Of(
        int way, ImmutableArray<NetDevice> devices, SwitchPorts ports) =>
        ProtectedDevices.Of([new ManagementPath(way, "carries it")], devices, ports);

    private static ImmutableArray<ProtectedDevice> Below(int way, params ImmutableArray<NetDevice> devices) =>
        Of(way, devices, SwitchPorts.None).Value;
}
