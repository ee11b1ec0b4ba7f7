using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Applying;

/// <summary>What comes in while a run is under way does not run because another plan was agreed to.</summary>
public class ApplierUnshownTests
{
    private static readonly HostIntent Goal = SampleIntent.Switchdev(4) with
    {
        OpenVSwitch = new OpenVSwitchIntent { HwOffload = true, MaxIdle = TimeSpan.FromSeconds(10) },
    };

    [Fact]
    public async Task A_step_that_no_plan_had_ends_the_run_with_what_was_done()
    {
        FakeHost host = Edited();

        ApplyReport report = await ApplyAsync(host, steps => false);

        Assert.Equal(EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
        Step unshown = Assert.Single(report.Unshown);
        Assert.IsType<SetSwitchOption>(unshown.Action);
        Assert.False(report.Succeeded);
        Assert.True(report.Reached);
        Assert.DoesNotContain(report.Steps, step => step.Result == StepResult.Undone);
        Assert.Equal("end", host.Journal[^1]);
    }

    [Fact]
    public async Task Where_it_may_run_the_goal_is_reached()
    {
        List<string> asked = [];
        FakeHost host = Edited();

        ApplyReport report = await ApplyAsync(host, steps =>
        {
            asked.AddRange(steps.Select(step => step.Action.Summary));
            return true;
        });

        Assert.Single(asked);
        Assert.True(report.Succeeded);
        Assert.Empty(report.Unshown);
    }

    [Theory]
    [InlineData("15b3:1015", 0, nameof(DriverRule.VfsFirst))]
    [InlineData("15b3:101d", 4, nameof(DriverRule.NoVfs))]
    [InlineData("15b3:1017", 4, nameof(DriverRule.NoBoundVf))]
    [InlineData("14e4:16d7", 4, nameof(DriverRule.NoVfs))]
    public async Task What_follows_from_a_drivers_refusal_is_not_asked_about(string id, int vfs, string rule)
    {
        var host = new FakeHost(SampleHost.Legacy(id, vfs), Enum.Parse<DriverRule>(rule));

        ApplyReport report = await ApplyAsync(host, _ => false);

        Assert.Empty(report.Unshown);
        Assert.True(report.Succeeded, string.Join('\n', report.Failures));
    }

    /// <summary>Or people would be asked again and again.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task A_run_that_nobody_disturbs_has_no_step_that_its_first_plan_had_not(int vfs)
    {
        foreach (HostState start in (HostState[])[SampleHost.Fresh(), SampleHost.Legacy(vfs: vfs)])
        {
            foreach (HostIntent goal in (HostIntent[])[Goal, SampleIntent.Switchdev(2, RepresentorPorts.All)])
            {
                Assert.Empty((await ApplyAsync(new FakeHost(start), _ => false, goal)).Unshown);
            }
        }
    }

    private static Task<ApplyReport> ApplyAsync(
        FakeHost host, Func<ImmutableArray<Step>, bool> mayRun, HostIntent? goal = null) => host.ApplyAsync(
            goal ?? Goal, mayRunUnshown: mayRun);

    /// <summary>A host on which another program changes a setting that was right, while the mode changes.</summary>
    private static FakeHost Edited()
    {
        FakeHost host = null!;
        host = new FakeHost(SampleHost.Fresh().WithOption("max-idle", "10000"))
        {
            Before = action =>
            {
                if (action is SetEswitchMode)
                {
                    host.Run(new SetSwitchOption("max-idle", "10000", "20000"));
                }
            },
        };
        return host;
    }
}
