using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;
using OvsOffload.Tests.Host;

namespace OvsOffload.Tests.Planning;

public class StageTests
{
    private static readonly HostIntent Everything = SampleIntent.Switchdev(2, RepresentorPorts.All);

    [Fact]
    public void Before_the_network_only_NICs_are_planned() => Assert.All(
        Planner.Plan(Everything, SampleHost.Fresh(), Stage.Pre).Steps,
        step => Assert.Equal(Planned.Pf, Scope.Of(step.Action)));

    [Fact]
    public void Before_the_network_Open_vSwitch_may_be_down()
    {
        HostState host = SampleHost.Fresh() with { OpenVSwitch = SampleHost.Bare().OpenVSwitch };

        Plan plan = Planner.Plan(Everything, host, Stage.Pre);

        Assert.Empty(plan.Objections);
        Assert.NotEmpty(plan.Steps);
    }

    [Fact]
    public void After_Open_vSwitch_only_the_switch_is_planned() => Assert.All(
        Planner.Plan(Everything, SampleHost.Fresh(), Stage.Post).Steps, step => Assert.Null(Scope.Of(step.Action)));

    [Fact]
    public void Both_stages_together_are_the_whole()
    {
        HostState host = SampleHost.Fresh();

        Assert.Equal(
            Planner.Plan(Everything, host).Steps.Select(step => step.Id),
            Planner.Plan(Everything, host, Stage.Pre).Steps.Concat(Planner.Plan(Everything, host, Stage.Post).Steps)
                .Select(step => step.Id));
    }

    [Fact]
    public void Without_a_configuration_nothing_is_planned() =>
        Assert.True(Planner.Plan(HostIntent.Observe, SampleHost.Legacy()).IsEmpty);
}
