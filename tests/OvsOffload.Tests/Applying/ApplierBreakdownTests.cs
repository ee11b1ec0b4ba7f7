using System.Net.Sockets;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Applying;

/// <summary>Whatever breaks down under a run, what was done is taken back and said.</summary>
public class ApplierBreakdownTests
{
    private const string Full = "No space left on device (ENOSPC)";
    private static readonly HostIntent Goal = SampleIntent.Switchdev(2);

    [Fact]
    public async Task A_step_that_cannot_be_journaled_is_not_started_and_earlier_steps_are_undone()
    {
        var host = new FakeHost(SampleHost.Fresh()) { BeforeWrite = line => FullAt(line, "begin wait-representors") };

        ApplyReport report = await host.ApplyAsync(Goal);

        IsUndone(report, host);
        Assert.DoesNotContain(host.Ran, action => action is WaitForRepresentors);
        Assert.Contains("undone vf-count", host.Journal);
    }

    [Fact]
    public async Task A_step_whose_completion_cannot_be_journaled_is_undone_with_earlier_steps()
    {
        var host = new FakeHost(SampleHost.Fresh()) { BeforeWrite = line => FullAt(line, "done vf-count") };

        IsUndone(await host.ApplyAsync(Goal), host);
        Assert.Contains(host.Ran, action => action is SetVfCount { To: 2 });
    }

    [Fact]
    public async Task Undo_works_without_a_journal()
    {
        bool full = false;
        var host = new FakeHost(SampleHost.Fresh())
        {
            BeforeWrite = line => FullAt(line, (full |= line == "done vf-count") ? line : ""),
        };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Equal(
            [$"the run failed: {Full}", $"cannot write the end of the run to the journal: {Full}"],
            report.Failures);
        IsAsBefore(report, host);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_created_ends_the_run_before_the_first_step()
    {
        var host = new FakeHost(SampleHost.Fresh()) { BeforeWrite = line => FullAt(line, "begin") };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Equal([$"the run failed: {Full}"], report.Failures);
        Assert.Empty(host.Ran);
    }

    [Fact]
    public async Task A_run_whose_end_cannot_be_journaled_keeps_its_changes_and_reports_it()
    {
        var host = new FakeHost(SampleHost.Fresh()) { BeforeWrite = line => FullAt(line, "end") };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Equal([$"cannot write the end of the run to the journal: {Full}"], report.Failures);
        Assert.True(report.Reached);
        Assert.Equal(EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
    }

    [Fact]
    public async Task A_step_that_throws_an_unexpected_exception_is_undone()
    {
        var host = new FakeHost(SampleHost.Fresh());
        var runner = new Breaking(host, action => action is SetVfCount { To: 2 });

        ApplyReport report = await new Applier(_ => Task.FromResult(host.State), runner, host, host)
            .ApplyAsync(Goal, Stage.All, TestContext.Current.CancellationToken);

        Assert.StartsWith("the run failed: ", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.Single(report.Steps, step => step.Result == StepResult.Failed);
        Assert.Contains("failed vf-count", host.Journal);
        IsAsBefore(report, host);
    }

    [Fact]
    public async Task If_the_host_cannot_be_read_again_everything_is_undone()
    {
        int readings = 0;
        var host = new FakeHost(SampleHost.Fresh())
        {
            BeforeRead = () =>
            {
                if (++readings == 2)
                {
                    throw new IOException(Full);
                }
            },
        };

        IsUndone(await host.ApplyAsync(Goal), host);
    }

    [Fact]
    public async Task A_failed_undo_is_reported_and_the_rest_is_still_undone()
    {
        var host = new FakeHost(SampleHost.Fresh())
        {
            BeforeWrite = line => FullAt(line, "begin wait-representors"),
            Before = action =>
            {
                if (action is SetVfCount { To: 0 })
                {
                    throw new SocketException((int)SocketError.ConnectionReset);
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.StartsWith("sriov_numvfs of 0000:3b:00.0: 2 -> 0: ", Assert.Single(report.NotUndone));
        Assert.Equal(EswitchMode.Legacy, host.State.KnownFunctions[0].Mode);
    }

    private static void IsUndone(ApplyReport report, FakeHost host)
    {
        Assert.Equal([$"the run failed: {Full}"], report.Failures);
        IsAsBefore(report, host);
        Assert.Equal("end", host.Journal[^1]);
    }

    private static void IsAsBefore(ApplyReport report, FakeHost host)
    {
        PhysicalFunction pf = host.State.KnownFunctions[0];
        Assert.Equal((EswitchMode.Legacy, 0, true), (pf.Mode, pf.VfCount.Value, pf.DriversAutoprobe.Value));
        Assert.Empty(report.NotUndone);
        Assert.False(report.Reached);
        Assert.Contains(report.Steps, step => step.Result == StepResult.Undone);
        Assert.DoesNotContain(report.Steps, step => step.Result == StepResult.Done);
    }

    private static void FullAt(string line, string broken)
    {
        if (line == broken)
        {
            throw new IOException(Full);
        }
    }

    /// <summary>Does a step, and breaks before it can say so.</summary>
    private sealed class Breaking(FakeHost host, Predicate<StepAction> breaks) : IStepRunner
    {
        public async Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
        {
            StepResult result = await host.RunAsync(action, cancellation);
            return breaks(action) ? throw new SocketException((int)SocketError.ConnectionReset) : result;
        }
    }
}
