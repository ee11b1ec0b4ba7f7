using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OvsOffload.LiveTests;

/// <summary>The program itself, with clients that mean harm.</summary>
public sealed class HostileClientLiveTests : IDisposable
{
    /// <summary>Far below what a thousand connections kept, or a thousand expositions, would take. Bytes.</summary>
    private const long MaxGrowth = 24 << 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-hostile-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0")]
    [InlineData("")]
    public async Task A_thousand_hostile_clients_block_no_scraper_and_use_little_memory(string opening)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "run takes a configuration only from root");
        int port = RunningService.FreePort();
        await using RunningService exporter =
            await ProgramUnderTest.StartExporterAsync(_folder, _folder.FullName, port);
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
        string url = $"http://127.0.0.1:{port}/metrics";
        for (int i = 0; i < 50; i++)
        {
            await client.GetStringAsync(url, Token);
        }

        long before = exporter.ResidentBytes;
        byte[] bytes = Encoding.Latin1.GetBytes(opening);
        var sockets = new List<Socket>();
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, port, Token);
                await socket.SendAsync(bytes, Token);
                if (i % 100 == 99)
                {
                    Assert.Contains("ovs_offload_build_info", await client.GetStringAsync(url, Token));
                }
            }

            Assert.Contains("ovs_offload_build_info", await client.GetStringAsync(url, Token));
            long grown = exporter.ResidentBytes - before;
            TestContext.Current.TestOutputHelper?.WriteLine($"before {before / 1024} KiB, grown by {grown / 1024} KiB");
            Assert.InRange(grown, long.MinValue, MaxGrowth);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Each of two hundred comes anew every few seconds, in each way that means harm.</summary>
    [Fact]
    [Trait("Level", LongRun.Trait)]
    public async Task For_half_an_hour_two_hundred_hostile_clients_keep_no_scraper_out_and_nothing_grows()
    {
        const int Clients = 200, ReplacedPerRound = 40;
        string[] openings =
        [
            "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ", "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0", "", "GET /" + new string('a', 9000), "\0\0\0\0\r\n\r\n",
        ];
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "run takes a configuration only from root");
        int port = RunningService.FreePort();
        await using RunningService exporter =
            await ProgramUnderTest.StartExporterAsync(_folder, _folder.FullName, port);
        using var client = new HttpClient();
        var sockets = new Queue<Socket>();
        var uses = new List<ProcessUse>();
        var begun = Stopwatch.StartNew();
        double slowest = 0;
        int scrapes = 0;
        try
        {
            for (int opened = 0; begun.Elapsed < LongRun.Length;)
            {
                for (int i = 0; i < ReplacedPerRound; i++)
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    sockets.Enqueue(socket);
                    await socket.ConnectAsync(IPAddress.Loopback, port, Token);
                    await socket.SendAsync(Encoding.Latin1.GetBytes(openings[opened++ % openings.Length]), Token);
                    if (sockets.Count > Clients)
                    {
                        sockets.Dequeue().Dispose();
                    }
                }

                var scrape = Stopwatch.StartNew();
                Assert.Contains(
                    "ovs_offload_build_info", await client.GetStringAsync($"http://127.0.0.1:{port}/metrics", Token));
                slowest = Math.Max(slowest, scrape.Elapsed.TotalSeconds);
                if (scrapes++ % Math.Max(1, (int)LongRun.Length.TotalSeconds / 30) == 0)
                {
                    uses.Add(exporter.Use);
                }

                await Task.Delay(TimeSpan.FromSeconds(1), Token);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{scrapes} scrapes, the slowest {slowest:0.000} s");
            LongRun.AssertFlat(uses);
        }
        finally
        {
            foreach (Socket socket in sockets)
            {
                socket.Dispose();
            }
        }
    }
}
