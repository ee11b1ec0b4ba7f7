using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OvsOffload.Testing;

/// <summary>A long-running program of a test, in a folder of its own. Dispose ends it.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private RunningService(Process process) => _process = process;

    /// <summary>Bytes of memory that it holds (VmRSS).</summary>
    public long ResidentBytes => 1024 * Use.ResidentKilobytes;

    /// <summary>What it uses now.</summary>
    public ProcessUse Use => ProcessUse.Of(_process.Id);

    /// <summary>Starts a program and waits until it listens on a port of loopback.</summary>
    public static async Task<RunningService> StartAsync(ProcessStartInfo start, int port)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        var said = new List<string>();
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var service = new RunningService(process);
        var begun = Stopwatch.StartNew();
        while (!await ListensAsync(port))
        {
            if (process.HasExited || begun.Elapsed > StartTime)
            {
                await service.DisposeAsync();
                Assert.Fail($"{start.FileName} does not listen on {port}: {string.Join('\n', said)}");
            }

            await Task.Delay(50);
        }

        return service;

        void Say(string? line)
        {
            lock (said)
            {
                said.Add(line ?? "");
            }
        }
    }

    /// <summary>A port of loopback that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
