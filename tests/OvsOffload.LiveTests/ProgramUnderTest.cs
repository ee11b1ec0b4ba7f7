using System.Diagnostics;

namespace OvsOffload.LiveTests;

/// <summary>The program under test.</summary>
internal static class ProgramUnderTest
{
    /// <summary>The binary that OVS_OFFLOAD_BINARY names, else the one that was built beside these tests.</summary>
    public static string Binary()
    {
        if (Environment.GetEnvironmentVariable("OVS_OFFLOAD_BINARY") is { } named)
        {
            return named;
        }

        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        string beside = Path.Combine(
            here.Parent!.Parent!.FullName, "OvsOffload.Cli", here.Name.Split('_')[0] + "_linux-x64", "ovs-offload");
        Assert.SkipUnless(File.Exists(beside), $"{beside} is not built");
        return beside;
    }

    /// <summary>Starts <c>ovs-offload run</c>, which observes, and waits until it listens.</summary>
    /// <param name="folder">Where its configuration goes.</param>
    /// <param name="runDirectory">Of Open vSwitch.</param>
    /// <param name="port">Where it is to listen on loopback.</param>
    /// <param name="webConfig">The web configuration; null for none.</param>
    public static async Task<RunningService> StartExporterAsync(
        DirectoryInfo folder, string runDirectory, int port, string? webConfig = null)
    {
        string config = Path.Combine(folder.FullName, "config.yaml");
        string web = webConfig is null ? "" : $"  web-config: {webConfig}\n";
        await File.WriteAllTextAsync(
            config,
            $"version: 1\nmetrics:\n  listen: \"127.0.0.1:{port}\"\n{web}"
                + "  flow-dump: { interval: 1s, duty: 100% }\nsafety: { protect: none }\n");
        var start = new ProcessStartInfo(Binary(), ["--config", config, "run"]);
        start.Environment["OVS_RUNDIR"] = runDirectory;
        return await RunningService.StartAsync(start, port);
    }
}
