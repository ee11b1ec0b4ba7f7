using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>What a PF was told of its VFs comes back when they are made again.</summary>
public class VfSettingsTests
{
    private static readonly LinkVf Told = new()
    {
        Index = 0,
        Address = HardwareAddress.Parse("02:42:a1:00:01:00"),
        Vlan = 100,
        VlanPriority = 3,
        MinimumRate = 10,
        MaximumRate = 1000,
        IsSpoofChecked = true,
        IsTrusted = true,
        LinkState = VfLinkState.Enable,
    };

    [Fact]
    public void In_legacy_mode_a_VF_gets_all_of_it_back() => Assert.Equal(
        [new RestoreVfSettings(Planned.Pf, 0, Told)],
        With(SampleHost.Legacy(), NicMode.Legacy, 3).All<RestoreVfSettings>());

    [Fact]
    public void On_a_NIC_without_e_switch_a_VF_gets_all_of_it_back() => Assert.Equal(
        [new RestoreVfSettings(Planned.Pf, 0, Told)],
        With(SampleHost.I350(), null, 3).All<RestoreVfSettings>());

    [Fact]
    public void In_switchdev_mode_a_VF_gets_back_what_drivers_take_there()
    {
        Plan plan = With(SampleHost.Legacy(), NicMode.Switchdev, 3);

        Assert.Equal(
            [Told with { Vlan = 0, VlanPriority = 0, IsSpoofChecked = null, IsTrusted = null }],
            plan.All<RestoreVfSettings>().Select(step => step.Settings));
    }

    [Fact]
    public void What_switchdev_mode_has_not_is_said_with_the_step_that_loses_it()
    {
        Step away = With(SampleHost.Legacy(), NicMode.Switchdev, 3).Steps
            .Single(step => step.Action is SetVfCount { To: 0 });

        Assert.Contains(
            away.Disrupts,
            text => text.StartsWith("vf0 loses VLAN 100, spoof check, trust: ", StringComparison.Ordinal));
        Assert.DoesNotContain(away.Disrupts, text => text.StartsWith("vf1 loses", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_address_takes_the_place_of_the_old_one_and_the_rest_comes_back()
    {
        NicIntent nic = SampleIntent.Nic(NicMode.Legacy, 3) with { VfMacs = VfMacSource.Stable };
        Plan plan = Planned.For(Telling(SampleHost.Legacy()), nic);

        HardwareAddress stable = StableMac.Of(HardwareAddress.Parse("0c:42:a1:00:00:0a"), 0);
        Assert.Equal(Told with { Address = stable }, Assert.Single(plan.All<RestoreVfSettings>()).Settings);
        Assert.Equal([1, 2], plan.All<SetVfMac>().Select(step => step.Vf));
    }

    [Fact]
    public void They_come_back_while_no_driver_has_the_VF()
    {
        string order = With(SampleHost.Legacy(), NicMode.Legacy, 3).Order();

        Assert.Equal("vfs-away autoprobe-off vfs vf-settings vf-mac autoprobe-on vf-driver", order);
    }

    [Fact]
    public void They_come_back_in_a_later_round_when_the_VFs_are_gone_already()
    {
        HostState before = Telling(SampleHost.Legacy());
        var host = new SimulatedHost(before);
        host.Run(new SetVfCount(Planned.Pf, 2, 0, before.KnownFunctions[0].VirtualFunctions));
        HostState later = host.State with
        {
            RemovedVfs = before.RemovedVfs.Add(Planned.Pf, before.KnownFunctions[0].VirtualFunctions),
        };

        Assert.Equal(
            [new RestoreVfSettings(Planned.Pf, 0, Told)],
            Planned.For(later, SampleIntent.Nic(NicMode.Legacy, 2)).All<RestoreVfSettings>());
    }

    [Fact]
    public void Settings_that_could_not_be_read_are_said_to_be_lost()
    {
        HostState host = SampleHost.Legacy().WithVf(1, vf => vf with { Settings = Reading.Failed<LinkVf>("EIO") });

        Step away = Planned.For(host, SampleIntent.Nic(NicMode.Legacy, 3)).Steps
            .Single(step => step.Action is SetVfCount { To: 0 });

        Assert.Contains(
            "vf1 loses its MAC address, VLAN and limits, which could not be read: EIO", away.Disrupts);
    }

    private static Plan With(HostState host, NicMode? mode, int vfs) =>
        Planned.For(Telling(host), SampleIntent.Nic(mode, vfs));

    private static HostState Telling(HostState host) =>
        host.WithVf(0, vf => vf with { Settings = Reading.Known(Told) });
}
