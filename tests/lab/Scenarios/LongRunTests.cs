namespace OvsOffload.LabTests.Scenarios;

/// <summary>The service beside an Open vSwitch that does not stay.</summary>
[Collection(OnServiceMachine.Name)]
public sealed class LongRunTests(ServiceMachine machine) : ProgramScenario(machine)
{
    [Fact]
    [Trait("Level", LongRun.Trait)]
    public async Task For_half_an_hour_Open_vSwitch_restarts_every_minute_and_nothing_grows()
    {
        await ConfigureAsync(Wanted(2));
        await RunAsync("start_openvswitch hw-offload=false");
        await StartServiceAsync();
        await ScrapeUntilAsync(scrape => scrape.All("pending_steps") is [0]);
        var uses = new List<ProcessUse>();
        for (int minute = 0; minute < LongRun.Length.TotalMinutes; minute++)
        {
            LabResult use = await RunAsync(
                """
                ovs-appctl exit; restart_vswitchd
                for second in {1..50}; do curl -s -o /dev/null http://127.0.0.1:9975/metrics; sleep 1; done
                pid=$(pidof ovs-offload)
                echo "use $(ls /proc/$pid/fd | wc -l) $(sed -n 's/^Threads:\t//p' /proc/$pid/status)" \
                  "$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status)"
                """,
                TimeSpan.FromMinutes(4));
            uses.Add(ProcessUse.Parse(
                use.Lines.Last(line => line.StartsWith("use ", StringComparison.Ordinal))["use ".Length..]));
        }

        await ScrapeUntilAsync(scrape =>
            scrape.All("pending_steps") is [0] && scrape.All("vswitchd_up") is [1] && scrape.Has("offloaded_flows"));
        LongRun.AssertFlat(uses);
    }
}
