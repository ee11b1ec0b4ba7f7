using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

/// <summary>VFs that somebody takes while an apply runs, after its plan was made.</summary>
public class ApplierHolderTests
{
    private static readonly PciAddress Other = PciAddress.Parse("0000:3b:00.1");
    private static readonly HostIntent Goal = SampleIntent.Switchdev(4);

    [Theory]
    [InlineData(2, nameof(SetEswitchMode))]
    [InlineData(4, nameof(SetVfCount))]
    public async Task A_VF_that_came_into_use_since_the_plan_is_not_destroyed_and_its_user_is_named(
        int vfs, string avoided)
    {
        var host = new FakeHost(SampleHost.Legacy(vfs: 2))
        {
            SeenBeforeStep = state => state.WithHolder(1, HolderKind.NetworkNamespace, "network namespace n1 has eth0"),
        };

        ApplyReport report = await host.ApplyAsync(SampleIntent.Switchdev(vfs));

        Objection objection = Assert.Single(report.Objections);
        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("vf1 is in use: network namespace n1 has eth0", objection.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Ran, action => action.GetType().Name == avoided);
        PhysicalFunction pf = host.State.KnownFunctions[0];
        Assert.Equal((2, EswitchMode.Legacy), (pf.VfCount.Value, pf.Mode));
        Assert.Empty(report.Failures);
        Assert.False(report.Reached);
    }

    [Fact]
    public async Task A_VF_whose_users_are_unknown_before_the_step_counts_as_in_use()
    {
        var host = new FakeHost(SampleHost.Legacy())
        {
            SeenBeforeStep = state =>
                state.WithVf(0, vf => vf with { Holder = Reading.Failed<Holder>("ECONNREFUSED") }),
        };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Contains("ECONNREFUSED", Assert.Single(report.Objections).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Ran, action => action.Scope is Scope.OfPf);
    }

    [Fact]
    public async Task PFs_that_cannot_be_read_before_the_step_count_as_in_use()
    {
        var host = new FakeHost(SampleHost.Legacy()) { SeenBeforeStep = state => state.WithUnreadFunctions("EIO") };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Contains("EIO", Assert.Single(report.Objections).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Ran, action => action.Scope is Scope.OfPf);
    }

    [Fact]
    public async Task The_other_NIC_reaches_the_goal_without_the_one_whose_VF_was_taken()
    {
        HostState start = SampleHost.Legacy(vfs: 2).WithSecondPort();
        HostIntent two = Goal with
        {
            Nics = [Goal.Nics[0], Goal.Nics[0] with { Pf = SampleIntent.Reference($"{Other}") }],
        };
        var host = new FakeHost(start)
        {
            SeenBeforeStep = state => state.WithHolder(0, HolderKind.Vfio, "qemu (pid 5)"),
        };

        ApplyReport report = await host.ApplyAsync(two);

        Assert.Equal(new Scope.OfPf(Planned.Pf), Assert.Single(report.Objections).Scope);
        Assert.True(report.Reached);
        Assert.Equal(EswitchMode.Switchdev, host.State.Find(Other)!.Mode);
        PhysicalFunction kept = host.State.Find(Planned.Pf)!;
        Assert.Equal((2, EswitchMode.Legacy), (kept.VfCount.Value, kept.Mode));
    }

    [Fact]
    public async Task RDMA_in_use_on_the_PF_refuses_the_change_of_mode_at_the_last_moment()
    {
        var host = new FakeHost(SampleHost.Fresh())
        {
            SeenBeforeStep = state => state.WithPf(pf => pf with
            {
                RdmaUser = Reading.Known(new Holder(
                    HolderKind.Rdma, "the kernel module nvme_rdma has RDMA connections over mlx5_0")),
            }),
        };

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.Contains("nvme_rdma", Assert.Single(report.Objections).Text, StringComparison.Ordinal);
        Assert.Equal(EswitchMode.Legacy, host.State.KnownFunctions[0].Mode);
    }

    [Fact]
    public async Task A_revert_is_refused_as_a_whole()
    {
        var applied = new FakeHost(SampleHost.Fresh());
        await applied.ApplyAsync(SampleIntent.Switchdev(2));
        var host = new FakeHost(applied.State)
        {
            SeenBeforeStep = state => state.WithHolder(1, HolderKind.NetworkNamespace, "network namespace n1 has eth0"),
        };

        ApplyReport report = await host.RevertAsync(SampleIntent.Switchdev(2));

        Assert.Contains("n1 has eth0", Assert.Single(report.Objections).Text, StringComparison.Ordinal);
        Assert.Equal(2, host.State.KnownFunctions[0].VfCount.Value);
        Assert.Equal(EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
        Assert.False(report.Reached);
    }

    [Fact]
    public async Task Steps_on_single_VFs_share_one_check_for_a_second_but_steps_on_all_VFs_do_not()
    {
        var time = new FakeTime();
        int asked = 0;
        var check = new HolderCheck(
            _ =>
            {
                asked++;
                return Task.FromResult(SampleHost.ConnectX6Dx().PhysicalFunctions);
            },
            time);
        var unbind = new SetVfDriver(Planned.Pf, 0, "mlx5_core", null, null, null);

        await AskAsync(unbind, unbind with { Vf = 1 });
        Assert.Equal(1, asked);
        time.Advance(TimeSpan.FromSeconds(1.1));
        await AskAsync(unbind);
        Assert.Equal(2, asked);
        await AskAsync(new SetVfCount(Planned.Pf, 2, 0, []), new SetVfCount(Planned.Pf, 2, 0, []));
        Assert.Equal(4, asked);
        await AskAsync(unbind with { From = null, To = "mlx5_core" }, new SetVfCount(Planned.Pf, 0, 2, []));
        Assert.Equal(4, asked);

        async Task AskAsync(params StepAction[] actions)
        {
            foreach (StepAction action in actions)
            {
                Assert.Null(await check.RefusalAsync(action, TestContext.Current.CancellationToken));
            }
        }
    }
}
