namespace OvsOffload.LabTests.Scenarios;

/// <summary>The power is cut, and comes back.</summary>
[Collection(OnRealHost.Name)]
public sealed class RealHostPowerTests(OlderDebian host) : RealHostScenario(host)
{
    private const string Apply = "sync; systemd-run -q --no-block ovs-offload apply --yes";

    [Fact]
    [Nic("vfs_delay_ms=3000")]
    public async Task Cut_in_the_first_apply_the_next_boot_ends_what_it_began_and_revert_takes_it_back()
    {
        string before = await HostAsync();
        await InstallAsync();
        await RunAsync("systemctl stop ovs-offload");
        await WriteFileAsync(Config, Wanted());
        await RunAsync(
            $"""
            {Apply}
            wait_until 60 grep -qF '"phase":"begin","id":"vf-count:0000:01:00.0"' /run/ovs-offload/journal
            """);

        await CutPowerAsync();

        await ProgramAsync(0, "plan");
        await RevertAsync();
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task Cut_in_the_midst_of_a_boot_the_next_one_converges()
    {
        await InstallAsync();
        await WriteFileAsync(Config, Wanted());
        await RebootAsync();

        await CutInBootAsync(await StagesAsync());
        await CutPowerAsync();

        await ExpectConvergedAsync();
    }

    [Fact]
    [Trait("Level", "long")]
    public async Task Cut_ten_times_at_random_moments_of_a_first_apply_or_a_boot_every_next_boot_converges()
    {
        await InstallAsync();
        await WriteFileAsync(Config, Wanted());
        await RebootAsync();
        (double, double) stages = await StagesAsync();
        for (int round = 0; round < 5; round++)
        {
            await CutInBootAsync(stages);
            await CutPowerAsync();
            await ExpectConvergedAsync();

            await RevertAsync();
            TimeSpan moment = TimeSpan.FromSeconds(10) * Machine.Pace * Random.Shared.NextDouble();
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"The power is cut {moment.TotalSeconds:0.0} s after apply has begun.");
            await RunAsync(Apply);
            await Task.Delay(moment, Cancellation);
            await CutPowerAsync();
            await ExpectConvergedAsync();
        }
    }

    /// <summary>When the stages of this boot began and ended, in seconds since the kernel's start.</summary>
    private async Task<(double Begin, double End)> StagesAsync() => (
        await WhenAsync("ovs-offload-pre", "ExecMainStartTimestampMonotonic"),
        await WhenAsync("ovs-offload-post", "ExecMainExitTimestampMonotonic"));

    /// <summary>Boots, and cuts the power at a random moment between two.</summary>
    private async Task CutInBootAsync((double Begin, double End) stages)
    {
        var moment = TimeSpan.FromSeconds(
            stages.Begin + (Random.Shared.NextDouble() * (stages.End - stages.Begin)));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"The stages run from {stages.Begin:0.0} to {stages.End:0.0} s; the power is cut at "
                + $"{moment.TotalSeconds:0.0} s.");
        await RunAsync("sync");
        await Machine.CutPowerInBootAsync(moment, Cancellation);
    }

    private async Task ExpectConvergedAsync()
    {
        await ProgramAsync(0, "plan");
        Assert.Equal("4", (await RunAsync($"cat /sys/bus/pci/devices/{Pf}/sriov_numvfs")).Text);
        Assert.Equal(5, (await RunAsync("ovs-vsctl list-ports br1")).Lines.Count);
    }
}
