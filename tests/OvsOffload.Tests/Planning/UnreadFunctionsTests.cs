using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class UnreadFunctionsTests
{
    private const string Why = "/sys/bus/pci/devices: Permission denied (EACCES)";

    [Theory]
    [InlineData(nameof(Stage.All))]
    [InlineData(nameof(Stage.Pre))]
    [InlineData(nameof(Stage.Post))]
    public void Where_PFs_are_named_and_cannot_be_read_nothing_is_planned_and_the_file_is_named(string stage)
    {
        HostState host = SampleHost.Fresh().WithUnreadFunctions(Why);

        Plan plan = Planner.Plan(SampleIntent.Switchdev(2), host, Enum.Parse<Stage>(stage));

        Assert.Equal(ObjectionKind.Unreadable, plan.Objection().Kind);
        Assert.Contains(Why, plan.Objection().Text, StringComparison.Ordinal);
        Assert.Equal(SampleIntent.Reference(SampleHost.Pf).Position, plan.Objection().Position);
        Assert.Empty(plan.Steps);
    }

    [Fact]
    public void Settings_of_Open_vSwitch_alone_need_no_PF()
    {
        var intent = new HostIntent { OpenVSwitch = new OpenVSwitchIntent { HwOffload = true } };

        Plan plan = Planner.Plan(intent, SampleHost.Fresh().WithUnreadFunctions(Why));

        Assert.Empty(plan.Objections);
        Assert.NotEmpty(plan.Steps);
    }

    [Fact]
    public void A_host_that_has_no_PF_is_told_so_and_not_that_it_is_unreadable()
    {
        Plan plan = Planner.Plan(SampleIntent.Switchdev(2), SampleHost.Bare());

        Assert.All(plan.Objections, objection => Assert.NotEqual(Why, objection.Text));
        Assert.Contains(
            plan.Objections,
            objection => objection.Text.Contains("no network card with a physical function", StringComparison.Ordinal));
    }
}
