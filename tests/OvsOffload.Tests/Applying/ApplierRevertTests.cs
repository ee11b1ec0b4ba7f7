using OvsOffload.Applying;
using OvsOffload.Planning;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

public class ApplierRevertTests
{
    [Fact]
    public async Task Apply_and_revert_leave_the_host_as_it_was_and_apply_brings_it_back()
    {
        var host = new FakeHost(RevertSample.Fresh);
        await host.ApplyAsync(RevertSample.Plain);

        ApplyReport report = await host.RevertAsync(RevertSample.Plain);
        IEnumerable<string> reverted = RevertSample.Told(host.State);
        ApplyReport again = await host.RevertAsync(RevertSample.Plain);
        await host.ApplyAsync(RevertSample.Plain);

        Assert.True(report.Succeeded);
        Assert.Equal(RevertSample.Told(RevertSample.Fresh), reverted);
        Assert.Empty(again.Steps);
        Assert.True(again.Succeeded);
        Assert.True(Planner.Plan(RevertSample.Plain, host.State).IsEmpty);
    }

    [Theory]
    [InlineData(nameof(SetEswitchMode))]
    [InlineData(nameof(DeleteBond))]
    [InlineData(nameof(DeleteBridge))]
    [InlineData(nameof(RemoveBondMember))]
    public async Task A_failing_step_undoes_the_whole_revert(string kind)
    {
        bool failing = false;
        var host = new FakeHost(RevertSample.Carrying(BondSample.Fresh()))
        {
            Before = action =>
            {
                if (failing && action.GetType().Name == kind)
                {
                    failing = false;
                    throw new StepException("it does not want to", 0, null, null, null) { ChangedNothing = true };
                }
            },
        };
        await host.ApplyAsync(RevertSample.Bonded("lacp"));
        IEnumerable<string> applied = [.. Told(host)];
        failing = true;

        ApplyReport report = await host.RevertAsync(RevertSample.Bonded("lacp"));

        Assert.Contains("it does not want to", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.False(report.Reached);
        Assert.Empty(report.NotUndone);
        Assert.Equal(applied, Told(host));
        await host.ApplyAsync(RevertSample.Bonded("lacp"));
        Assert.True(Planner.Plan(RevertSample.Bonded("lacp"), host.State).IsEmpty);
    }

    /// <summary>Representors that are made again are down until the next apply.</summary>
    private static IEnumerable<string> Told(FakeHost host) =>
        RevertSample.Told(host.State).Where(line => !line.Contains("vf", StringComparison.Ordinal));
}
