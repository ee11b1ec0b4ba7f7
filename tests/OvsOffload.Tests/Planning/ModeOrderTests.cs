using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class ModeOrderTests
{
    [Theory]
    [InlineData("15b3:1015")]
    [InlineData("15b3:1017")]
    [InlineData("15b3:101d")]
    public void A_healthy_host_needs_nothing(string id)
    {
        HostState host = id switch
        {
            "15b3:1015" => SampleHost.ConnectX4Lx(),
            "15b3:1017" => SampleHost.ConnectX5(),
            _ => SampleHost.ConnectX6Dx(),
        };

        Plan plan = Planner.Plan(SampleIntent.Switchdev(2, RepresentorPorts.All), host);

        Assert.True(plan.IsEmpty, string.Join('\n', plan.Steps));
    }

    [Fact]
    public void A_fresh_host_gets_switchdev_first_and_its_VFs_after() => Assert.Equal(
        "switchdev autoprobe-off vfs autoprobe-on vf-driver wait-representors hw-tc-offload link-up hw-tc-offload "
            + "link-up",
        Planned.Switchdev(SampleHost.Fresh(), 2).Order());

    [Fact]
    public void VFs_in_the_right_number_stay_and_the_mode_is_changed_under_them() => Assert.Equal(
        "switchdev wait-representors hw-tc-offload link-up hw-tc-offload link-up",
        Planned.Switchdev(SampleHost.Legacy(), 2).Order());

    [Fact]
    public void VFs_stay_when_the_configuration_does_not_say_how_many() =>
        Assert.Empty(Planned.Switchdev(SampleHost.Legacy(vfs: 3)).All<SetVfCount>());

    [Fact]
    public void A_wrong_number_of_VFs_is_changed_through_zero()
    {
        Plan plan = Planned.Switchdev(SampleHost.Legacy(vfs: 2), 3);

        Assert.StartsWith(
            "vfs-away switchdev autoprobe-off vfs vf-mac autoprobe-on vf-driver wait-representors", plan.Order(),
            StringComparison.Ordinal);
        Assert.Equal([(2, 0), (0, 3)], plan.All<SetVfCount>().Select(step => (step.From, step.To)));
    }

    [Fact]
    public void VFs_are_remade_without_a_change_of_mode_when_that_is_right() => Assert.StartsWith(
        "vfs-away autoprobe-off vfs vf-mac autoprobe-on vf-driver wait-representors",
        Planned.Switchdev(SampleHost.ConnectX6Dx(), 4).Order(), StringComparison.Ordinal);

    [Fact]
    public void Zero_VFs_removes_them_without_waiting_for_representors() =>
        Assert.Equal("vfs-away", Planned.Switchdev(SampleHost.ConnectX6Dx(), 0).Order());

    [Fact]
    public void Returning_to_legacy_mode_sets_up_no_representors() => Assert.Equal(
        "legacy", Planned.For(SampleHost.ConnectX6Dx(), SampleIntent.Nic(NicMode.Legacy)).Order());

    [Fact]
    public void A_PF_without_an_e_switch_gets_its_VFs_in_legacy_mode() => Assert.Equal(
        "vfs-away autoprobe-off vfs vf-mac autoprobe-on vf-driver",
        Planned.For(SampleHost.I350(2), SampleIntent.Nic(NicMode.Legacy, 4)).Order());

    [Fact]
    public void Autoprobe_that_is_off_already_is_left_alone()
    {
        Plan plan = Planned.Switchdev(
            SampleHost.Fresh().WithPf(pf => pf with { DriversAutoprobe = Reading.Known(false) }), 2);

        Assert.Empty(plan.All<SetDriversAutoprobe>());
    }

    [Fact]
    public void An_inactive_e_switch_is_activated()
    {
        Plan plan = Planned.Switchdev(SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = EswitchMode.SwitchdevInactive }),
        }));

        Assert.Equal(EswitchMode.SwitchdevInactive, Assert.Single(plan.All<SetEswitchMode>()).From);
    }

    [Fact]
    public void Intel_ice_changes_its_mode_only_without_VFs() => Assert.StartsWith(
        "vfs-away switchdev autoprobe-off vfs", Planned.Switchdev(SampleHost.Legacy("8086:1592"), 2).Order(),
        StringComparison.Ordinal);

    [Fact]
    public void Broadcom_bnxt_gets_its_VFs_first() => Assert.StartsWith(
        "autoprobe-off vfs autoprobe-on switchdev vf-driver wait-representors",
        Planned.Switchdev(SampleHost.Fresh("14e4:16d7"), 2).Order(), StringComparison.Ordinal);

    [Fact]
    public void A_PF_that_has_to_be_up_for_its_VFs_is_set_up_before()
    {
        HostState down =
            SampleHost.Fresh("14e4:16d7").WithDevice(SampleHost.Uplink, device => device with { Up = false });

        Plan plan = Planned.Switchdev(down, 2);

        Assert.StartsWith("link-up autoprobe-off vfs", plan.Order(), StringComparison.Ordinal);
        Assert.Single(plan.All<SetLinkUp>(), step => step.Device is UplinkOf);
    }

    [Fact]
    public void Every_step_says_why_and_a_change_of_mode_says_what_it_disrupts()
    {
        Plan plan = Planned.Switchdev(SampleHost.Legacy(vfs: 2), 3);

        Assert.All(plan.Steps, step => Assert.NotEmpty(step.Why));
        Assert.All(plan.Steps.Where(step => step.Action is SetEswitchMode),
            step => Assert.Equal([$"{SampleHost.Uplink} may lose its link for a moment"], step.Disrupts));
        Assert.All(plan.Steps.Where(step => step.Action is SetVfCount { To: 0 }),
            step => Assert.Equal(["enp59s0f0v0 goes away", "enp59s0f0v1 goes away"], step.Disrupts));
    }
}
