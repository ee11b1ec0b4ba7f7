using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class StageTests
{
    private static readonly HostIntent Everything = SampleIntent.Switchdev(2, RepresentorPorts.All);

    [Fact]
    public void Before_the_network_only_NICs_are_planned() => Assert.All(
        Planner.Plan(Everything, SampleHost.Fresh(), Stage.Pre).Steps,
        step => Assert.Equal(new Scope.OfPf(Planned.Pf), step.Action.Scope));

    [Fact]
    public void Before_the_network_Open_vSwitch_may_be_down()
    {
        HostState host = SampleHost.Fresh() with { OpenVSwitch = SampleHost.Bare().OpenVSwitch };

        Plan plan = Planner.Plan(Everything, host, Stage.Pre);

        Assert.Empty(plan.Objections);
        Assert.NotEmpty(plan.Steps);
    }

    [Fact]
    public void After_Open_vSwitch_only_the_switch_is_planned()
    {
        Plan plan = Planner.Plan(Everything, SampleHost.ConnectX6Dx().WithBridges(), Stage.Post);

        Assert.Empty(plan.Objections);
        Assert.NotEmpty(plan.Steps);
        Assert.All(plan.Steps, step => Assert.IsNotType<Scope.OfPf>(step.Action.Scope));
    }

    [Fact]
    public void Both_stages_one_after_the_other_are_the_whole()
    {
        HostState start = SampleHost.Fresh();
        var host = new SimulatedHost(start);
        Plan pre = Planner.Plan(Everything, start, Stage.Pre);
        foreach (Step step in pre.Steps)
        {
            host.Run(step.Action);
        }

        Plan post = Planner.Plan(Everything, host.State, Stage.Post);

        Assert.Empty(post.Objections);
        Assert.Equal(
            Planner.Plan(Everything, start).Steps.Select(step => step.Id),
            pre.Steps.Concat(post.Steps).Select(step => step.Id));
    }

    [Fact]
    public void After_Open_vSwitch_a_PF_that_is_not_in_switchdev_mode_yet_is_put_into_no_bridge()
    {
        Objection objection = Planner.Plan(Everything, SampleHost.Fresh(), Stage.Post).Objection();

        Assert.Equal((ObjectionKind.Refused, SampleHost.Bridge), (objection.Kind, objection.Object));
        Assert.Contains("run apply --stage pre first", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void After_Open_vSwitch_a_PF_whose_mode_is_unread_is_put_into_no_bridge()
    {
        HostState host = SampleHost.Fresh().WithPf(pf => pf with { Eswitch = Reading.Failed<Eswitch>("EIO") });

        Objection objection = Planner.Plan(Everything, host, Stage.Post).Objection();

        Assert.Equal(ObjectionKind.Unreadable, objection.Kind);
        Assert.EndsWith("EIO", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PF_that_somebody_else_is_to_switch_is_put_into_no_bridge_before()
    {
        HostIntent intent = Everything with { Nics = [Everything.Nics[0] with { Managed = Management.Observe }] };

        Assert.Contains(
            "switch it first where it is managed", Planner.Plan(intent, SampleHost.Fresh())
                .Objection().Text, StringComparison.Ordinal);
        Assert.Empty(Planner.Plan(intent, SampleHost.ConnectX6Dx()).Objections);
    }

    [Fact]
    public void Without_a_configuration_nothing_is_planned() =>
        Assert.True(Planner.Plan(HostIntent.Observe, SampleHost.Legacy()).IsEmpty);
}
