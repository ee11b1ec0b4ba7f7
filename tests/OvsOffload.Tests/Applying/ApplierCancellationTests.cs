using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Applying;

public class ApplierCancellationTests
{
    private static readonly HostIntent Goal = SampleIntent.Switchdev(2);

    [Fact]
    public async Task Cancelling_between_two_steps_undoes_the_completed_ones()
    {
        using var cancellation = new CancellationTokenSource();
        var host = new FakeHost(SampleHost.Fresh())
        {
            Before = action =>
            {
                if (action is SetVfDriver)
                {
                    cancellation.Cancel();
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(Goal, cancellation.Token);

        SaysSo(report);
        PhysicalFunction pf = host.State.KnownFunctions[0];
        Assert.Equal((EswitchMode.Legacy, 0), (pf.Mode, pf.VfCount.Value));
        Assert.Contains("undone eswitch-mode", host.Journal);
        Assert.Equal("end", host.Journal[^1]);
        Assert.DoesNotContain(host.Journal, line => line.StartsWith("failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_within_a_step_undoes_that_step_too()
    {
        using var cancellation = new CancellationTokenSource();
        var host = new FakeHost(SampleHost.Fresh());
        var interrupted = new Interrupted(host, cancellation);

        ApplyReport report = await new Applier(_ => Task.FromResult(host.State), interrupted, host, null)
            .ApplyAsync(Goal, Stage.All, cancellation.Token);

        SaysSo(report);
        Assert.Equal(EswitchMode.Legacy, host.State.KnownFunctions[0].Mode);
        Assert.Equal(["begin", "begin eswitch-mode", "failed eswitch-mode", "end"], host.Journal);
    }

    [Fact]
    public async Task Cancelling_while_the_host_is_read_again_undoes_the_completed_steps()
    {
        using var cancellation = new CancellationTokenSource();
        int readings = 0;
        var host = new FakeHost(SampleHost.Legacy(), DriverRule.NoVfs)
        {
            BeforeRead = () =>
            {
                if (++readings == 3)
                {
                    cancellation.Cancel();
                }
            },
        };

        SaysSo(await host.ApplyAsync(Goal, cancellation.Token));

        Assert.Equal(EswitchMode.Legacy, host.State.KnownFunctions[0].Mode);
        Assert.Equal(
            [("mlx5_core", "02:42:a1:00:01:00"), ("mlx5_core", "02:42:a1:00:01:01")],
            host.State.KnownFunctions[0].VirtualFunctions.Select(vf => (vf.Driver, vf.Mac?.ToString())));
        Assert.Equal("end", host.Journal[^1]);
    }

    private static void SaysSo(ApplyReport report)
    {
        Assert.Equal(["the run was interrupted"], report.Failures);
        Assert.Empty(report.NotUndone);
        Assert.False(report.Reached);
        Assert.DoesNotContain(report.Steps, step => step.Result == StepResult.Done);
    }

    /// <summary>Is interrupted after the first step went through, before anybody was told.</summary>
    private sealed class Interrupted(FakeHost host, CancellationTokenSource cancellation) : IStepRunner
    {
        public async Task<StepResult> RunAsync(StepAction action, CancellationToken token)
        {
            StepResult result = await host.RunAsync(action, token);
            if (!cancellation.IsCancellationRequested)
            {
                await cancellation.CancelAsync();
                token.ThrowIfCancellationRequested();
            }

            return result;
        }
    }
}
