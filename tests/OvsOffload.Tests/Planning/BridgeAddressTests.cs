using System.Collections.Immutable;
using System.Net;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class BridgeAddressTests
{
    private static readonly IPNetworkAddress Seven = new(IPAddress.Parse("192.0.2.7"), 24);
    private static readonly IPNetworkAddress Eight = new(IPAddress.Parse("2001:db8::8"), 64);
    private static readonly LocalPortOf Local = new(SampleHost.Bridge);

    [Fact]
    public void The_addresses_of_the_uplink_move_once_it_is_a_port() => Assert.Equal(
        [
            nameof(AddBridge), nameof(AddPort), nameof(SetLinkUp) + " br1", nameof(MoveAddresses),
        ],
        Kinds(Wanting(Seven), SampleHost.ConnectX6Dx().WithBridges().Having(SampleHost.Uplink, Seven)));

    [Fact]
    public void The_bridge_keeps_the_MAC_address_by_which_neighbours_know_its_addresses()
    {
        HostState host = SampleHost.ConnectX6Dx().WithBridges().Having(SampleHost.Uplink, Seven);

        Assert.Contains(
            new AddBridge(SampleHost.Bridge, host.FindDevice(SampleHost.Uplink)!.Address),
            Planner.Plan(Wanting(Seven), host).Steps.Select(step => step.Action));
        Assert.Contains(
            new AddBridge(SampleHost.Bridge),
            Planner.Plan(Wanting(), SampleHost.ConnectX6Dx().WithBridges()).Steps.Select(step => step.Action));
    }

    [Fact]
    public void An_address_that_is_nowhere_is_put_on_the_bridge() => Assert.Contains(
        new AddAddress(Local, Eight),
        Planner.Plan(Wanting(Eight), SampleHost.ConnectX6Dx()).Steps.Select(step => step.Action));

    [Fact]
    public void A_bridge_that_has_its_addresses_is_left_alone()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithDevices(devices => [.. devices, new NetDevice { Index = 91, Name = SampleHost.Bridge, Up = true }])
            .Having(SampleHost.Bridge, Seven, Eight);

        Assert.Empty(Planner.Plan(Wanting(Seven, Eight), host).Steps);
    }

    [Theory]
    [InlineData("eno1", 24, "eno1, which is not the uplink, has 192.0.2.7/24")]
    [InlineData(SampleHost.Uplink, 25, "has 192.0.2.7/25; use the same prefix length")]
    public void An_address_that_another_device_has_or_with_another_prefix_is_objected_to(
        string device, int prefixLength, string words)
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithDevices(devices => [.. devices, new NetDevice { Index = 91, Name = "eno1", Up = true }])
            .Having(device, Seven with { PrefixLength = prefixLength });

        Objection objection = Planner.Plan(Wanting(Seven), host).Objection();

        Assert.Equal((ObjectionKind.Configuration, SampleHost.Bridge), (objection.Kind, objection.Object));
        Assert.Contains(words, objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_devices_are_unread_no_address_is_taken_for_one_that_is_nowhere()
    {
        HostState host = SampleHost.ConnectX6Dx() with
        {
            Devices = Reading.Failed<ImmutableArray<NetDevice>>("RTM_GETADDR: ENOBUFS"),
        };

        Plan plan = Planner.Plan(Wanting(Seven), host);

        Assert.Contains(plan.Objections, objection => objection.Kind == ObjectionKind.Unreadable
            && objection.Text.Contains("ENOBUFS", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, step => step.Action is AddAddress);
    }

    [Fact]
    public void An_address_of_the_uplink_that_the_bridge_is_not_to_have_would_be_lost()
    {
        HostState host = SampleHost.ConnectX6Dx().WithBridges().Having(SampleHost.Uplink, Seven, Eight);

        Objection objection = Planner.Plan(Wanting(Seven), host).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("has 2001:db8::8/64, which", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_PF_has_that_joins_a_new_bond_comes_to_the_bridge_over_the_bond()
    {
        HostIntent intent = BondSample.Intent();
        intent = intent with { Bridges = [intent.Bridges[0] with { Addresses = [Of(Seven)] }] };
        var host = new SimulatedHost(BondSample.Fresh().WithBridges().Having(SampleHost.Uplink, Seven));

        Run(intent, host);

        Assert.Contains(
            host.Ran, step => step is MoveAddresses { From: DeviceNamed { Name: "bond0" }, To: LocalPortOf });
        Assert.Equal([Seven], host.State.FindDevice(SampleHost.Bridge)!.Addresses);
        Assert.Empty(Planner.Plan(intent, host.State).Steps);
    }

    [Fact]
    public async Task An_address_that_does_not_get_to_the_bridge_undoes_the_bridge_and_leaves_the_bond_below_it()
    {
        HostIntent intent = BondSample.Intent();
        intent = intent with { Bridges = [intent.Bridges[0] with { Addresses = [Of(Seven)] }] };
        var host = new FakeHost(BondSample.Fresh().WithBridges().Having(SampleHost.Uplink, Seven))
        {
            Before = action => _ = action is MoveAddresses { To: LocalPortOf }
                ? throw new StepException("no such device", 19, null, null, null) { ChangedNothing = true }
                : 0,
        };

        ApplyReport report = await host.ApplyAsync(intent);

        Assert.True(report.Reached);
        Assert.Null(host.State.FindDevice(SampleHost.Bridge));
        Assert.Equal([Seven], host.State.FindDevice("bond0")!.Addresses);
        Assert.Equal("true", host.State.OpenVSwitch.Database.Value.OtherConfig["hw-offload"]);
    }

    [Fact]
    public void The_way_back_gives_the_uplink_its_addresses()
    {
        HostState before = SampleHost.ConnectX6Dx().WithBridges().Having(SampleHost.Uplink, Seven);
        var host = new SimulatedHost(before);
        ImmutableArray<Step> steps = Planner.Plan(Wanting(Seven, Eight), before).Steps;
        Run(Wanting(Seven, Eight), host);
        Assert.Equal([Seven, Eight], host.State.FindDevice(SampleHost.Bridge)!.Addresses);
        Assert.Empty(host.State.FindDevice(SampleHost.Uplink)!.Addresses);

        foreach (StepAction back in steps.Reverse().SelectMany(step => step.Action.Inverse))
        {
            host.Run(back);
        }

        Assert.Equal([Seven], host.State.FindDevice(SampleHost.Uplink)!.Addresses);
        Assert.Null(host.State.FindDevice(SampleHost.Bridge));
    }

    private static void Run(HostIntent intent, SimulatedHost host)
    {
        Plan plan = Planner.Plan(intent, host.State);
        Assert.Empty(plan.Objections);
        foreach (Step step in plan.Steps)
        {
            host.Run(step.Action);
        }
    }

    private static IEnumerable<string> Kinds(HostIntent intent, HostState host)
    {
        Plan plan = Planner.Plan(intent, host);
        Assert.Empty(plan.Objections);
        return plan.Steps.Select(step => step.Action.GetType().Name
            + (step.Action is SetLinkUp up ? $" {up.Device}" : ""));
    }

    private static HostIntent Wanting(params IPNetworkAddress[] addresses)
    {
        HostIntent intent = SampleIntent.Switchdev(2);
        return intent with
        {
            Bridges = [intent.Bridges[0] with { Addresses = [.. addresses.Select(Of)] }],
        };
    }

    private static InterfaceAddress Of(IPNetworkAddress address) => new(address.Address, address.PrefixLength);
}

/// <summary>Hosts with addresses.</summary>
internal static class AddressedHost
{
    /// <summary>The host with these addresses on a device.</summary>
    public static HostState Having(this HostState host, string device, params IPNetworkAddress[] addresses) =>
        host.WithDevice(device, found => found with { Addresses = [.. addresses] });
}
