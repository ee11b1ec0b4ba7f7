using System.Diagnostics;
using System.Text.Json;

namespace OvsOffload.LiveTests;

/// <summary>
/// However a setting is spelled in the database, <c>plan</c>, <c>status</c>, <c>verify</c> and <c>/metrics</c> give the
/// answer that ovs-vswitchd gives itself by it.
/// </summary>
public sealed class OneAnswerLiveTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-answer-");
    private readonly HttpClient _client = new();
    private readonly int _port = RunningService.FreePort();
    private RealOpenVSwitch? _ovs;

    private string Wanted => Path.Combine(_folder.FullName, "wanted.yaml");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "run takes a configuration only from root");
        _ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);
        await File.WriteAllTextAsync(
            Wanted, "version: 1\nopenvswitch: { hw-offload: true }\nsafety: { protect: none }\n", Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await (_ovs?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Each_spelling_of_hw_offload_has_one_answer_in_every_command_and_in_the_metrics()
    {
        await using RunningService exporter =
            await ProgramUnderTest.StartExporterAsync(_folder, _ovs!.RunDirectory, _port);
        foreach ((string spelling, bool on) in (IReadOnlyList<(string, bool)>)
            [("True", true), ("TRUE", true), ("true", true), ("1", false), ("yes", false), (" true", false),
                ("", false)])
        {
            await _ovs.VsctlAsync("set", "Open_vSwitch", ".", $"other_config:hw-offload=\"{spelling}\"");

            JsonElement plan = await JsonAsync("plan");
            JsonElement status = await JsonAsync("status");
            JsonElement verify = await JsonAsync("verify", "--only", "O01");

            Assert.True(on == (plan.GetProperty("steps").GetArrayLength() == 0), $"'{spelling}': {plan}");
            Assert.True(
                on == status.GetProperty("openvswitch").GetProperty("hw_offload_configured").GetBoolean(),
                $"'{spelling}': {status}");
            Assert.True(
                on == (verify.GetProperty("checks")[0].GetProperty("status").GetString() == "ok"),
                $"'{spelling}': {verify}");
            await UntilMetricAsync(spelling, on ? "1" : "0");
        }
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(ProgramUnderTest.Binary(), ["--config", Wanted, .. arguments, "--json"])
        {
            RedirectStandardInput = true,
        };
        start.Environment["OVS_RUNDIR"] = _ovs!.RunDirectory;
        (_, string output, string error) = await OvsTree.RunAsync(start, Token);
        Assert.True(output.Length > 0, error);
        return JsonElement.Parse(output);
    }

    /// <summary>The service hears of a change by the database's monitor, a moment later.</summary>
    private async Task UntilMetricAsync(string spelling, string value)
    {
        string line = $"ovs_offload_hw_offload_configured {value}";
        for (var begun = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(200), Token))
        {
            string metrics = await _client.GetStringAsync($"http://127.0.0.1:{_port}/metrics", Token);
            if (metrics.Contains($"\n{line}\n", StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(begun.Elapsed < TimeSpan.FromMinutes(2), $"'{spelling}': no line \"{line}\" in\n{metrics}");
        }
    }
}
