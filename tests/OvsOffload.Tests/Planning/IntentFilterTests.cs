using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Planning;

public class IntentFilterTests
{
    private const string Other = "0000:3b:00.1";
    private static readonly HostState Host = SampleHost.Legacy().WithSecondPort();

    private static readonly HostIntent Two = new()
    {
        Nics =
        [
            SampleIntent.Nic(NicMode.Switchdev),
            SampleIntent.Nic(NicMode.Switchdev) with { Pf = SampleIntent.Reference(Other) },
        ],
        Bonds =
        [
            new BondIntent
            {
                Name = "bond0",
                Profile = "lacp",
                Members = [SampleIntent.Reference(Other)],
                Managed = Management.Observe,
            },
        ],
        Bridges =
        [
            new BridgeIntent { Name = "br1", Uplink = new BridgeUplink(null, SampleIntent.Reference(SampleHost.Pf)) },
            new BridgeIntent { Name = "br2", Uplink = new BridgeUplink("bond0", null) },
        ],
        OpenVSwitch = new OpenVSwitchIntent { HwOffload = true },
    };

    [Fact]
    public void Without_failures_the_intent_is_unchanged() => Assert.Same(Two, To(false));

    [Fact]
    public void A_failed_NIC_goes_with_the_bridge_on_it()
    {
        HostIntent left = To(false, SampleHost.Pf);

        Assert.Equal(Other, Assert.Single(left.Nics).Pf.Value);
        Assert.Equal("br2", Assert.Single(left.Bridges).Name);
        Assert.Same(Two.OpenVSwitch, left.OpenVSwitch);
    }

    [Fact]
    public void A_failed_member_goes_with_its_bond_and_the_bridge_on_that()
    {
        HostIntent left = To(false, Other);

        Assert.Empty(left.Bonds);
        Assert.Equal("br1", Assert.Single(left.Bridges).Name);
    }

    [Fact]
    public void When_every_NIC_failed_Open_vSwitch_is_left_alone()
    {
        HostIntent left = To(false, SampleHost.Pf, Other);

        Assert.True(Planner.Plan(left, Host).IsEmpty);
    }

    [Fact]
    public void Without_its_NICs_the_intent_manages_nothing()
    {
        Assert.True(To(false, Other).Manages);
        Assert.False(To(false, SampleHost.Pf, Other).Manages);
        Assert.False(new HostIntent { Nics = [Two.Nics[0] with { Managed = Management.Observe }] }.Manages);
        Assert.False(HostIntent.Observe.Manages);
    }

    [Fact]
    public void A_failed_switch_leaves_the_NICs()
    {
        HostIntent left = To(true);

        Assert.Equal(2, left.Nics.Count);
        Assert.Empty(left.Bridges);
        Assert.Null(left.OpenVSwitch.HwOffload);
    }

    private static HostIntent To(bool switchFailed, params string[] failed)
    {
        IEnumerable<Scope> concerns = failed.Select(pf => new Scope.OfPf(PciAddress.Parse(pf)));
        return IntentFilter.Without(
            Two, Host, SkippedParts.Empty.With(switchFailed ? concerns.Append(Scope.Switch) : concerns, Two, Host));
    }
}
