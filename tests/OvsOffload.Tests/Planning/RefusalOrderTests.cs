using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class RefusalOrderTests
{
    [Fact]
    public void A_driver_that_wants_VFs_first_gets_them_first_and_bound_after() => Assert.StartsWith(
        "autoprobe-off vfs autoprobe-on switchdev vf-driver wait-representors",
        Planned.Switchdev(SampleHost.Fresh().Refusing(RefusalReason.NeedsVfsFirst), 2).Order(),
            StringComparison.Ordinal);

    [Fact]
    public void A_driver_that_wants_VFs_first_is_switched_under_those_that_are_there() => Assert.StartsWith(
        "switchdev wait-representors",
        Planned.Switchdev(SampleHost.Legacy().Refusing(RefusalReason.NeedsVfsFirst), 2).Order(),
            StringComparison.Ordinal);

    [Fact]
    public void A_driver_that_wants_VFs_first_but_none_are_wanted_is_only_switched() => Assert.Equal(
        "switchdev", Planned.Switchdev(SampleHost.Fresh().Refusing(RefusalReason.NeedsVfsFirst), 0).Order());

    [Fact]
    public void A_driver_that_wants_no_VFs_loses_them_first_and_gets_them_back() => Assert.StartsWith(
        "vfs-away switchdev autoprobe-off vfs vf-mac autoprobe-on vf-driver wait-representors",
        Planned.Switchdev(SampleHost.Legacy().Refusing(RefusalReason.NeedsNoVfs), 2).Order(), StringComparison.Ordinal);

    [Fact]
    public void A_driver_that_is_busy_while_VFs_are_bound_has_them_unbound_and_bound_again()
    {
        Plan plan = Planned.Switchdev(SampleHost.Legacy().Refusing(RefusalReason.BusyWhileVfsAreBound), 2);

        Assert.StartsWith("vf-unbind switchdev wait-representors vf-driver", plan.Order(), StringComparison.Ordinal);
        Assert.Equal(
            [("mlx5_core", null), ("mlx5_core", null), (null, "mlx5_core"), (null, "mlx5_core")],
            plan.All<SetVfDriver>().Select(step => (step.From, step.To)));
    }

    [Fact]
    public void A_refusal_of_VFs_and_of_none_cannot_be_got_over()
    {
        HostState host = SampleHost.Legacy().Refusing(RefusalReason.NeedsVfsFirst, RefusalReason.NeedsNoVfs);

        Objection objection = Planned.Switchdev(host, 2).Objection();

        Assert.Equal(ObjectionKind.Unsupported, objection.Kind);
        Assert.Contains("it said NeedsVfsFirst; it said NeedsNoVfs", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_driver_refused_counts_more_than_what_its_model_says()
    {
        HostState bnxt = SampleHost.Legacy("14e4:16d7").Refusing(RefusalReason.NeedsNoVfs);
        HostState ice = SampleHost.Fresh("8086:1592").Refusing(RefusalReason.NeedsVfsFirst);

        Assert.StartsWith("vfs-away switchdev autoprobe-off vfs", Planned.Switchdev(bnxt, 2).Order(),
            StringComparison.Ordinal);
        Assert.StartsWith("autoprobe-off vfs autoprobe-on switchdev", Planned.Switchdev(ice, 2).Order(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_of_another_PF_changes_nothing()
    {
        HostState host = SampleHost.Legacy().WithSecondPort();
        HostState refusing = host with
        {
            Refusals = [new Refusal(host.KnownFunctions[1].Address, RefusalReason.NeedsNoVfs, "")],
        };

        Assert.Equal(Planned.Switchdev(host, 2).Order(), Planned.Switchdev(refusing, 2).Order());
    }
}
