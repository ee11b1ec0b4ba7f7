using System.Net.Sockets;
using System.Text;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

public sealed class UnixctlClientTests
{
    private const string Reply = """{"id":1,"result":"one\ntwo\n","error":null}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_sends_its_arguments_as_text_and_gives_the_text_of_the_result()
    {
        string request = "";
        await using var daemon = new FakeDaemon(async (connection, stop) =>
        {
            request = await FakeDaemon.ReadRequestAsync(connection, stop);
            await connection.SendAsync(Encoding.UTF8.GetBytes(Reply), stop);
        });

        Assert.Equal("one\ntwo\n", await Client(daemon).CallAsync("dpctl/dump-flows", ["-m", "system@x"], Token));
        Assert.Equal("""{"id":1,"method":"dpctl/dump-flows","params":["-m","system@x"]}""", request);
    }

    [Fact]
    public async Task The_socket_is_found_by_the_pid_file()
    {
        await using var daemon = new FakeDaemon(
            async (connection, stop) =>
            {
                // Closed before the request is read, the connection would break under the client's send.
                await FakeDaemon.ReadRequestAsync(connection, stop);
                await connection.SendAsync(Encoding.UTF8.GetBytes(Reply), stop);
            },
            "ovs-vswitchd.4711.ctl");
        await File.WriteAllTextAsync(Path.Combine(daemon.RunDirectory, "ovs-vswitchd.pid"), "4711\n", Token);

        var client = new UnixctlClient(new UnixctlOptions { RunDirectory = daemon.RunDirectory }, TimeProvider.System);
        Assert.Equal("one\ntwo\n", await client.CallAsync("version", [], Token));
    }

    [Fact]
    public async Task Without_a_pid_file_the_daemon_is_unreachable_and_the_file_is_named()
    {
        await using var daemon = FakeDaemon.Answering(Reply);
        var client = new UnixctlClient(new UnixctlOptions { RunDirectory = daemon.RunDirectory }, TimeProvider.System);
        DaemonUnreachableException e = await Assert.ThrowsAsync<DaemonUnreachableException>(
            () => client.CallAsync("version", [], Token));
        Assert.Equal(Path.Combine(daemon.RunDirectory, "ovs-vswitchd.pid"), e.Endpoint);

        await File.WriteAllTextAsync(e.Endpoint, "none\n", Token);
        await Assert.ThrowsAsync<DaemonUnreachableException>(() => client.CallAsync("version", [], Token));
    }

    [Fact]
    public async Task An_absent_socket_is_unreachable_and_named()
    {
        await using var daemon = FakeDaemon.Answering(Reply);
        string path = daemon.SocketPath + ".gone";
        DaemonUnreachableException e = await Assert.ThrowsAsync<DaemonUnreachableException>(
            () => Client(path).CallAsync("version", [], Token));
        Assert.Equal(path, e.Endpoint);
        Assert.Contains("no such socket", e.Message);
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_unreachable()
    {
        await using var daemon = FakeDaemon.Answering(Reply);
        string path = Path.Combine(daemon.RunDirectory, "stale.ctl");
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(path));
            DaemonUnreachableException e = await Assert.ThrowsAsync<DaemonUnreachableException>(
            () => Client(path).CallAsync("version", [], Token));
            Assert.Contains("refused", e.Message);
        }
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_is_unreachable() =>
        await Assert.ThrowsAsync<DaemonUnreachableException>(
            () => Client("/tmp/" + new string('x', 200)).CallAsync("version", [], Token));

    [Fact]
    public async Task A_daemon_that_hangs_is_silent_after_the_stated_time()
    {
        await using var daemon = FakeDaemon.Hanging();
        UnixctlClient client = Client(daemon, o => o with { Timeout = Brief, DumpSilence = Brief });
        DaemonSilentException e = await Assert.ThrowsAsync<DaemonSilentException>(
            () => client.CallAsync("version", [], Token));
        Assert.Equal(Brief, e.Waited);
        await Assert.ThrowsAsync<DaemonSilentException>(() => client.StreamAsync("dump", [], (_, _) => { }, Token));
    }

    [Fact]
    public async Task A_dump_that_comes_byte_by_byte_ends_too()
    {
        await using var daemon = new FakeDaemon(async (socket, stop) =>
        {
            await socket.SendAsync("{\"id\":1,\"result\":\""u8.ToArray(), stop);
            while (!stop.IsCancellationRequested)
            {
                await socket.SendAsync("x"u8.ToArray(), stop);
                await Task.Delay(5, stop);
            }
        });
        UnixctlClient client = Client(daemon, o => o with { DumpTimeout = Brief });

        DaemonSilentException e = await Assert.ThrowsAsync<DaemonSilentException>(
            () => client.StreamAsync("dump", [], (_, _) => { }, Token));

        Assert.Equal(Brief, e.Waited);
    }

    [Fact]
    public async Task A_caller_who_stops_is_not_told_that_the_daemon_is_silent()
    {
        await using var daemon = FakeDaemon.Hanging();
        using var stop = new CancellationTokenSource(Brief);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Client(daemon).CallAsync("version", [], stop.Token));
    }

    [Fact]
    public async Task A_connection_closed_without_an_answer_is_unreachable()
    {
        await using var daemon = FakeDaemon.Answering("");
        await Assert.ThrowsAsync<DaemonUnreachableException>(() => Client(daemon).CallAsync("version", [], Token));
        await Assert.ThrowsAsync<DaemonUnreachableException>(
            () => Client(daemon).StreamAsync("dump", [], (_, _) => { }, Token));
    }

    [Fact]
    public async Task A_reply_truncated_at_any_offset_is_malformed_not_empty()
    {
        for (int length = 1; length < Reply.Length; length++)
        {
            await using var daemon = FakeDaemon.Answering(Reply[..length]);
            await Assert.ThrowsAsync<MalformedReplyException>(() => Client(daemon).CallAsync("version", [], Token));
            await Assert.ThrowsAsync<MalformedReplyException>(
                () => Client(daemon).StreamAsync("dump", [], (_, _) => { }, Token));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("""{"id":1,"result":17,"error":null}""")]
    [InlineData("""{"id":1,"result":null,"error":null}""")]
    [InlineData("""{"id":2,"result":"another's","error":null}""")]
    [InlineData("""{"result":"nobody's","error":null}""")]
    [InlineData("""{"id":1,"result":"x",}""")]
    [InlineData("{]")]
    [InlineData("""{"id":1,"result":"x\ud800","error":null}""")]
    public async Task Garbage_is_malformed(string garbage)
    {
        await using var daemon = FakeDaemon.Answering(garbage);
        await Assert.ThrowsAsync<MalformedReplyException>(() => Client(daemon).CallAsync("version", [], Token));
        await Assert.ThrowsAsync<MalformedReplyException>(
            () => Client(daemon).StreamAsync("dump", [], (_, _) => { }, Token));
    }

    [Fact]
    public async Task A_reply_in_chunks_of_any_size_is_read()
    {
        for (int chunk = 1; chunk <= 64; chunk++)
        {
            await using var daemon = FakeDaemon.Answering(Encoding.UTF8.GetBytes(Reply), chunk);
            Assert.Equal("one\ntwo\n", await Client(daemon).CallAsync("version", [], Token));
            Assert.Equal(["one", "two"], await StreamAsync(Client(daemon)));
        }
    }

    [Fact]
    public async Task Of_two_replies_back_to_back_the_first_is_read()
    {
        await using var daemon = FakeDaemon.Answering(Reply + """{"id":2,"result":"three","error":null}""");
        Assert.Equal("one\ntwo\n", await Client(daemon).CallAsync("version", [], Token));
        Assert.Equal(["one", "two"], await StreamAsync(Client(daemon)));
    }

    [Theory]
    [InlineData("""{"id":1,"error":"no \"x\"\n"}""")]
    [InlineData("""{"error":"no \"x\"\n","result":null,"id":1}""")]
    [InlineData("""{"id":1,"result":"half\n","error":"no \"x\"\n"}""")]
    public async Task An_error_reply_keeps_the_daemons_words(string reply)
    {
        await using var daemon = FakeDaemon.Answering(reply);
        ErrorReplyException e = await Assert.ThrowsAsync<ErrorReplyException>(
            () => Client(daemon).CallAsync("version", [], Token));
        Assert.Equal("no \"x\"", e.Words);
        e = await Assert.ThrowsAsync<ErrorReplyException>(
            () => Client(daemon).StreamAsync("dump", [], (_, _) => { }, Token));
        Assert.Equal("no \"x\"", e.Words);
    }

    [Fact]
    public async Task A_reply_above_the_bound_is_too_large()
    {
        await using var daemon = FakeDaemon.Answering($$"""{"id":1,"result":"{{new string('a', 100_000)}}"}""");
        UnixctlClient client = Client(daemon, o => o with { MaxReplyBytes = 50_000 });
        ReplyTooLargeException e = await Assert.ThrowsAsync<ReplyTooLargeException>(
            () => client.CallAsync("version", [], Token));
        Assert.Equal(50_000, e.Limit);
    }

    [Fact]
    public async Task A_dump_far_larger_than_the_buffer_passes_through_it_unharmed()
    {
        string[] lines = Enumerable.Range(0, 20_000).Select(i => $"in_port(p{i}), packets:{i}, actions:\"{i}\\")
            .ToArray();
        string escaped = string.Concat(lines.Select(l => l.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\\n"));
        await using var daemon = FakeDaemon.Answering($$"""{"id":1,"result":"{{escaped}}","error":null}""");
        UnixctlClient client = Client(daemon, o => o with { DumpBufferBytes = 1024, MaxRecordBytes = 512 });
        Assert.Equal(lines, await StreamAsync(client));
    }

    private static TimeSpan Brief => TimeSpan.FromMilliseconds(50);

    private static UnixctlClient Client(FakeDaemon daemon, Func<UnixctlOptions, UnixctlOptions>? with = null) =>
        Client(daemon.SocketPath, with);

    private static UnixctlClient Client(string path, Func<UnixctlOptions, UnixctlOptions>? with = null)
    {
        var patience = TimeSpan.FromMinutes(2);
        var options = new UnixctlOptions { SocketPath = path, Timeout = patience, DumpSilence = patience };
        return new UnixctlClient(with is null ? options : with(options), TimeProvider.System);
    }

    private static async Task<List<string>> StreamAsync(UnixctlClient client)
    {
        var records = new List<string>();
        await client.StreamAsync(
            "dump", [], (record, whole) => records.Add(Encoding.UTF8.GetString(record) + (whole ? "" : "...")), Token);
        return records;
    }
}
