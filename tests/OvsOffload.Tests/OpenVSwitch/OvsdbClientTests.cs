using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

public sealed class OvsdbClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transaction_gives_the_result_of_each_operation()
    {
        string request = "";
        await using var daemon = new FakeDaemon(async (connection, stop) =>
        {
            request = await FakeDaemon.ReadRequestAsync(connection, stop);
            await SendAsync(connection, """{"id":1,"result":[{"rows":[{"n":7}]},{}],"error":null}""", stop);
        });
        using OvsdbClient client = await ConnectAsync(daemon);
        IReadOnlyList<JsonElement> results = await client.TransactAsync("test", "db", [Select(), Select()], Token);
        Assert.Equal(7, Assert.Single(OvsdbRow.Rows("T", results[0])).Integer("n"));
        Assert.Equal(
            """{"id":1,"method":"transact","params":["db","""
            + """{"op":"select","table":"T","where":[],"columns":["n"]},"""
            + """{"op":"select","table":"T","where":[],"columns":["n"]}]}""",
            request);
    }

    [Fact]
    public async Task An_operation_that_the_server_refuses_is_named_with_its_words()
    {
        await using var daemon = FakeDaemon.Answering(
            """{"id":1,"result":[{},{"error":"constraint violation","details":"two named br0"},null],"error":null}""");
        using OvsdbClient client = await ConnectAsync(daemon);
        OvsdbOperationException e = await Assert.ThrowsAsync<OvsdbOperationException>(
            () => client.TransactAsync("add br0", "db", [Select(), Select(), Select()], Token));
        Assert.Equal("constraint violation", e.Error);
        Assert.Equal("two named br0", e.Details);
        Assert.StartsWith("add br0 (select T)", e.Message);
    }

    [Fact]
    public async Task A_refusal_at_the_commit_stands_after_the_results_of_all_operations()
    {
        await using var daemon = FakeDaemon.Answering(
            """{"id":1,"result":[{},{"error":"referential integrity violation"}],"error":null}""");
        using OvsdbClient client = await ConnectAsync(daemon);
        OvsdbOperationException e = await Assert.ThrowsAsync<OvsdbOperationException>(
            () => client.TransactAsync("test", "db", [Select()], Token));
        Assert.Null(e.Details);
    }

    [Fact]
    public async Task A_request_that_the_server_refuses_keeps_its_words()
    {
        await using var daemon = FakeDaemon.Answering(
            """{"id":1,"result":null,"error":{"error":"unknown database","details":"no db"}}""");
        using OvsdbClient client = await ConnectAsync(daemon);
        ErrorReplyException e = await Assert.ThrowsAsync<ErrorReplyException>(
            () => client.TransactAsync("test", "db", [Select()], Token));
        Assert.Contains("unknown database", e.Words);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"id":1,"result":{},"error":null}""")]
    [InlineData("""{"id":1,"result":[],"error":null}""")]
    [InlineData("""{"id":1,"result":[{},{},{}],"error":null}""")]
    [InlineData("""{"id":1,"result":[{}],"error":null""")]
    [InlineData("""{"id":1,"result":[{"rows":[{"n\ud800":"x"}]}],"error":null}""")]
    [InlineData("""{"id":1,"result":[{"rows":[{"n":"x\ud800"}]}],"error":null}""")]
    public async Task Garbage_is_malformed(string answer)
    {
        await using var daemon = FakeDaemon.Answering(answer);
        using OvsdbClient client = await ConnectAsync(daemon);
        await Assert.ThrowsAsync<MalformedReplyException>(() => client.TransactAsync("test", "db", [Select()], Token));
    }

    [Fact]
    public async Task An_answer_truncated_at_any_offset_is_malformed_not_empty()
    {
        const string Answer = """{"id":1,"result":[{"rows":[{"n":"Open_vSwitch"}]}],"error":null}""";
        for (int length = 0; length < Answer.Length; length++)
        {
            await using var daemon = FakeDaemon.Answering(Answer[..length]);
            using OvsdbClient client = await ConnectAsync(daemon);
            OpenVSwitchException e = await Assert.ThrowsAnyAsync<OpenVSwitchException>(() => NamesAsync(client));
            Assert.IsType(length == 0 ? typeof(DaemonUnreachableException) : typeof(MalformedReplyException), e);
        }
    }

    [Fact]
    public async Task Answers_in_chunks_of_any_size_with_other_messages_between_are_read()
    {
        const string Answers =
            """{"id":"probe","method":"echo","params":["x"]}{"id":null,"method":"update","params":["stale",{}]}"""
            + "\n" + """{"id":99,"result":[],"error":null}{"id":1,"result":"""
            + """[{"rows":[{"n":"a{\"}"},{"n":"b"}]}],"error":null}""";
        for (int chunk = 1; chunk <= 64; chunk++)
        {
            await using var daemon = FakeDaemon.Answering(Encoding.UTF8.GetBytes(Answers), chunk, stays: true);
            using OvsdbClient client = await ConnectAsync(daemon);
            Assert.Equal(["a{\"}", "b"], await NamesAsync(client));
        }
    }

    [Fact]
    public async Task An_echo_request_is_answered_with_its_own_id_and_parameters()
    {
        string echoed = "";
        await using var daemon = new FakeDaemon(async (connection, stop) =>
        {
            await FakeDaemon.ReadRequestAsync(connection, stop);
            await SendAsync(connection, """{"id":"probe","method":"echo","params":["x",1]}""", stop);
            echoed = await FakeDaemon.ReadRequestAsync(connection, stop);
            await SendAsync(connection, """{"id":1,"result":[{"rows":[]}],"error":null}""", stop);
        });
        using OvsdbClient client = await ConnectAsync(daemon);
        Assert.Empty(await NamesAsync(client));
        Assert.Equal("""{"id":"probe","result":["x",1],"error":null}""", echoed);
    }

    [Fact]
    public async Task A_monitor_gives_what_is_there_and_then_each_change_in_order()
    {
        const string Row = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
        await using var daemon = new FakeDaemon(async (connection, stop) =>
        {
            await FakeDaemon.ReadRequestAsync(connection, stop);
            await SendAsync(
                connection,
                ("""{"id":1,"result":{"T":{"ROW":{"new":{"n":1}}}},"error":null}"""
                + """{"id":null,"method":"update","params":["m",{"T":{"ROW":{"old":{"n":1},"new":{"n":2}}}}]}"""
                + """{"id":null,"method":"update","params":["m",{"T":{"ROW":{"old":{"n":2}}}}]}""").Replace("ROW", Row),
                stop);
        });
        using OvsdbClient client = await ConnectAsync(daemon);
        var watched = new Dictionary<string, IReadOnlyList<string>> { ["T"] = ["n"] };
        var seen = new List<(long? Old, long? New)>();
        await Assert.ThrowsAsync<DaemonUnreachableException>(async () =>
        {
            await foreach (IReadOnlyList<OvsdbRowUpdate> updates in client.MonitorAsync("db", watched, Token))
            {
                OvsdbRowUpdate update = Assert.Single(updates);
                Assert.Equal(Guid.Parse(Row), update.Row);
                seen.Add((update.Old?.Integer("n"), update.New?.Integer("n")));
            }
        });
        Assert.Equal([(null, 1), (1, 2), (2, null)], seen);
    }

    [Fact]
    public async Task A_server_that_hangs_is_silent_after_the_stated_time_and_its_late_answer_passed_over()
    {
        var gaveUp = new TaskCompletionSource();
        await using var daemon = new FakeDaemon(async (connection, stop) =>
        {
            await FakeDaemon.ReadRequestAsync(connection, stop);
            await gaveUp.Task;
            await FakeDaemon.ReadRequestAsync(connection, stop);
            await SendAsync(
                connection,
                """{"id":1,"result":[{"rows":[{"n":"late"}]}],"error":null}"""
                + """{"id":2,"result":[{"rows":[{"n":"now"}]}],"error":null}""",
                stop);
        });
        var time = new FakeTime();
        using OvsdbClient client = await ConnectAsync(daemon, time);
        Task late = NamesAsync(client);
        await time.AdvanceUntilAsync(late, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<DaemonSilentException>(() => late);
        gaveUp.SetResult();
        Assert.Equal(["now"], await NamesAsync(client));
    }

    [Fact]
    public async Task An_absent_server_is_unreachable() =>
        await Assert.ThrowsAsync<DaemonUnreachableException>(
            () => OvsdbClient.ConnectAsync(
                new OvsdbOptions { SocketPath = "/nowhere/db.sock" }, TimeProvider.System, Token));

    [Fact]
    public async Task A_message_above_the_bound_is_too_large()
    {
        await using var daemon = FakeDaemon.Answering($$"""{"id":1,"result":["{{new string('x', 100_000)}}"]}""");
        using OvsdbClient client = await OvsdbClient.ConnectAsync(
            new OvsdbOptions { SocketPath = daemon.SocketPath, MaxReplyBytes = 20_000 }, TimeProvider.System, Token);
        await Assert.ThrowsAsync<ReplyTooLargeException>(() => NamesAsync(client));
    }

    private static async Task<string[]> NamesAsync(OvsdbClient client)
    {
        IReadOnlyList<JsonElement> results = await client.TransactAsync("test", "db", [Select()], Token);
        return [.. OvsdbRow.Rows("T", results[0]).Select(row => row.Text("n"))];
    }

    [Fact]
    public async Task The_schema_is_asked_for_only_where_an_old_version_lacks_a_column()
    {
        const string Root = """
            {"_uuid":["uuid","00000000-0000-4000-8000-000000000001"],"next_cfg":3,"cur_cfg":3,"bridges":["set",[]],
            "manager_options":["set",[]],"other_config":["map",[["hw-offload","true"]]],"external_ids":["map",[]]}
            """;
        const string Nothing = """{"rows":[]}""";
        var requests = new List<string>();
        await using var daemon = new FakeDaemon(async (connection, stop) =>
        {
            await AnswerAsync($$"""[{"rows":[{{Root}}]},{{Nothing}},{"error":"unknown column"},null,null,null]""");
            await AnswerAsync("""
                {"version":"6.0.0","tables":{"Open_vSwitch":{"columns":{"bridges":{},"other_config":{}}},
                "Bridge":{"columns":{"name":{}}}}}
                """);
            await AnswerAsync($$"""[{"rows":[{{Root}}]}{{string.Concat(Enumerable.Repeat("," + Nothing, 5))}}]""");

            async Task AnswerAsync(string result)
            {
                requests.Add(await FakeDaemon.ReadRequestAsync(connection, stop));
                await SendAsync(connection, $$"""{"id":{{requests.Count}},"result":{{result}},"error":null}""", stop);
            }
        });

        OpenVSwitchDatabase read = await new OpenVSwitchReader(
            new OvsdbOptions { SocketPath = daemon.SocketPath }, TimeProvider.System).ReadAsync(Token);

        Assert.Equal("true", read.OtherConfig["hw-offload"]);
        Assert.Contains("\"ipfix\"", requests[0], StringComparison.Ordinal);
        Assert.Contains("get_schema", requests[1], StringComparison.Ordinal);
        Assert.EndsWith("\"columns\":[\"_uuid\"]}]}", requests[2], StringComparison.Ordinal);
    }

    private static JsonObject Select() => OvsdbOperation.Select("T", ["n"]);

    private static async Task SendAsync(Socket connection, string text, CancellationToken stop) =>
        await connection.SendAsync(Encoding.UTF8.GetBytes(text), stop);

    private static Task<OvsdbClient> ConnectAsync(FakeDaemon daemon, TimeProvider? time = null) =>
        OvsdbClient.ConnectAsync(
            new OvsdbOptions { SocketPath = daemon.SocketPath, Timeout = TimeSpan.FromMinutes(2) },
            time ?? TimeProvider.System,
            Token);
}
