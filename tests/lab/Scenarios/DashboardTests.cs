namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// A real Prometheus, outside the guest, scrapes the exporter in it: dashboards show. Alerts are for
/// <see cref="AlertTests"/>.
/// </summary>
[Collection(OnAlertMachine.Name)]
public sealed class DashboardTests(AlertMachine machine) : BondScenario(machine), IDisposable
{
    /// <summary>
    /// Panels that show faults, or what this guest has none of: the card tracks no connections, guests of the lab set
    /// no security groups, and the service has nothing to apply.
    /// </summary>
    private static readonly string[] MayBeEmpty =
    [
        "Why flows are not in hardware", "devlink health errors", "Findings of verify", "Checks that could not run",
        "Pending changes", "Bonds with inactive or unknown VF-LAG", "hw-offload configured but not active",
        "Representors missing",
        "Failing collectors", "Connections in hardware", "Security groups "
            + "disabled", "Backends that do not match the "
            + "policy",
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
            start_traffic n0 10.0.0.2; start_traffic n1 10.0.0.9
            """);
        await StartServiceAsync();
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(
            _folder, Machine.ForwardedPort, interval: await ScrapeIntervalAsync());
        await prometheus.UntilAsync("instance:ovs_offload_hardware_bytes:share_rate5m > 0");
        await prometheus.UntilAsync("ovs_offload_check_findings");

        string[] all = [.. PrometheusServer.Expressions().Select(panel => panel.Title).Distinct()];
        await UntilAsync(
            "data in every panel",
            async () => all.Except(await prometheus.PanelsWithDataAsync()).Except(MayBeEmpty).ToArray(),
            empty => empty.Length == 0, empty => $"none in {string.Join(", ", empty)}");
        Assert.Empty(await prometheus.QueryAsync("ALERTS{alertstate=\"firing\"}"));
    }
}
