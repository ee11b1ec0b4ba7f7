using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class MtuPreconditionTests
{
    private static readonly SourcePosition Place = new("config.yaml", 7, 10);

    [Theory]
    [InlineData(68, 9978, 9979, "mtu: 9979 is above the 9978 that enp59s0f0np0 accepts")]
    [InlineData(128, 9978, 100, "mtu: 100 is below the 128 that enp59s0f0np0 needs")]
    public void What_the_NIC_does_not_accept_is_a_mistake_of_the_configuration(
        int least, int most, int wanted, string text)
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithDevice(SampleHost.Uplink, device => device with { MinMtu = least, MaxMtu = most });

        Objection objection = Plan(host, wanted).Objection();

        Assert.Equal((ObjectionKind.Configuration, Place), (objection.Kind, objection.Position));
        Assert.StartsWith(text, objection.Text, StringComparison.Ordinal);
        Assert.Equal(new Scope.OfPf(Planned.Pf), objection.Scope);
    }

    [Theory]
    [InlineData(68)]
    [InlineData(9978)]
    public void The_limits_themselves_are_accepted(int wanted) => Assert.Empty(Plan(
        SampleHost.ConnectX6Dx()
            .WithDevice(SampleHost.Uplink, device => device with { MinMtu = 68, MaxMtu = 9978 }),
        wanted).Objections);

    [Fact]
    public void Where_the_kernel_knows_no_limit_the_driver_has_the_last_word() =>
        Assert.Empty(Plan(SampleHost.ConnectX6Dx(), 65535).Objections);

    [Fact]
    public void A_representor_that_accepts_less_than_its_uplink_is_named()
    {
        HostState host = SampleHost.ConnectX6Dx().WithRepresentor(1, device => device with { MaxMtu = 1500 });

        Assert.Contains(
            $"the 1500 that {SampleHost.RepresentorName(1)} accepts", Plan(host, 9000).Objection().Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_to_this_host_keeps_its_MTU()
    {
        Objection objection = Plan(Carrying(SampleHost.ConnectX6Dx()), 9000).Objection();

        Assert.Equal((ObjectionKind.Refused, Place), (objection.Kind, objection.Position));
        Assert.StartsWith(
            $"{SampleHost.Uplink} carries the default route, and changing its MTU may cut it", objection.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void On_the_way_to_this_host_representors_still_follow_an_uplink_that_has_it()
    {
        HostState host = Carrying(SampleHost.ConnectX6Dx())
            .WithDevice(SampleHost.Uplink, device => device with { Mtu = 9000 });

        Plan plan = Plan(host, 9000);

        Assert.Empty(plan.Objections);
        Assert.Equal(2, plan.All<SetMtu>().Count);
    }

    [Fact]
    public void A_member_of_a_bond_that_the_configuration_does_not_manage_has_the_bond_s()
    {
        Objection objection = Plan(BondSample.Bonded(), 9000).Objection();

        Assert.Equal((ObjectionKind.Refused, Place), (objection.Kind, objection.Position));
        Assert.StartsWith(
            $"{SampleHost.Uplink} is a member of bond0, which sets the MTU of its members", objection.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_uplink_that_Open_vSwitch_keeps_at_another_one_is_not_fought_over()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithInterface(SampleHost.Uplink, row => row with { MtuRequest = 1600 });

        Assert.Contains(
            $"ovs-vsctl clear Interface {SampleHost.Uplink} mtu_request", Plan(host, 9000).Objection().Text,
            StringComparison.Ordinal);
        Assert.Empty(Plan(host, 1600).Objections);
    }

    [Theory]
    [InlineData("2001:db8::7", 1279, false)]
    [InlineData("2001:db8::7", 1280, true)]
    [InlineData("192.0.2.7", 1279, true)]
    public void An_IPv6_address_is_not_lost_to_a_small_MTU(string address, int wanted, bool may)
    {
        HostState host = SampleHost.ConnectX6Dx().WithDevice(SampleHost.Uplink, device => device with
        {
            Addresses = [new IPNetworkAddress(IPAddress.Parse(address), 24)],
        });

        Plan plan = Plan(host, wanted);

        Assert.Equal(may, plan.Objections.IsEmpty);
        Assert.All(plan.Objections, one => Assert.Contains(address, one.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(NicMode.Legacy), true, nameof(ObjectionKind.Refused))]
    [InlineData(nameof(NicMode.Legacy), false, nameof(ObjectionKind.Unreadable))]
    [InlineData(nameof(NicMode.Switchdev), true, nameof(ObjectionKind.Refused))]
    public void A_PF_whose_device_is_not_seen_has_no_MTU_to_set(string mode, bool read, string kind)
    {
        NicMode wanted = Enum.Parse<NicMode>(mode);
        HostState host = (wanted == NicMode.Legacy ? SampleHost.Legacy() : SampleHost.ConnectX6Dx())
            .WithPf(pf => pf with { Uplink = null });
        host = read
            ? host
            : host with { Devices = Reading.Failed<ImmutableArray<NetDevice>>("ip link show: EPERM") };

        Objection objection = Plan(host, 9000, wanted).Objection();

        Assert.Equal(kind, objection.Kind.ToString());
    }

    private static Plan Plan(HostState host, int mtu, NicMode mode = NicMode.Switchdev) =>
        Planned.For(host, SampleIntent.Nic(mode, 2) with
        {
            Mtu = mtu,
            Source = new SourceMap(
                new SourcePosition("config.yaml", 3, 5), new Dictionary<string, SourcePosition> { ["mtu"] = Place }),
        });

    private static HostState Carrying(HostState host) => host with
    {
        Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
            [new ProtectedDevice(SampleHost.Uplink, "carries the default route")]),
    };
}
