using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class InlineAndSteeringTests
{
    private const string ConnectX4Lx = "15b3:1015";

    [Fact]
    public void ConnectX_4_Lx_gets_its_inline_mode_before_its_VFs() => Assert.StartsWith(
        "switchdev inline-mode autoprobe-off vfs", Planned.Switchdev(Linked(SampleHost.Fresh(ConnectX4Lx)), 2).Order(),
        StringComparison.Ordinal);

    [Fact]
    public void Bound_VFs_of_a_ConnectX_4_Lx_that_stay_are_bound_anew() => Assert.StartsWith(
        "vf-unbind switchdev inline-mode wait-representors vf-driver",
        Planned.Switchdev(Linked(SampleHost.Legacy(ConnectX4Lx)), 2).Order(), StringComparison.Ordinal);

    [Fact]
    public void They_are_bound_anew_too_when_switchdev_mode_is_there_already() => Assert.Equal(
        "vf-unbind inline-mode vf-driver", Planned.Switchdev(Linked(SampleHost.ConnectX4Lx()), 2).Order());

    [Fact]
    public void A_held_VF_keeps_its_driver_when_only_the_inline_mode_changes()
    {
        HostState host = Linked(SampleHost.ConnectX4Lx()).WithHolder(0, HolderKind.Vfio, "qemu (pid 1)");

        Assert.All(Planned.Switchdev(host, 2).All<SetVfDriver>(), step => Assert.Equal(1, step.Vf));
    }

    [Fact]
    public void A_driver_that_wants_VFs_first_has_the_inline_mode_before_they_are_bound() => Assert.StartsWith(
        "autoprobe-off vfs autoprobe-on switchdev inline-mode vf-driver",
        Planned.Switchdev(Linked(SampleHost.Fresh(ConnectX4Lx)).Refusing(RefusalReason.NeedsVfsFirst), 2).Order(),
        StringComparison.Ordinal);

    [Fact]
    public void ConnectX_5_is_never_asked_for_an_inline_mode() =>
        Assert.Empty(Planned.Switchdev(Linked(SampleHost.Fresh("15b3:1017")), 2).All<SetInlineMode>());

    [Theory]
    [InlineData(nameof(EncapChoice.None), "encap-mode")]
    [InlineData(nameof(EncapChoice.Basic), "")]
    [InlineData(nameof(EncapChoice.Keep), "")]
    public void The_encap_mode_is_set_when_another_one_is_wanted(string choice, string steps) => Assert.Equal(
        steps,
        Planned.For(
            SampleHost.ConnectX6Dx(),
            SampleIntent.Nic(NicMode.Switchdev) with { Encap = Enum.Parse<EncapChoice>(choice) })
            .Order());

    [Fact]
    public void An_encap_mode_that_the_driver_does_not_have_is_not_set()
    {
        HostState host = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            Eswitch = pf.Eswitch.Map(eswitch => eswitch with { EncapMode = null }),
        });

        Assert.True(Planned.For(host, SampleIntent.Nic(NicMode.Switchdev) with { Encap = EncapChoice.None }).IsEmpty);
    }

    [Fact]
    public void Steering_is_set_before_switchdev() => Assert.StartsWith(
        "steering-mode switchdev autoprobe-off", Steered(SampleHost.Fresh(), SteeringChoice.Dmfs, 2).Order(),
        StringComparison.Ordinal);

    [Fact]
    public void Steering_goes_by_way_of_legacy_mode_when_switchdev_is_there_already()
    {
        Plan plan = Steered(SampleHost.ConnectX6Dx(), SteeringChoice.Dmfs);

        Assert.StartsWith("legacy steering-mode switchdev wait-representors", plan.Order(), StringComparison.Ordinal);
        Assert.Equal(("smfs", "dmfs"), plan.All<SetSteeringMode>().Select(step => (step.From, step.To)).Single());
    }

    [Theory]
    [InlineData(nameof(SteeringChoice.Smfs))]
    [InlineData(nameof(SteeringChoice.Keep))]
    public void Steering_that_is_right_or_kept_is_not_touched(string choice) =>
        Assert.True(Steered(SampleHost.ConnectX6Dx(), Enum.Parse<SteeringChoice>(choice)).IsEmpty);

    [Fact]
    public void Steering_that_cannot_be_read_is_an_objection()
    {
        HostState host = SampleHost.Fresh().WithPf(pf => pf with { SteeringMode = Reading.Failed<string>("EIO") });

        Assert.Equal(ObjectionKind.Unreadable, Steered(host, SteeringChoice.Dmfs).Objection().Kind);
    }

    private static Plan Steered(HostState host, SteeringChoice choice, int? vfs = null) =>
        Planned.For(host, SampleIntent.Nic(NicMode.Switchdev, vfs) with { Steering = choice });

    private static HostState Linked(HostState host) => host.WithPf(pf => pf with
    {
        Eswitch = pf.Eswitch.Map(eswitch => eswitch with { InlineMode = EswitchInlineMode.Link }),
    });
}
