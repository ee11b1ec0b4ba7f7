using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace OvsOffload.LiveTests;

/// <summary>
/// The program as it is published, on the C library that it was linked against (Debian 11's, from
/// src/packaging/sysroot), which is older than this machine's.
/// </summary>
public sealed partial class OldGlibcLiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-glibc-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_program_needs_no_glibc_later_than_2_17()
    {
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(Published()));
        int[] versions = [.. WantedVersion().Matches(text).Select(match => int.Parse(match.Groups[1].Value))];
        Assert.NotEmpty(versions);
        Assert.InRange(versions.Max(), 2, 17);
    }

    [Fact]
    public async Task On_an_old_glibc_a_bundle_gives_the_same_result()
    {
        string bundle = Path.Combine(_folder.FullName, "host.tar.gz");
        string published = Published();
        (int status, string _, string? errors) = await RunAsync(
            new ProcessStartInfo(published, ["support-bundle", "--output", bundle]));
        Assert.True(status == 0, errors);

        string[] verify = ["verify", "--from", bundle, "--json"];
        (int Status, string Output, string Errors) here = await RunAsync(new ProcessStartInfo(published, verify));
        (int Status, string Output, string Errors) there = await RunAsync(OnOldGlibc(published, verify));
        Assert.Contains("\"checks\"", here.Output);
        Assert.Equal(here, there);
        Assert.Equal(
            await RunAsync(new ProcessStartInfo(published, ["--version"])), await RunAsync(
                OnOldGlibc(published, ["--version"])));
    }

    [Fact]
    public async Task The_service_can_be_scraped_on_an_old_glibc()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "run takes a configuration only from root");
        int port = RunningService.FreePort();
        string config = Path.Combine(_folder.FullName, "config.yaml");
        await File.WriteAllTextAsync(
            config, $"version: 1\nmetrics: {{ listen: \"127.0.0.1:{port}\" }}\nsafety: {{ protect: none }}\n", Token);
        await using RunningService service =
            await RunningService.StartAsync(OnOldGlibc(Published(), ["--config", config, "run"]), port);
        using var client = new HttpClient();
        string metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Token);
        Assert.Contains("\novs_offload_build_info{", metrics);
    }

    private static string Published()
    {
        string? binary = Environment.GetEnvironmentVariable("OVS_OFFLOAD_BINARY");
        Assert.SkipWhen(
            binary is null,
                "OVS_OFFLOAD_BINARY names no published program; tests/run publishes one with src/packaging/publish");
        return binary!;
    }

    private static ProcessStartInfo OnOldGlibc(string program, string[] arguments)
    {
        string cache = Environment.GetEnvironmentVariable("OVS_OFFLOAD_CACHE")
            ?? Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
                    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "ovs-offload");
        string libraries = Path.Combine(cache, "sysroot", "bullseye", "lib", "x86_64-linux-gnu");
        return new ProcessStartInfo(
            Path.Combine(libraries, "ld-2.31.so"), ["--library-path", libraries, program, .. arguments]);
    }

    private static async Task<(int Status, string Output, string Errors)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, output, await errors);
    }

    [GeneratedRegex(@"GLIBC_2\.([0-9]+)")]
    private static partial Regex WantedVersion();
}
