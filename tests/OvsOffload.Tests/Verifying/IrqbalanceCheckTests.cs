using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>N36 is found where two place the same interrupts, and not where irqbalance just does its work.</summary>
public class IrqbalanceCheckTests
{
    private static readonly AffinitySetting Script = new("/etc/rc.local", "mlnx_affinity start");

    [Fact]
    public void An_irqbalance_that_just_runs_is_as_it_should_be() =>
        Assert.Equal(FindingStatus.Ok, One(Host(new Irqbalance(812, null, null, []))).Status);

    [Fact]
    public void A_script_without_irqbalance_is_no_conflict() =>
        Assert.Equal(FindingStatus.Ok, One(Host(null, Script)).Status);

    [Fact]
    public void An_irqbalance_that_was_told_to_keep_off_is_no_conflict() =>
        Assert.Equal(FindingStatus.Ok, One(Host(new Irqbalance(812, "--banmod=mlx5_core", null, []), Script)).Status);

    [Fact]
    public void Both_are_a_warning_that_names_process_and_line()
    {
        Finding finding = One(Host(new Irqbalance(812, null, null, []), Script));

        Assert.Equal((FindingStatus.Warning, "host"), (finding.Status, finding.Object));
        Assert.Equal("/proc/812/comm: irqbalance; /etc/rc.local: mlnx_affinity start", finding.Evidence);
    }

    /// <summary>The PF's interrupts are on CPUs 0 to 7, one each.</summary>
    [Theory]
    [InlineData("IRQBALANCE_BANNED_CPULIST=8", "8", "6-7", true)]
    [InlineData("IRQBALANCE_BANNED_CPULIST=6-7", "6-7", "6-7", false)]
    [InlineData("IRQBALANCE_BANNED_CPULIST=8", "8", "12-15", false)]
    [InlineData(null, "", "6-7", false)]
    public void Interrupts_on_isolated_CPUs_count_where_a_variable_lets_irqbalance_put_them_there(
        string? banned, string bannedCpus, string isolated, bool found)
    {
        HostState host = Host(new Irqbalance(812, null, banned, CpuList.Parse(bannedCpus, "").Value))
            .WithPlatform(platform => platform with { IsolatedCpus = CpuList.Parse(isolated, "") });

        Finding finding = One(host);

        Assert.Equal(found ? FindingStatus.Warning : FindingStatus.Ok, finding.Status);
        Assert.Equal(found ? SampleHost.Pf : "host", finding.Object);
        Assert.Equal(found, finding.Evidence.Contains("smp_affinity_list: 6", StringComparison.Ordinal));
    }

    private static Finding One(HostState host) => Assert.Single(Examined.One("N36", host, HostIntent.Observe));

    private static HostState Host(Irqbalance? runs, params AffinitySetting[] settings) =>
        SampleHost.ConnectX6Dx().WithPlatform(platform => platform with
        {
            Irqbalance = runs is null ? Reading.Absent<Irqbalance>("irqbalance is not running") : Reading.Known(runs),
            AffinitySettings = Reading.Known<IReadOnlyList<AffinitySetting>>(settings),
        });
}
