using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace OvsOffload.Testing;

/// <summary>
/// A real Prometheus that scrapes one exporter on loopback, with the project's rules. Dispose ends it.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly HttpClient _client = new();
    private readonly RunningService _service;
    private readonly string _url;

    private PrometheusServer(RunningService service, int port) =>
        (_service, _url) = (service, $"http://127.0.0.1:{port}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where dashboards and rules are.</summary>
    public static string Dashboards => Path.Combine(Repository.Root, "dashboards");

    /// <summary>Every expression of every panel with the panel's title, its variables as for all hosts.</summary>
    public static IEnumerable<(string Title, string Expression)> Expressions()
    {
        foreach (string file in Directory.GetFiles(Dashboards, "*.json"))
        {
            var board = JsonElement.Parse(File.ReadAllText(file));
            foreach (JsonElement panel in board.GetProperty("panels").EnumerateArray())
            {
                if (!panel.TryGetProperty("targets", out JsonElement targets))
                {
                    continue;
                }

                foreach (JsonElement target in targets.EnumerateArray())
                {
                    string expression = target.GetProperty("expr").GetString()!
                        .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
                        .Replace("$host", ".*", StringComparison.Ordinal)
                        .Replace("$bond", ".*", StringComparison.Ordinal);
                    yield return (panel.GetProperty("title").GetString()!, expression);
                }
            }
        }
    }

    /// <summary>Starts it; skips the test where there is none.</summary>
    /// <param name="folder">Where its configuration and its data go.</param>
    /// <param name="target">The port of the exporter.</param>
    /// <param name="scrape">More lines of the scrape's configuration, indented by four.</param>
    /// <param name="interval">
    /// Seconds from one scrape to the next. A scrape may take no longer: a slower target would be down.
    /// </param>
    /// <param name="quick">
    /// Whether the rules are loaded as <see cref="QuickRules"/> shortens them, a minute to half an interval.
    /// </param>
    public static async Task<PrometheusServer> StartAsync(
        DirectoryInfo folder, int target, string scrape = "", int interval = 2, bool quick = false)
    {
        int port = RunningService.FreePort();
        string rules = quick ? QuickRules.Write(Dashboards, folder, Math.Max(interval / 2, 1)) : Dashboards;
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "prometheus.yaml"),
            $"""
            global: {"{"} scrape_interval: {interval}s, scrape_timeout: {interval}s, evaluation_interval: 1s {"}"}
            rule_files: ["{rules}/recording-rules.yaml", "{rules}/alerting-rules.yaml"]
            scrape_configs:
              - job_name: ovs-offload
            {scrape}    static_configs: [{"{"} targets: ["127.0.0.1:{target}"] {"}"}]
            """,
            Token);
        var start = new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={folder.FullName}/prometheus.yaml", $"--storage.tsdb.path={folder.FullName}/data",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            ]);
        try
        {
            var prometheus = new PrometheusServer(await RunningService.StartAsync(start, port), port);
            while (!(await prometheus._client.GetAsync($"{prometheus._url}/-/ready", Token)).IsSuccessStatusCode)
            {
                await Task.Delay(100, Token);
            }

            return prometheus;
        }
        catch (Win32Exception)
        {
            Assert.Skip("prometheus is not on PATH: tests/run unpacks Debian's package");
            throw;
        }
    }

    /// <summary>Titles of panels of which at least one expression has data.</summary>
    public async Task<HashSet<string>> PanelsWithDataAsync()
    {
        var shown = new HashSet<string>();
        foreach ((string title, string expression) in Expressions())
        {
            if ((await QueryAsync(expression)).Length > 0)
            {
                shown.Add(title);
            }
        }

        return shown;
    }

    /// <summary>Waits until an expression has data; the test fails with the target's state when it has none.</summary>
    public async Task UntilAsync(string expression, int seconds = 600)
    {
        var begun = Stopwatch.StartNew();
        while ((await QueryAsync(expression)).Length == 0)
        {
            if (begun.Elapsed.TotalSeconds > seconds)
            {
                JsonElement[] target = await QueryAsync(
                    "{__name__=~'up|ALERTS|scrape_duration_seconds|ovs_offload_collector_success'}");
                Assert.Fail($"no data within {seconds} s: {expression}\n{string.Join('\n', target)}");
            }

            await Task.Delay(500, Token);
        }
    }

    /// <summary>The answer to an expression; one that cannot be evaluated fails the test.</summary>
    public async Task<JsonElement[]> QueryAsync(string expression)
    {
        using HttpResponseMessage response = await _client.GetAsync(
            $"{_url}/api/v1/query?query={Uri.EscapeDataString(expression)}", Token);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.True(answer.GetProperty("status").GetString() == "success", $"{expression}: {answer}");
        return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }
}
