using System.Diagnostics;

namespace OvsOffload.LiveTests;

/// <summary>A real Prometheus scrapes the running exporter, and answers what the dashboards ask.</summary>
public sealed class PrometheusLiveTests : IAsyncLifetime
{
    /// <summary>Panels that show something on a host with Open vSwitch and without a NIC.</summary>
    private static readonly string[] HaveData =
    [
        "Flows in hardware", "Pending changes", "Age of the flow counts", "Flows by state",
        "Flows and flow limit", "Cross-check: filters in the kernel", "Packets that reached software",
        "Flow dump cost", "Skipped dumps", "Checks that could not run", "Collectors", "Collector duration",
        "Versions", "Open vSwitch", "Settings", "Security groups", "Flows in hardware by port", "Hosts",
        "Hosts out of sync", "Closest to the flow limit", "ovs-offload", "Security group policies",
        "ovs-offload uptime", "CPU of ovs-offload", "Memory of ovs-offload", "Open files of ovs-offload",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-prometheus-");
    private readonly HttpClient _client = new();
    private readonly int _exporterPort = RunningService.FreePort();
    private RealOpenVSwitch? _ovs;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "run takes a configuration only from root");
        _ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);
        await _ovs.VsctlAsync(
            "set", "Open_vSwitch", ".", "other_config:max-idle=3600000", "--",
            "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "fail-mode=secure", "--",
            "add-port", "br0", "p1", "--", "set", "interface", "p1", "type=dummy-pmd", "--",
            "add-port", "br0", "p2", "--", "set", "interface", "p2", "type=dummy-pmd");
        await _ovs.AddOpenFlowAsync("br0", "in_port=p1,ip,actions=output:p2");
        await _ovs.AppctlAsync(
            "netdev-dummy/receive", "p1",
            "in_port(1),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:09),eth_type(0x0800),ipv4(src=192.0.2.1,"
            + "dst=192.0.2.99,proto=6,tos=0,ttl=64,frag=no),tcp(src=8,dst=9),tcp_flags(ack)");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await (_ovs?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Prometheus_scrapes_the_exporter_and_every_panel_can_be_answered()
    {
        await using RunningService exporter =
            await ProgramUnderTest.StartExporterAsync(_folder, _ovs!.RunDirectory, _exporterPort);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(_folder, _exporterPort);
        await prometheus.UntilAsync("count(instance:ovs_offload_offloaded_flows:share) == 1");
        await CheckMetricsAsync();

        // Rates need two scrapes, and the first run of the checks a reading of the host.
        string[] empty = HaveData;
        for (var begun = Stopwatch.StartNew(); empty.Length > 0; await Task.Delay(TimeSpan.FromSeconds(1), Token))
        {
            Assert.True(begun.Elapsed < TimeSpan.FromMinutes(10), $"no data in {string.Join(", ", empty)}");
            empty = [.. HaveData.Except(await prometheus.PanelsWithDataAsync())];
        }

        Assert.Empty(await prometheus.QueryAsync("ALERTS{alertname!~\"OvsOffload(DriftNotRepaired|NotEffective)\"}"));
    }

    [Fact]
    public async Task Prometheus_scrapes_with_TLS_and_a_password()
    {
        using var authority = new TestAuthority("Test CA");
        (string certificate, string key) = authority.Issue("localhost");
        await WriteAsync("ca.pem", authority.Certificate);
        await WriteAsync("server.pem", certificate);
        await WriteAsync("server.key", key);
        await WriteAsync(
            "web.yaml",
            "tls_server_config: { cert_file: server.pem, key_file: server.key }\nbasic_auth_users:\n"
                + "  prometheus: $2b$10$abcdefghijklmnopqrstuu3KWNuWLhBnmgYfnzONPueahDuedC/lu\n");
        await using RunningService exporter = await ProgramUnderTest.StartExporterAsync(
            _folder, _ovs!.RunDirectory, _exporterPort, Path.Combine(_folder.FullName, "web.yaml"));
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(
            _folder,
            _exporterPort,
            "    scheme: https\n    tls_config: { ca_file: ca.pem, server_name: localhost }\n"
                + "    basic_auth: { username: prometheus, password: s3cret }\n");
        await prometheus.UntilAsync("up{job=\"ovs-offload\"} == 1");
        Assert.Single(await prometheus.QueryAsync("ovs_offload_build_info"));
    }

    private async Task CheckMetricsAsync()
    {
        string text = await _client.GetStringAsync($"http://127.0.0.1:{_exporterPort}/metrics", Token);
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        string said = await promtool.StandardOutput.ReadToEndAsync(Token)
            + await promtool.StandardError.ReadToEndAsync(Token);
        await promtool.WaitForExitAsync(Token);
        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), text, Token);
}
