using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OvsOffload.LiveTests;

/// <summary>What SIGHUP does to the service, and what systemd is told then.</summary>
public sealed class ReloadLiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-reload-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Reloads_from_the_first_moment_on_neither_end_the_service_nor_make_it_ready_before_it_serves()
    {
        string socket = Path.Combine(_folder.FullName, "notify");
        _systemd.Bind(new UnixDomainSocketEndPoint(socket));
        int port = RunningService.FreePort();
        string config = Path.Combine(_folder.FullName, "config.yaml");
        await File.WriteAllTextAsync(
            config, $"version: 1\nmetrics:\n  listen: \"127.0.0.1:{port}\"\nsafety: {{ protect: none }}\n", Token);
        // Below nohup, which some CI is, SIGHUP is ignored, and a program does not ask for it then.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=HUP", ProgramUnderTest.Binary(), "--config", config, "run"])
        {
            RedirectStandardError = true,
        };
        start.Environment["NOTIFY_SOCKET"] = socket;
        start.Environment["OVS_RUNDIR"] = _folder.FullName;
        using Process service = Process.Start(start)!;
        Task<string> log = service.StandardError.ReadToEndAsync(Token);

        Task<bool> ready = ServesWhenReadyAsync(port);
        var begun = Stopwatch.StartNew();
        while (!CatchesHangup(service) && !service.HasExited)
        {
            if (begun.Elapsed > TimeSpan.FromMinutes(1))
            {
                service.Kill();
                Assert.Fail($"SIGHUP is not caught within a minute: {await log}");
            }

            await Task.Delay(1, Token);
        }

        int reloads = 0;
        for (; !ready.IsCompleted && !service.HasExited; reloads++)
        {
            using var reload = Process.Start("kill", ["-HUP", service.Id.ToString(CultureInfo.InvariantCulture)]);
            await reload.WaitForExitAsync(Token);
        }

        bool lives = !service.HasExited;
        service.Kill();
        string said = await log;
        Assert.True(lives, $"ended after {reloads} reloads: {said}");
        Assert.True(await ready, $"ready before it served: {said}");
        Assert.True(reloads > 0, "it was ready before it could be told to reload");
    }

    /// <summary>Whether the service answers at the moment at which it first says that it is ready.</summary>
    private async Task<bool> ServesWhenReadyAsync(int port)
    {
        byte[] message = new byte[4096];
        string said;
        do
        {
            said = Encoding.UTF8.GetString(message, 0, await _systemd.ReceiveAsync(message, Token));
        }
        while (!said.StartsWith("READY=1", StringComparison.Ordinal));

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether SIGHUP, the lowest bit, no longer ends it; proc_pid_status(5).</summary>
    private static bool CatchesHangup(Process process)
    {
        try
        {
            string mask = File.ReadLines($"/proc/{process.Id}/status")
                .Single(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))["SigCgt:".Length..];
            return (Convert.ToUInt64(mask.Trim(), 16) & 1) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
