using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Host;

public class FunctionPortsTests
{
    private static readonly PciAddress Pf = PciAddress.Parse(SampleHost.Pf);

    [Fact]
    public void Devlinks_physical_port_is_the_uplink_whatever_it_is_called() => Assert.Equal(
        "wire0",
        FunctionPorts.Uplink(
            Pf,
            [Port(65535, DevlinkPortFlavour.Physical, 2), VfPort(0, 10)],
            [Netdev(10, "p0"), Netdev(2, "wire0", "pf0vf0")])
            ?.Name);

    [Fact]
    public void A_physical_port_without_its_device_yet_leaves_the_device_that_is_no_representor() => Assert.Equal(
        "eth2",
        FunctionPorts.Uplink(
            Pf,
            [Port(65535, DevlinkPortFlavour.Physical, null), VfPort(0, 10)],
            [Netdev(10, "eth10"), Netdev(2, "eth2")])
            ?.Name);

    /// <summary>
    /// mlx4 registers the ports of its one PF without attributes (drivers/net/ethernet/mellanox/mlx4/main.c).
    /// </summary>
    [Fact]
    public void Of_ports_without_a_flavour_the_first_is_the_uplink() => Assert.Equal(
        "ens4",
        FunctionPorts.Uplink(Pf, [Port(2, null, 5), Port(1, null, 4)], [Netdev(5, "ens4d1"), Netdev(4, "ens4")])?.Name);

    [Theory]
    [InlineData("p0", true)]
    [InlineData("p1s2", true)]
    [InlineData("l3p1", true)]
    [InlineData(null, true)]
    [InlineData("pf0vf0", false)]
    [InlineData("pf0", false)]
    [InlineData("c1pf0vf0", false)]
    public void Without_devlink_the_port_name_tells_the_uplink(string? name, bool isUplink) =>
        Assert.Equal(isUplink, FunctionPorts.Uplink(Pf, [], [Netdev(2, "eth2", name)]) is not null);

    [Fact]
    public void A_device_of_another_PF_is_never_the_uplink() => Assert.Null(
        FunctionPorts.Uplink(Pf, [], [Netdev(2, "eth2", "p0") with { ParentDeviceName = "0000:3b:00.1" }]));

    [Fact]
    public void Representors_are_devlinks_ports_in_order_of_their_index() => Assert.Equal(
        ["vf0 eth10", "vf1 eth11"],
        Told([VfPort(1, 11), Port(65535, DevlinkPortFlavour.Physical, 2), VfPort(0, 10)],
            [Netdev(2, "eth2"), Netdev(10, "eth10"), Netdev(11, "eth11")]));

    [Fact]
    public void A_renamed_representor_is_found_by_its_index()
    {
        FunctionPort port = Assert.Single(
            FunctionPorts.Functions(Pf, [VfPort(0, 10) with { NetdevName = "eth10" }], [Netdev(10, "vm1")]));

        Assert.Equal(("vf0", "vm1"), (port.Function, port.Device!.Name));
    }

    [Fact]
    public void A_representor_that_is_late_has_no_device_yet() =>
        Assert.Equal(["vf0 -", "vf1 eth11"], Told([VfPort(0, null), VfPort(1, 11)], [Netdev(11, "eth11")]));

    [Fact]
    public void A_representor_in_another_network_namespace_has_no_device_here() =>
        Assert.Equal(["vf0 -"], Told([VfPort(0, 10)], []));

    [Fact]
    public void Functions_of_other_hosts_say_their_controller()
    {
        FunctionPort port = Assert.Single(
            FunctionPorts.Functions(
                Pf, [VfPort(3, 10) with { IsExternal = true, Controller = 1 }], [Netdev(10, "eth10")]));

        Assert.True(port.External);
        Assert.Equal((1, 3), (port.Controller, port.VfIndex));
    }

    [Fact]
    public void An_external_function_without_a_controllers_number_is_still_external() => Assert.True(
        Assert.Single(FunctionPorts.Functions(Pf, [VfPort(3, 10) with { IsExternal = true }], [])).External);

    [Fact]
    public void A_controllers_number_alone_does_not_make_a_function_external() => Assert.False(
        Assert.Single(FunctionPorts.Functions(Pf, [VfPort(3, 10) with { Controller = 0 }], [])).External);

    [Fact]
    public void Sub_functions_and_PFs_are_functions_but_no_VFs() => Assert.Equal(
        [("pf0", (int?)null), ("sf88", null)],
        FunctionPorts.Functions(
            Pf,
            [
                Port(1, DevlinkPortFlavour.PciPf, 10) with { PfNumber = 0 },
                Port(2, DevlinkPortFlavour.PciSf, 11) with { PfNumber = 0, SfNumber = 88 },
                Port(3, DevlinkPortFlavour.Cpu, 12),
            ],
            []).Select(port => (port.Function, port.VfIndex)));

    [Fact]
    public void Ports_of_another_PF_are_none_of_this_ones() => Assert.Empty(FunctionPorts.Functions(
        Pf, [VfPort(0, 10) with { Handle = DevlinkHandle.Pci("0000:3b:00.1") }], [Netdev(10, "eth10")]));

    [Theory]
    [InlineData("pf0vf3", "vf3", 3, null)]
    [InlineData("pf1vf127", "vf127", 127, null)]
    [InlineData("c1pf0vf3", "vf3", 3, 1)]
    [InlineData("pf0sf88", "sf88", null, null)]
    public void Without_devlink_the_port_name_tells_the_function(string name, string function, int? vf, int? controller)
    {
        FunctionPort port = Assert.Single(FunctionPorts.Functions(Pf, [], [Netdev(10, "eth10", name)]));

        Assert.Equal((function, vf, controller), (port.Function, port.VfIndex, port.Controller));
        Assert.Equal("eth10", port.Device!.Name);
    }

    [Theory]
    [InlineData("p0")]
    [InlineData("pf0vf")]
    [InlineData("pf0vf3x")]
    [InlineData("pf0vf99999999999")]
    [InlineData("3")]
    [InlineData(null)]
    public void Other_port_names_tell_no_function(string? name) =>
        Assert.Empty(FunctionPorts.Functions(Pf, [], [Netdev(10, "pf0vf3", name)]));

    private static IEnumerable<string> Told(IReadOnlyList<DevlinkPort> ports, IReadOnlyList<Link> links) =>
        FunctionPorts.Functions(Pf, ports, links).Select(port => $"{port.Function} {port.Device?.Name ?? "-"}");

    private static DevlinkPort VfPort(ushort vf, int? device) =>
        Port(65537u + vf, DevlinkPortFlavour.PciVf, device) with { PfNumber = 0, VfNumber = vf };

    private static DevlinkPort Port(uint index, DevlinkPortFlavour? flavour, int? device) => new()
    {
        Handle = DevlinkHandle.Pci(SampleHost.Pf),
        Index = index,
        Flavour = flavour,
        NetdevIndex = device,
    };

    private static Link Netdev(int index, string name, string? port = null) =>
        new() { Index = index, Name = name, PhysicalPortName = port, ParentDeviceName = SampleHost.Pf };
}
