using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Applying;

public class ApplierTests
{
    private static readonly HostIntent Goal = SampleIntent.Switchdev(2, RepresentorPorts.All);

    [Fact]
    public async Task Apply_reaches_the_goal_and_reports_it()
    {
        var host = new FakeHost(SampleHost.Fresh());

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.True(report.Succeeded);
        Assert.True(report.Reached);
        Assert.True(Planner.Plan(Goal, host.State).IsEmpty);
        Assert.DoesNotContain(report.Steps, step => step.Result is StepResult.Failed or StepResult.Undone);
        Assert.Equal(report.Steps, host.Progress);
    }

    [Fact]
    public async Task Every_step_is_announced_with_its_number_before_it_runs()
    {
        List<string> order = [];
        var host = new FakeHost(SampleHost.Fresh()) { Before = action => order.Add(action.Kind) };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Equal(report.Steps.Select(step => step.Step), host.Started.Select(start => start.Step));
        Assert.Equal(Enumerable.Range(1, order.Count), host.Started.Select(start => start.Number));
        Assert.All(host.Started, start => Assert.InRange(start.Total, start.Number, order.Count));
    }

    [Fact]
    public async Task A_host_that_was_just_read_is_read_again_only_after_the_steps()
    {
        var host = new FakeHost(SampleHost.Fresh());
        List<int> stepsBeforeReading = [];
        var applier = new Applier(ReadAsync, host, host, host)
        {
            First = host.State,
            Holders = new HolderCheck(_ => Task.FromResult(host.State.PhysicalFunctions), TimeProvider.System),
        };

        ApplyReport report = await applier.ApplyAsync(Goal, Stage.All, TestContext.Current.CancellationToken);

        Assert.True(report.Reached);
        Assert.DoesNotContain(0, stepsBeforeReading);
        Assert.Equal(host.Ran.Count, stepsBeforeReading[^1]);

        Task<HostState> ReadAsync(CancellationToken cancellation)
        {
            stepsBeforeReading.Add(host.Ran.Count);
            return Task.FromResult(host.State);
        }
    }

    [Fact]
    public async Task A_second_run_does_nothing()
    {
        var host = new FakeHost(SampleHost.Fresh());
        await host.ApplyAsync(Goal);
        int ran = host.Ran.Count;

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Empty(report.Steps);
        Assert.True(report.Succeeded);
        Assert.Equal(ran, host.Ran.Count);
    }

    [Fact]
    public async Task The_journal_has_every_step_before_and_after_it_is_run()
    {
        var host = new FakeHost(SampleHost.Legacy().WithBridges());

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Equal(
            [
                "begin",
                .. report.Steps.Select(step => step.Step.Action.Kind)
                    .SelectMany(kind => new[] { $"begin {kind}", $"done {kind}" }),
                "end",
            ],
            host.Journal);
    }

    [Fact]
    public async Task A_step_that_was_not_needed_is_skipped()
    {
        var host = new FakeHost(SampleHost.Fresh());

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Contains(report.Steps, step => step is { Step.Action: WaitForRepresentors, Result: StepResult.Skipped });
    }

    [Fact]
    public async Task An_objection_ends_it_before_anything_is_run()
    {
        var host = new FakeHost(SampleHost.Legacy().WithHolder(0, HolderKind.Vfio, "a guest"));

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Equal(ObjectionKind.Refused, Assert.Single(report.Objections).Kind);
        Assert.Empty(report.Steps);
        Assert.False(report.Reached);
        Assert.Equal(["begin", "end"], host.Journal);
    }

    [Fact]
    public async Task A_pending_restart_is_reported_after_its_setting_was_changed()
    {
        var intent = new HostIntent { OpenVSwitch = new OpenVSwitchIntent { TcPolicy = TcPolicy.SkipSw } };
        var host = new FakeHost(SampleHost.ConnectX6Dx());

        ApplyReport report = await host.ApplyAsync(intent);

        Assert.True(report.Succeeded);
        Assert.Contains("tc-policy", Assert.Single(report.Pending), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_is_visible_only_after_the_first_plan_is_done_in_a_second_one()
    {
        var host = new FakeHost(SampleHost.Fresh("15b3:1015"))
        {
            Seen = state => state.WithPf(pf => pf with
            {
                // mlx5 tells no inline mode in legacy mode.
                Eswitch = pf.Eswitch.Map(it => it.Mode == EswitchMode.Legacy ? it with { InlineMode = null } : it),
            }),
        };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.True(report.Succeeded);
        Assert.Equal(EswitchInlineMode.Transport, host.State.KnownFunctions[0].Eswitch.Value.InlineMode);
    }

    [Fact]
    public async Task A_plan_that_is_the_same_after_it_was_run_fails_and_is_undone()
    {
        HostState start = SampleHost.ConnectX6Dx().WithRepresentor(0, device => device with { Up = false });
        var host = new FakeHost(start) { Seen = _ => start };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Contains("another program may have undone it", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.False(report.Reached);
        Assert.False(host.State.KnownFunctions[0].RepresentorOf(0)!.Device!.Up);
        Assert.Equal([StepResult.Undone, StepResult.Failed], report.Steps.Select(step => step.Result));
    }

    [Fact]
    public async Task A_host_that_never_converges_ends_the_run()
    {
        int readings = 0;
        HostState one = SampleHost.ConnectX6Dx().WithRepresentor(0, device => device with { Up = false });
        HostState two = SampleHost.ConnectX6Dx().WithRepresentor(1, device => device with { Up = false });
        var host = new FakeHost(one) { Seen = _ => ++readings % 2 == 1 ? one : two };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Equal(8, readings);
        Assert.StartsWith(
            "the host still does not match after 8 plans", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.Equal("end", host.Journal[^1]);
    }
}
