using OvsOffload.Applying;
using OvsOffload.Cli;
using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Cli;

public sealed class ExitStatusTests
{
    private static readonly ApplyReport Done = new([], [], [], [], [], Reached: true);

    private static readonly UnreadFact Log = new("kernel log", "Operation not permitted", NeededBy.Both);

    [Theory]
    [InlineData("pre")]
    [InlineData("post")]
    public void A_stage_that_left_nothing_out_has_not_failed_though_something_could_not_be_read(string stage)
    {
        ApplyReport report = Done with { Unread = [Log] };

        Assert.Equal(0, ExitStatus.Of(report, Named(stage)));
        Assert.Equal(6, ExitStatus.Of(report, Stage.All));
    }

    [Theory]
    [InlineData("pre")]
    [InlineData("post")]
    [InlineData("all")]
    public void A_NIC_that_did_not_reach_the_goal_is_a_failure_of_every_stage(string stage) =>
        Assert.Equal(6, ExitStatus.Of(Done with { Failures = ["0000:09:00.0: no such PF"] }, Named(stage)));

    [Fact]
    public void A_restart_that_is_pending_is_said_by_a_stage_too() =>
        Assert.Equal(7, ExitStatus.Of(Done with { Pending = ["restart"], Unread = [Log] }, Stage.Post));

    private static Stage Named(string name) => Enum.Parse<Stage>(name, ignoreCase: true);
}
