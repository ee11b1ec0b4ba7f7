using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Tests.Planning;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>What a log or a run says is a fault only as long as it is news.</summary>
public class HistoryTests
{
    [Fact]
    public void A_refusal_in_the_daemon_s_log_from_before_the_boot_is_history()
    {
        HostState host = SampleHost.ConnectX6Dx();
        DateTimeOffset before = host.ReadAt - TimeSpan.FromDays(2);
        const string Words = "failed to offload flow: mlx5 tc ct offload isn't enabled.";

        Assert.Equal(FindingStatus.Ok, Assert.Single(Examined.One("P10", With(before))).Status);
        Assert.Equal(FindingStatus.Error, Assert.Single(Examined.One("P10", With(host.ReadAt))).Status);

        HostState With(DateTimeOffset time) => host.WithSwitch(state => state with
        {
            Log = Reading.Known(new DaemonLogTail([new DaemonLogLine(time, "dpif_netlink", "ERR", Words)], true)),
        });
    }

    [Fact]
    public void A_mode_that_is_reached_makes_a_refusal_history()
    {
        HostState host = SampleHost.ConnectX6Dx() with
        {
            Refusals = [new Refusal(Planned.Pf, RefusalReason.BusyWhileVfsAreBound, "busy")],
        };

        Assert.Equal(FindingStatus.Ok, Assert.Single(Examined.One("N06", host, SampleIntent.Switchdev(2))).Status);
    }

    [Fact]
    public void A_refusal_met_by_this_run_is_found_without_a_journal()
    {
        HostState host = SampleHost.Legacy() with
        {
            Refusals = [new Refusal(Planned.Pf, RefusalReason.BusyWhileVfsAreBound, "VFs are bound")],
        };

        Assert.Contains("VFs are bound", Found("N06", host, SampleIntent.Switchdev(2)).Evidence);
    }

    [Fact]
    public void Lines_that_are_older_than_an_hour_are_history()
    {
        HostState host = FaultyHosts.ByCheck["P19"].Host.WithUptime(TimeSpan.FromHours(3));

        Assert.Equal(FindingStatus.Info, Found("P19", host, HostIntent.Observe).Status);
    }

    [Fact]
    public void A_failure_to_make_VFs_is_history_once_the_VFs_are_there()
    {
        HostState host = SampleHost.Legacy().WithKernelLog("mlx5_core 0000:3b:00.0: not enough MMIO resources for "
            + "SR-IOV");

        Assert.Equal(FindingStatus.Info, Found("P03", host, HostIntent.Observe).Status);
    }

    private static Finding Found(string id, HostState host, HostIntent intent) =>
        Assert.Single(Examined.One(id, host, intent), finding => finding.IsFound);
}
