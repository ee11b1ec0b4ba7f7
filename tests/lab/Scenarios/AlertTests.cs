using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// Every alert fires when its fault is provoked in the guest, nothing else fires with it, and all clear when it is
/// mended. A real Prometheus outside the guest scrapes the exporter in it, with the rules as <see cref="QuickRules"/>
/// shortens them.
/// </summary>
[Collection(OnAlertMachine.Name)]
public sealed partial class AlertTests(AlertMachine machine) : BondScenario(machine), IDisposable
{
    /// <summary>The port whose e-switch is to refuse; no bond and no guest has it.</summary>
    private const string Third = "0000:02:00.0";

    /// <summary>What the names of all alerts begin with.</summary>
    private const string Prefix = "OvsOffload";

    /// <summary>
    /// Any fault is an error of some check, whose alert fires once the checks ran while it was there: one step asks for
    /// it, the others may have it.
    /// </summary>
    private const string CheckError = Prefix + "CheckError";

    /// <summary>Has the service run its checks now, not within five minutes.</summary>
    private const string CheckNow = "! pidof ovs-offload > /dev/null || kill -HUP $(pidof ovs-offload)";

    /// <summary>Firing alerts at this moment.</summary>
    private const string Firing = "ALERTS{alertstate=\"firing\"}";

    /// <summary>
    /// Longer than any rule waits, with the longest range before it, where a minute counts as a second.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>The longest that the faults of one step may take to be seen there.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(300);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-alerts-");
    private readonly HashSet<string> _seen = [];
    private readonly Stopwatch _begun = Stopwatch.StartNew();
    private int _slowness = 1;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Nic("devid=101d lag_with_vfs=1")]
    public async Task Each_alert_fires_on_its_fault_and_clears_after_the_repair()
    {
        await StartHostAsync();
        int interval = await ScrapeIntervalAsync();
        _slowness = interval / 2;
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(
            _folder, Machine.ForwardedPort, interval: interval, quick: true);
        await prometheus.UntilAsync(
            "instance:ovs_offload_offloaded_flows:share > 0.9 and instance:ovs_offload_flows:sum > 50");
        var settled = Stopwatch.StartNew();
        await Task.Delay(Longest * _slowness, Cancellation);
        Assert.Empty(await FiredAsync(prometheus, settled.Elapsed));
        Say("healthy, none fires");

        await ProvokeAndMendAsync(
            prometheus,
            """
            echo 0 > /sys/module/mlx5sim/parameters/fail_rules
            tc filter del dev $(representor 0 0) ingress prio 40000
            ovs-vsctl remove Open_vSwitch . other_config flow-limit; ovs-appctl revalidator/purge; cable 0 up
            """,
            // Filters of a stranger first: after them the card takes no more.
            new Fault(
                "for i in {1..150}; do echo \"filter add dev $(representor 0 0) ingress protocol ip prio 40000 flower "
                    + "dst_ip 192.0.2.$i action drop\"; done | tc -batch -",
                "CountsDisagree"),
            new Fault("echo 28 > /sys/module/mlx5sim/parameters/fail_rules; ovs-appctl revalidator/purge",
                "RatioFell", "FlowsInSoftware", $"GuestInSoftware{{pf='{Pf}',function='vf0'}}"),
            new Fault(
                "many() { [ $(ovs-appctl dpctl/dump-flows | wc -l) -ge 64 ]; }; wait_until 20 many\n"
                    + "flows=$(ovs-appctl dpctl/dump-flows | wc -l)\n"
                    + "ovs-vsctl set Open_vSwitch . other_config:flow-limit=$((flows * 8 / 7))",
                "FlowLimitNear{datapath='system@ovs-system'}"),
            new Fault("cable 0 down", "BondMemberDown{bond='bond0'}"),
            new Fault("echo fw_fatal > /sys/module/mlx5sim/parameters/health_error",
                $"HealthErrors{{pf='{Pf}',reporter='fw_fatal'}}"));

        await RunAsync("kill $(cat /tmp/send.pid)");
        await ProvokeAndMendAsync(
            prometheus,
            """
            echo 0 > /sys/module/mlx5sim/parameters/fail_mode; kill -HUP $(pidof ovs-offload)
            peer_lacp 0 on; peer_lacp 1 on
            """,
            new Fault(
                "peer_lacp 0 off; peer_lacp 1 off", "LacpPartnerLost{bond='bond0'}", "BondMemberDown{bond='bond0'}"),
            new Fault("echo 1 > /sys/module/mlx5sim/parameters/fail_mode; "
                + $"sed -i 's/mode: legacy/mode: switchdev\\n    vfs: 2/' {Config}",
                "ApplyFailed", "DriftNotRepaired", $"RepresentorsMissing{{pf='{Third}'}}"));

        await ProvokeAndMendAsync(
            prometheus,
            $"""
            start_ovsdb_server; restart_vswitchd
            echo 0 > /sys/module/mlx5sim/parameters/fail_lag; devlink dev eswitch set pci/{Pf} mode switchdev
            sed -i '/^bogus/d' {Config}
            """,
            new Fault(
                "for port in $(representor 0 0) $(representor 1 0) bond0; do tc qdisc del dev $port ingress; done",
                "NotEffective", "RestartPending"),
            // Guests hold the VFs, so that the service may not take the bond into hardware again: what is refused is
            // not applied.
            new Fault(
                $"echo 1 > /sys/module/mlx5sim/parameters/fail_lag; devlink dev eswitch set pci/{Pf} mode switchdev",
                "VfLagLost{bond='bond0'}", "DriftNotRepaired", "ApplyFailed"),
            new Fault($"echo 'bogus: 1' >> {Config}", "ConfigurationWrong"),
            Fault.Then(
                "kill -STOP $(cat /run/openvswitch/ovs-vswitchd.pid)",
                "DumpTooOld{datapath='system@ovs-system'}", "CollectorFails{collector='flows'}"),
            Fault.Then("kill -KILL $(cat /run/openvswitch/ovs-vswitchd.pid)", "VswitchdDown"),
            Fault.Then(
                $"kill -KILL $(cat /run/openvswitch/ovsdb-server.pid); sleep 1; {CheckNow}",
                "OpenVSwitchDown", "CheckError{check='O38'}", "CollectorFails{collector='openvswitch'}"));

        await ProvokeAndMendAsync(
            prometheus,
            $"setsid ovs-offload run >> /var/log/ovs-offload.log 2>&1 & {Serves}",
            new Fault("kill $(pidof ovs-offload)", "ExporterDown"));

        string rules = await File.ReadAllTextAsync(
            Path.Combine(PrometheusServer.Dashboards, "alerting-rules.yaml"), Cancellation);
        Assert.Equal(Alert().Matches(rules).Select(match => match.Groups[1].Value).Order(), _seen.Order());
    }

    /// <summary>A bond in hardware, two guests, 64 flows and more than 1 MB/s between them, and the service.</summary>
    private async Task StartHostAsync()
    {
        await ConfigureAsync(
            Bonded("lacp-fast-layer3-4").Replace("bonds:", $"  - pf: \"{Third}\"\n    mode: legacy\nbonds:")
            + "\nmetrics:\n  listen: \":9975\"\n  flow-dump: { interval: 1s, duty: 100% }\n");
        await RunAsync("make_peer lacp 10.0.0.9/24; start_openvswitch");
        await ProgramAsync(0, "apply --yes");
        await AddGuestAsync("n0", 0, 0, "10.0.0.1/24");
        await AddGuestAsync("n1", 1, 0, "10.0.0.2/24");

        // Rules by port make each port a flow of its own.
        await RunAsync(
            """
            wait_until 20 ip netns exec n0 ping -q -c 1 -W 1 10.0.0.2
            for port in {1..64}; do echo "priority=10,udp,tp_dst=$port actions=NORMAL"; done > /tmp/flows
            ovs-ofctl add-flows br1 /tmp/flows
            cat > /tmp/send.py <<'X'
            import socket, time
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            while True:
                for port in range(1, 65): sender.sendto(b"x", ("10.0.0.2", port))
                for burst in range(20):
                    for packet in range(90): sender.sendto(b"x" * 1400, ("10.0.0.2", 1))
                    time.sleep(0.04)
            X
            setsid ip netns exec n0 python3 /tmp/send.py > /dev/null 2>&1 & echo $! > /tmp/send.pid
            """);
        await StartServiceAsync();
    }

    private async Task ProvokeAndMendAsync(PrometheusServer prometheus, string mend, params Fault[] faults)
    {
        var begun = Stopwatch.StartNew();
        var script = new List<string>();
        var due = new List<string>();
        foreach (Fault fault in faults)
        {
            if (fault.After)
            {
                await FireAsync();
            }

            script.Add(fault.Script);
            due.AddRange(fault.Alerts);
        }

        await FireAsync();
        await RunAsync(mend);
        await UntilClearAsync(prometheus);
        string[] fired = await FiredAsync(prometheus, begun.Elapsed);
        Say($"clear; fired: {string.Join(", ", fired)}");
        string[] expected =
            [.. faults.SelectMany(fault => fault.Alerts).Select(alert => Prefix + Name(alert)).Distinct()];
        Assert.Equal(
            expected.Order(), fired.Where(alert => alert != CheckError || expected.Contains(alert)).Order());
        _seen.UnionWith(fired);

        async Task FireAsync()
        {
            await RunAsync(string.Join('\n', script));
            Say("provoked");
            script.Clear();
            foreach (string alert in due)
            {
                await UntilAsync(prometheus, alert, begun);
                Say($"fires: {alert}");
            }

            due.Clear();
        }
    }

    /// <summary>Waits until nothing fires, and has the checks run meanwhile.</summary>
    private async Task UntilClearAsync(PrometheusServer prometheus)
    {
        var begun = Stopwatch.StartNew();
        for (JsonElement[] firing; (firing = await prometheus.QueryAsync(Firing)).Length > 0;)
        {
            Assert.True(begun.Elapsed < Limit * _slowness, $"does not clear: {string.Join('\n', firing)}");
            await RunAsync(CheckNow);
            await Task.Delay(TimeSpan.FromSeconds(5) * _slowness, Cancellation);
        }
    }

    /// <summary>Waits until an alert has fired since then.</summary>
    private async Task UntilAsync(PrometheusServer prometheus, string alert, Stopwatch begun)
    {
        string labels = alert[Name(alert).Length..].Trim('{', '}');
        string selector = $"ALERTS{{alertstate='firing',alertname='{Prefix}{Name(alert)}',{labels}}}";
        while ((await prometheus.QueryAsync($"count_over_time({selector}[{Range(begun.Elapsed)}])")).Length == 0)
        {
            Assert.True(
                begun.Elapsed < Limit * _slowness,
                $"does not fire: {alert}; alerts are {string.Join('\n', await prometheus.QueryAsync("ALERTS"))}");
            await Task.Delay(500, Cancellation);
        }
    }

    private static string Name(string alert) => alert.Split('{')[0];

    /// <summary>The alerts that fired at any time of so long until now.</summary>
    private static async Task<string[]> FiredAsync(PrometheusServer prometheus, TimeSpan span)
    {
        JsonElement[] alerts = await prometheus.QueryAsync(
            $"count by (alertname) (count_over_time({Firing}[{Range(span)}]))");
        return [.. alerts.Select(alert => alert.GetProperty("metric").GetProperty("alertname").GetString()!)];
    }

    private static string Range(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0}ms");

    private void Say(string what) => TestContext.Current.TestOutputHelper?.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{_begun.Elapsed.TotalSeconds:0} s: {what}"));

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    /// <summary>One fault.</summary>
    /// <param name="Script">The script that provokes it.</param>
    /// <param name="Alerts">
    /// The alerts that are to fire, as selectors without the prefix: <c>VfLagLost{bond='bond0'}</c>.
    /// </param>
    private sealed record Fault(string Script, params string[] Alerts)
    {
        /// <summary>Whether it is provoked only once all alerts of the faults before it have fired.</summary>
        public bool After { get; private init; }

        /// <summary>A fault that comes after the alerts of those before it.</summary>
        public static Fault Then(string script, params string[] alerts) => new(script, alerts) { After = true };
    }
}
