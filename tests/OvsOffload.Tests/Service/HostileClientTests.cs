using System.Net;
using System.Net.Sockets;
using System.Text;
using OvsOffload.Intent;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

/// <summary>Clients that mean harm, against the real server.</summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    /// <summary>Long enough that no answer to a client that does not read fits in the sockets' buffers.</summary>
    private const int LongAnswer = 32 << 20;

    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private MetricsServer? _server;
    private bool _long;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port => new Uri(_server!.Url).Port;

    public async ValueTask InitializeAsync() => _server = await MetricsServer.StartAsync(
        new ListenAddress(IPAddress.Loopback, 0),
        new MetricsPages(
            (output, _, _) =>
            {
                int left = _long ? LongAnswer : 5;
                while (left > 0)
                {
                    Span<byte> room = output.GetSpan();
                    int length = Math.Min(left, room.Length);
                    room[..length].Fill((byte)'#');
                    output.Advance(length);
                    left -= length;
                }

                return Task.CompletedTask;
            },
            () => []),
        new WebAccessStore(null, (_, _) => { }, TimeProvider.System),
        Token);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_slow_clients_keep_no_scraper_out_and_few_of_them_are_kept()
    {
        var slow = new List<Socket>();
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                slow.Add(await SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: "));
                if (i % 100 == 99)
                {
                    Assert.Equal("#####", await _client.GetStringAsync($"{_server!.Url}/metrics", Token));
                }
            }

            // A socket that was cut off is readable and at its end.
            await UntilAsync(() => slow.Count(one => !one.Poll(0, SelectMode.SelectRead)) <= ClientConnections.Most);
            Assert.Equal("#####", await _client.GetStringAsync($"{_server!.Url}/metrics", Token));
        }
        finally
        {
            slow.ForEach(one => one.Dispose());
        }
    }

    [Fact]
    public async Task Clients_that_do_not_read_their_answers_are_cut_off_for_those_that_do()
    {
        _long = true;
        var deaf = new List<Socket>();
        try
        {
            for (int i = 0; i < ClientConnections.MaxAnswers; i++)
            {
                deaf.Add(await SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
            }

            _long = false;
            await UntilAsync(async () =>
            {
                using HttpResponseMessage answer = await _client.GetAsync($"{_server!.Url}/metrics", Token);
                return answer.StatusCode == HttpStatusCode.OK;
            });
        }
        finally
        {
            deaf.ForEach(one => one.Dispose());
        }
    }

    [Theory]
    [InlineData("\0\0\0\0\0\0\0\0\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n")]
    [InlineData("GET /metrics HTTP/9.9\r\n\r\n")]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ////\r\nAccept: \u0001\u0002\r\n\r\n")]
    public async Task Rubbish_is_answered_or_cut_off_and_the_next_one_is_served(string request)
    {
        using Socket socket = await SendAsync(request);
        byte[] answer = new byte[512];
        int length = await socket.ReceiveAsync(answer, Token);
        Assert.True(
            length == 0
            || Encoding.ASCII.GetString(answer, 0, length).StartsWith("HTTP/1.1 ", StringComparison.Ordinal));
        Assert.Equal("#####", await _client.GetStringAsync($"{_server!.Url}/metrics", Token));
    }

    private static async Task UntilAsync(Func<bool> isSo) => await UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private async Task<Socket> SendAsync(string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port, Token);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), Token);
        return socket;
    }
}
