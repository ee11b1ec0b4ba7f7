using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class ProtectionTests
{
    [Theory]
    [InlineData("carries the default route via 192.0.2.1")]
    [InlineData("carries the SSH connection from 192.0.2.7")]
    public void The_mode_of_a_PF_by_which_the_host_is_reached_is_not_changed(string why)
    {
        Objection objection = Planned.Switchdev(Carrying(SampleHost.Fresh(), why)).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains($"{SampleHost.Uplink} {why}, and changing the e-switch's mode may cut it", objection.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_in_the_way_when_it_is_switchdev_already() =>
        Assert.True(Planned.Switchdev(Carrying(SampleHost.ConnectX6Dx(), "carries it"), 2).IsEmpty);

    [Fact]
    public void VFs_of_mlx5_are_made_without_a_reset_so_they_may_be() => Assert.NotEqual(
        "", Planned.Switchdev(Carrying(SampleHost.ConnectX6Dx(), "carries it"), 4).Order());

    [Fact]
    public void VFs_of_a_card_that_resets_for_them_are_refused()
    {
        Plan plan = Planned.For(Carrying(SampleHost.I350(), "carries it"), SampleIntent.Nic(NicMode.Legacy, 4));

        Assert.Contains("changing the number of VFs may cut it", plan.Objection().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void None_protects_nothing() => Assert.Empty(Planned.For(
        Carrying(SampleHost.Fresh(), "carries it"), SampleIntent.Nic(NicMode.Switchdev),
        new SafetyIntent { Protect = ProtectionKind.None }).Objections);

    [Theory]
    [InlineData(SampleHost.Uplink)]
    [InlineData("storage0")]
    public void A_list_protects_by_name_and_by_alternative_name(string name)
    {
        HostState host =
            SampleHost.Fresh().WithDevice(SampleHost.Uplink, device => device with { AltNames = ["storage0"] });

        Objection objection = Planned.For(host, SampleIntent.Nic(NicMode.Switchdev), List(name)).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("safety.protect", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_replaces_automatic_detection() => Assert.Empty(Planned.For(
        Carrying(SampleHost.Fresh(), "carries it"), SampleIntent.Nic(NicMode.Switchdev), List("eno1")).Objections);

    [Fact]
    public void Unknown_protected_devices_block_the_change()
    {
        HostState host = SampleHost.Fresh() with
        {
            Protected = Reading.Failed<ImmutableArray<ProtectedDevice>>("routes: EPERM"),
        };

        Objection objection = Planned.Switchdev(host).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("routes: EPERM", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_protects_what_its_devices_stand_on_also_through_Open_vSwitch()
    {
        HostState host = UnderABridge(SamplePorts.InKernel("ovs-system", "br7", SampleHost.Uplink));

        Objection objection = Planned.For(host, SampleIntent.Nic(NicMode.Switchdev), List("br7")).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("carries br7, which the configuration protects", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_with_a_bridge_whose_ports_cannot_be_read_protects_every_device()
    {
        HostState host = UnderABridge(SamplePorts.InKernel());

        Objection objection = Planned.For(host, SampleIntent.Nic(NicMode.Switchdev), List("br7")).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("ECONNREFUSED", objection.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(NicMode.Switchdev))]
    [InlineData(nameof(NicMode.Legacy))]
    public void A_PF_whose_device_could_not_be_read_may_carry_the_way(string mode)
    {
        NicMode wanted = Enum.Parse<NicMode>(mode);
        HostState host = (wanted == NicMode.Switchdev ? SampleHost.Fresh() : SampleHost.ConnectX6Dx())
            .WithPf(pf => pf with { Uplink = null });
        host = host with { Devices = Reading.Failed<ImmutableArray<NetDevice>>("ip link show: EPERM") };

        Plan plan = Planned.For(host, SampleIntent.Nic(wanted));

        Assert.All(plan.Objections, objection => Assert.Equal(ObjectionKind.Refused, objection.Kind));
        Assert.Contains(
            plan.Objections, one => one.Text.Contains("ip link show: EPERM", StringComparison.Ordinal));
    }

    [Fact]
    public void A_protected_uplink_does_not_become_a_port()
    {
        HostState host = Carrying(SampleHost.ConnectX6Dx(), "carries the default route").WithBridges();

        Objection objection = Planner.Plan(SampleIntent.Switchdev(2), host).Objection();

        Assert.Equal((ObjectionKind.Refused, SampleHost.Bridge), (objection.Kind, objection.Object));
    }

    private static HostState UnderABridge(SwitchPorts ports)
    {
        HostState host = SampleHost.Fresh();
        return host with
        {
            Devices = host.Devices.Map(devices =>
                devices.Add(new NetDevice { Index = 77, Name = "br7", Kind = "openvswitch" })),
            OpenVSwitch = host.OpenVSwitch with { Ports = ports },
        };
    }

    private static SafetyIntent List(string name) =>
        new() { Protect = ProtectionKind.List, ProtectedInterfaces = [name] };

    private static HostState Carrying(HostState host, string why) => host with
    {
        Protected = Reading.Known<ImmutableArray<ProtectedDevice>>([new ProtectedDevice(SampleHost.Uplink, why)]),
    };
}
