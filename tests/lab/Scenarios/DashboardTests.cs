using OvsOffload.LiveTests;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// A real Prometheus, outside the guest, scrapes the exporter in it: dashboards show. Alerts are for
/// <see cref="AlertTests"/>.
/// </summary>
[Collection(OnBondMachine.Name)]
public sealed class DashboardTests(BondMachine machine) : BondScenario(machine), IDisposable
{
    /// <summary>
    /// Panels that show faults, or what this guest has none of: the card tracks no connections, guests of the lab set
    /// no security groups, and the service has nothing to apply.
    /// </summary>
    private static readonly string[] MayBeEmpty =
    [
        "Why flows are not in hardware", "Errors of devlink health", "What verify finds", "Checks that could not look",
        "Drift", "Bonds that are not in hardware, or cannot be told", "hw-offload without effect",
        "Representors missing",
        "Collectors that fail", "Connections in hardware", "Security groups off", "Agents that differ from the policy",
        "Last apply",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-dashboards-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_panel_has_data_while_traffic_runs_and_no_alert_fires()
    {
        await ResetAsync("devid=101d");
        await ConfigureAsync(Bonded("lacp-fast-layer3-4")
            + "\nmetrics:\n  listen: \":9975\"\n  flow-dump: { interval: 1s, duty: 100% }\n");
        await RunAsync("make_peer lacp 10.0.0.9/24; start_openvswitch");
        await ProgramAsync(0, "apply --yes");
        await RunAsync(
            """
            for function in 0 1; do add_guest n$function $function 0 10.0.0.$((function + 1))/24; done
            wait_until 20 ip netns exec n0 ping -q -c 1 -W 1 10.0.0.2
            setsid ip netns exec n0 ping -q -i 0.2 10.0.0.2 > /dev/null 2>&1 &
            setsid ip netns exec n1 ping -q -i 0.2 10.0.0.9 > /dev/null 2>&1 & sleep 1
            """);
        await StartServiceAsync();
        await using Prometheus prometheus = await Prometheus.StartAsync(_folder, Machine.ForwardedPort);
        await prometheus.UntilAsync("instance:ovs_offload_hardware_bytes:share_rate5m > 0", seconds: 120);
        await prometheus.UntilAsync("ovs_offload_check_findings", seconds: 120);
        await Task.Delay(TimeSpan.FromSeconds(10), Cancellation);

        HashSet<string> shown = await prometheus.PanelsWithDataAsync();
        string[] all = [.. Prometheus.Expressions().Select(panel => panel.Title).Distinct()];
        Assert.Empty(all.Except(shown).Except(MayBeEmpty));
        Assert.Empty(await prometheus.QueryAsync("ALERTS{alertstate=\"firing\"}"));
    }
}
