using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class BridgeTests
{
    private static readonly HostIntent WithoutPorts = SampleIntent.Switchdev(2);

    [Fact]
    public void A_bridge_is_added_with_its_uplink() => Assert.Equal(
        [new AddBridge(SampleHost.Bridge), new AddPort(SampleHost.Bridge, new UplinkOf(Planned.Pf))],
        Actions(WithoutPorts, SampleHost.ConnectX6Dx().WithBridges()));

    [Fact]
    public void A_bridge_that_is_there_only_gets_its_uplink() => Assert.Equal(
        [new AddPort(SampleHost.Bridge, new UplinkOf(Planned.Pf))],
        Actions(WithoutPorts, SampleHost.ConnectX6Dx().WithBridges(SampleHost.BridgeOf(SampleHost.Bridge))));

    [Fact]
    public void An_uplink_that_is_a_port_under_an_alternative_name_is_not_added_again()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithDevice(SampleHost.Uplink, device => device with { Name = "renamed", AltNames = [SampleHost.Uplink] });

        Assert.Empty(Actions(WithoutPorts, host));
    }

    [Fact]
    public void An_uplink_that_is_a_port_with_an_address_stays_one() => Assert.Empty(
        Actions(WithoutPorts, Addressed(SampleHost.ConnectX6Dx())));

    [Fact]
    public void An_uplink_with_an_address_would_lose_it()
    {
        Objection objection = Planner.Plan(WithoutPorts, Addressed(SampleHost.ConnectX6Dx().WithBridges())).Objection();

        Assert.Equal((ObjectionKind.Refused, SampleHost.Bridge), (objection.Kind, objection.Object));
        Assert.Contains("has 192.0.2.7/24", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_uplink_is_not_taken_from_another_bridge()
    {
        HostState host = SampleHost.ConnectX6Dx().WithBridges(SampleHost.BridgeOf("br-phys", SampleHost.Uplink));

        Objection objection = Planner.Plan(WithoutPorts, host).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("already a port of bridge br-phys", objection.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bridge")]
    [InlineData("bond")]
    public void An_uplink_is_not_taken_from_a_device_above_it(string kind)
    {
        HostState host = SampleHost.ConnectX6Dx().WithBridges()
            .WithDevices(devices => [.. devices, new NetDevice { Index = 90, Name = "upper0", Kind = kind }])
            .WithDevice(SampleHost.Uplink, device => device with { Master = 90 });

        Objection objection = Planner.Plan(WithoutPorts, host).Objection();

        Assert.Equal(ObjectionKind.Configuration, objection.Kind);
        Assert.Contains($"a port of upper0 ({kind})", objection.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(NicMode.Legacy))]
    [InlineData(null)]
    public void An_uplink_that_will_not_be_switchdev_offloads_nothing(string? mode)
    {
        HostIntent intent = WithoutPorts with
        {
            Nics = [SampleIntent.Nic(mode is null ? null : Enum.Parse<NicMode>(mode))],
        };

        Objection objection = Planner.Plan(intent, SampleHost.Legacy()).Objection();

        Assert.Equal(ObjectionKind.Configuration, objection.Kind);
        Assert.Contains("is not in switchdev mode", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_uplink_that_somebody_else_made_switchdev_will_do() => Assert.Empty(
        Actions(WithoutPorts with { Nics = [SampleIntent.Nic(null)] }, SampleHost.ConnectX6Dx()));

    [Fact]
    public void Ports_of_representors_are_left_to_the_agent_by_default() => Assert.Empty(
        Actions(WithoutPorts, SampleHost.ConnectX6Dx().WithBridges(
            SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink))));

    [Fact]
    public void An_observed_bridge_is_left_alone()
    {
        HostIntent intent =
            WithoutPorts with { Bridges = [WithoutPorts.Bridges[0] with { Managed = Management.Observe }] };

        Assert.Empty(Actions(intent, SampleHost.ConnectX6Dx().WithBridges()));
    }

    [Fact]
    public void A_bond_becomes_the_uplink_by_its_name()
    {
        HostState host = Bonded(SampleHost.ConnectX6Dx().WithBridges(), "bond");

        Assert.Equal(
            [new AddBridge(SampleHost.Bridge), new AddPort(SampleHost.Bridge, new DeviceNamed("bond0"))],
            Actions(OnBond(), host));
    }

    [Fact]
    public void A_bond_that_is_missing_is_a_mistake_of_the_configuration()
    {
        Objection objection = Planner.Plan(OnBond(), SampleHost.ConnectX6Dx()).Objection();

        Assert.Equal(ObjectionKind.Configuration, objection.Kind);
        Assert.Contains("bond0 does not exist", objection.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vlan", "is not a bond but vlan")]
    [InlineData(null, "is not a bond but a plain device")]
    public void Something_else_of_the_bonds_name_is_no_bond(string? kind, string text) => Assert.Contains(
        text, Planner.Plan(OnBond(), Bonded(SampleHost.ConnectX6Dx(), kind)).Objection().Text,
            StringComparison.Ordinal);

    [Fact]
    public void A_bond_that_is_to_be_built_is_a_port_after_it_is_there()
    {
        StepAction[] actions = [.. Actions(BondSample.Intent(), BondSample.Fresh())];

        int made = Array.FindIndex(actions, action => action is AddBond);
        int plugged = Array.FindIndex(actions, action => action is AddPort { Device: DeviceNamed { Name: "bond0" } });
        Assert.InRange(made, 0, plugged);
    }

    private static IEnumerable<StepAction> Actions(HostIntent intent, HostState host)
    {
        Plan plan = Planner.Plan(intent, host);
        Assert.Empty(plan.Objections);
        return plan.Steps.Select(step => step.Action);
    }

    private static HostState Addressed(HostState host) => host.WithDevice(SampleHost.Uplink, device => device with
    {
        Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.7"), 24)],
    });

    private static HostState Bonded(HostState host, string? kind) => host.WithDevices(
        devices => [.. devices, new NetDevice { Index = 90, Name = "bond0", Kind = kind, Up = true }]);

    private static HostIntent OnBond() => WithoutPorts with
    {
        Bonds =
        [
            new BondIntent
            {
                Name = "bond0",
                Profile = "lacp",
                Members = [SampleIntent.Reference(SampleHost.Pf)],
                Managed = Management.Observe,
            },
        ],
        Bridges = [WithoutPorts.Bridges[0] with { Uplink = new BridgeUplink("bond0", null) }],
    };
}
