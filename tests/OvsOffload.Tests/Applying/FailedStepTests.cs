using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

/// <summary>
/// Whatever a step of any kind may have left when it failed midway is undone, or on a record that revert reads.
/// </summary>
public sealed class FailedStepTests : IDisposable
{
    /// <summary>
    /// Kinds that leave nothing of their own: they wait, or ask a daemon to do again what it does anyway.
    /// </summary>
    private static readonly HashSet<Type> LeaveNothing =
    [
        typeof(WaitForRepresentors), typeof(WaitForVfLag), typeof(PurgeFlows), typeof(RestartSwitch),
        typeof(WaitForRouter),
    ];

    /// <summary>Kinds on rows of OVSDB, which carry a mark that revert reads.</summary>
    private static readonly HashSet<Type> Marked =
    [
        typeof(AddBridge), typeof(DeleteBridge), typeof(AddPort), typeof(DeletePort), typeof(DeletePortOf),
    ];

    /// <summary>
    /// Kinds that give something back what it had: a VF of this program, which goes as a whole; the port of a device
    /// that is gone; the address that a bond had; the routes that a step before recorded.
    /// </summary>
    private static readonly HashSet<Type> GiveBack =
    [
        typeof(RestoreVfSettings), typeof(DeletePort), typeof(SetLinkAddress), typeof(MoveRoutes),
    ];

    private readonly HostTree _host = new();

    public static TheoryData<string> Kinds => StepActionTests.Kinds;

    private ChangeRecords Records => new(_host.Paths);

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_partially_executed_step_of_any_kind_is_undone_and_leaves_no_record(string type)
    {
        StepAction action = SampleActions.Of(type);
        var runner = new Failing(one => one == action);

        ApplyReport report = await ApplyAsync(action, runner);

        Assert.Contains("it was half done", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.Empty(report.NotUndone);
        if (action is AgentAction)
        {
            // They take back what they did themselves: AgentStepsTests.
            return;
        }

        Assert.Equal([action, .. action.Inverse], runner.Ran);
        Assert.True(runner.Ran.Count > 1 || LeaveNothing.Contains(action.GetType())
            || GiveBack.Contains(action.GetType()));
        if (runner.Ran.Count > 1)
        {
            Assert.Contains("the change was undone", report.Failures[0], StringComparison.Ordinal);
            Assert.Empty(Records.Read().Value.All);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_failed_undo_is_reported_and_stays_recorded(string type)
    {
        StepAction action = SampleActions.Of(type);

        ApplyReport report = await ApplyAsync(action, new Failing(_ => true));

        if (action is AgentAction || LeaveNothing.Contains(action.GetType()))
        {
            return;
        }

        Assert.Equal(action.Inverse.Length, report.NotUndone.Length);
        Assert.True(
            Records.Read().Value.All.Length > 0 || Marked.Contains(action.GetType())
                || GiveBack.Contains(action.GetType()),
            $"{action.Summary} failed, was not taken back, and revert does not know it");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_step_that_changed_nothing_is_not_taken_back_and_not_recorded(string type)
    {
        StepAction action = SampleActions.Of(type);
        var runner = new Failing(_ => true) { ChangedNothing = true };

        ApplyReport report = await ApplyAsync(action, runner);

        Assert.Equal([action], runner.Ran);
        Assert.Empty(report.NotUndone);
        Assert.Empty(Records.Read().Value.All);
    }

    [Fact]
    public async Task A_setting_that_is_written_and_not_taken_up_is_taken_out_of_the_database_again()
    {
        var option = new SetSwitchOption("hw-offload", null, "true");
        var runner = new Failing(_ => true) { IsWritten = true };

        ApplyReport report = await ApplyAsync(option, runner);

        Assert.Equal([option, .. option.Inverse], runner.Ran);
        Assert.Empty(report.NotUndone);
        Assert.Empty(Records.Read().Value.All);
        Assert.EndsWith("; the change was undone", Assert.Single(report.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_left_another_mode_behind_is_taken_back_before_another_order_is_tried()
    {
        var host = new FakeHost(SampleHost.Legacy());
        bool refused = false;
        var runner = new Failing(action => action is SetEswitchMode { To: OvsOffload.Netlink.EswitchMode.Switchdev }
            && !refused && (refused = true))
        {
            Inner = host,
            Errno = 16,
            Vfs = new VfsPresent(2, 2),
        };

        ApplyReport report = await new Applier(_ => Task.FromResult(host.State), runner, host, null)
            .ApplyAsync(SampleIntent.Switchdev(2), Stage.All, TestContext.Current.CancellationToken);

        Assert.True(report.Succeeded, string.Join('\n', report.Failures));
        int first = runner.Ran.FindIndex(action => action is SetEswitchMode);
        Assert.Equal(runner.Ran[first].Inverse, [runner.Ran[first + 1]]);
    }

    private async Task<ApplyReport> ApplyAsync(StepAction action, IStepRunner runner)
    {
        int plans = 0;
        var host = new FakeHost(SampleHost.ConnectX6Dx(4));
        return await new Applier(
            _ => Task.FromResult(host.State with { Changes = Records.Read() }),
            new RecordingRunner(runner, Records), host, null)
        {
            Decide = (_, _, _, _) => new Plan(plans++ == 0 ? [new Step(action, "it is tried", [])] : [], [], []),
        }.ApplyAsync(HostIntent.Observe, Stage.All, TestContext.Current.CancellationToken);
    }

    /// <summary>Fails after half of the work, so that nobody can tell what is done.</summary>
    private sealed class Failing(Predicate<StepAction> fails) : IStepRunner
    {
        public List<StepAction> Ran { get; } = [];

        public bool ChangedNothing { get; init; }

        public bool IsWritten { get; init; }

        public int Errno { get; init; }

        public VfsPresent? Vfs { get; init; }

        /// <summary>Does the half.</summary>
        public FakeHost? Inner { get; init; }

        public async Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
        {
            Ran.Add(action);
            StepResult result =
                Inner is null ? StepResult.Done : await Inner.RunAsync(action, cancellation);
            return fails(action)
                ? throw new StepException("it was half done", Errno, null, Vfs, null)
                {
                    ChangedNothing = ChangedNothing,
                    IsWritten = IsWritten,
                }
                : result;
        }
    }
}
