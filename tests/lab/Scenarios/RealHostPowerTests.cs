namespace OvsOffload.LabTests.Scenarios;

/// <summary>The power is cut, and comes back.</summary>
[Collection(OnRealHost.Name)]
public sealed class RealHostPowerTests(RealHost host) : RealHostScenario(host)
{
    [Fact]
    public async Task Cut_in_the_midst_of_a_boot_the_next_one_converges()
    {
        await InstallAsync();
        await WriteFileAsync(Config, Wanted());
        await RebootAsync();
        double staged = await WhenAsync("ovs-offload-pre", "ExecMainStartTimestampMonotonic");
        double settled = await WhenAsync("ovs-offload-post", "ExecMainExitTimestampMonotonic");
        var moment = TimeSpan.FromSeconds(staged + (Random.Shared.NextDouble() * (settled - staged)));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"The stages run from {staged:0.0} to {settled:0.0} s; the power is cut at {moment.TotalSeconds:0.0} s.");
        await RunAsync("sync");

        await Machine.CutPowerInBootAsync(moment, Cancellation);
        await CutPowerAsync();

        await ProgramAsync(0, "plan");
        Assert.Equal("4", (await RunAsync($"cat /sys/bus/pci/devices/{Pf}/sriov_numvfs")).Text);
    }
}
