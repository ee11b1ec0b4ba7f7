using System.Net;
using System.Net.Sockets;
using System.Text;
using OvsOffload.Intent;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

/// <summary>The bounds of the server hold what its comments say, against real sockets.</summary>
public sealed class ConnectionLimitsTests : IAsyncLifetime
{
    private readonly FakeTime _time = new();
    private readonly HttpClient _client = new();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MetricsServer? _server;
    private int _answering;
    private int _mostAnswering;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await MetricsServer.StartAsync(
        new ListenAddress(IPAddress.Loopback, 0),
        new MetricsPages(
            async (_, _, token) =>
            {
                InterlockedMax(ref _mostAnswering, Interlocked.Increment(ref _answering));
                await _answer.Task.WaitAsync(token);
                Interlocked.Decrement(ref _answering);
            },
            () => []),
        new WebAccessStore(null, (_, _) => { }, TimeProvider.System), Token, _time);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task So_many_answers_are_made_at_a_time_and_the_others_wait_for_their_turn()
    {
        Task<HttpResponseMessage>[] asked =
            [.. Enumerable.Range(0, 40).Select(_ => _client.GetAsync($"{_server!.Url}/metrics", Token))];
        while (Volatile.Read(ref _answering) < ClientConnections.MaxAnswers)
        {
            await Task.Delay(10, Token);
        }

        await Task.Delay(300, Token);
        _answer.SetResult();

        foreach (HttpResponseMessage answer in await Task.WhenAll(asked))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(ClientConnections.MaxAnswers, _mostAnswering);
    }

    [Fact]
    public async Task An_answer_is_cut_off_thirty_seconds_after_its_request()
    {
        using Socket socket = await SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        while (Volatile.Read(ref _answering) == 0)
        {
            await Task.Delay(10, Token);
        }

        _time.Advance(TimeSpan.FromSeconds(29));
        await Task.Delay(200, Token);
        Assert.False(socket.Poll(0, SelectMode.SelectRead));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("", await AnswerAsync(socket));
    }

    [Fact]
    public async Task An_answer_of_more_than_five_seconds_makes_room_for_one_that_waits()
    {
        var busy = new List<Socket>();
        try
        {
            for (int i = 0; i < ClientConnections.MaxAnswers; i++)
            {
                busy.Add(await SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
            }

            while (Volatile.Read(ref _answering) < ClientConnections.MaxAnswers)
            {
                await Task.Delay(10, Token);
            }

            using Socket next = await SendAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
            _time.Advance(TimeSpan.FromSeconds(4));
            await Task.Delay(600, Token);
            Assert.False(next.Poll(0, SelectMode.SelectRead));
            _time.Advance(TimeSpan.FromSeconds(2));

            Assert.StartsWith("HTTP/1.1 200 ", await AnswerAsync(next), StringComparison.Ordinal);
            Assert.Contains(busy, socket => socket.Poll(0, SelectMode.SelectRead));
        }
        finally
        {
            busy.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData(5 * 1024, 0, "HTTP/1.1 414 ")]
    [InlineData(0, 17 * 1024, "HTTP/1.1 431 ")]
    [InlineData(3 * 1024, 12 * 1024, "HTTP/1.1 404 ")]
    public async Task A_request_of_more_than_4_KB_and_headers_of_more_than_16_KB_are_refused(
        int path, int header, string status)
    {
        using Socket socket = await SendAsync(
            $"GET /{new string('a', path)} HTTP/1.1\r\nHost: x\r\nX-A: {new string('b', header)}\r\n\r\n");

        Assert.StartsWith(status, await AnswerAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_refused()
    {
        using Socket socket = await SendAsync("GET /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");

        Assert.StartsWith("HTTP/1.1 4", await AnswerAsync(socket), StringComparison.Ordinal);
    }

    /// <summary>Kestrel looks once a second, by the real clock.</summary>
    [Fact]
    public async Task Headers_that_take_longer_than_five_seconds_are_cut_off()
    {
        using Socket socket = await SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));

        string answer = await AnswerAsync(socket, limit.Token);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (int before = Volatile.Read(ref most); now > before;)
        {
            before = Interlocked.CompareExchange(ref most, now, before);
        }
    }

    private async Task<Socket> SendAsync(string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(_server!.Url).Port, Token);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), Token);
        return socket;
    }

    /// <summary>What comes; nothing when the connection is cut off.</summary>
    private static async Task<string> AnswerAsync(Socket socket, CancellationToken? cancellation = null)
    {
        byte[] bytes = new byte[512];
        try
        {
            return Encoding.ASCII.GetString(bytes, 0, await socket.ReceiveAsync(bytes, cancellation ?? Token));
        }
        catch (SocketException cut) when (cut.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }
}
