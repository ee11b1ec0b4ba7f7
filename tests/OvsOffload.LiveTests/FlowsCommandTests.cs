using System.Diagnostics;
using System.Text.Json;

namespace OvsOffload.LiveTests;

/// <summary>The command as it is built, against a real ovs-vswitchd and against dumps.</summary>
public sealed class FlowsCommandTests
{
    private static readonly string[] Lines =
    [
        "flow-dump from the main thread:",
        Line(1, "offloaded:yes, dp:tc, ", "vf2"),
        Line(2, "dp:ovs, ", "hash(l4(0)),recirc(0x1)"),
        Line(2, "dp:ovs, ", "hash(l4(0)),recirc(0x1)"),
        Line(3, "dp:ovs, ", "userspace(pid=1,slow_path(action))"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Sid)]
    public async Task The_summary_of_the_running_switch_is_that_of_appctl(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        Assert.Equal(0, (await SummaryAsync(ovs)).GetProperty("flows").GetInt64());
        await ovs.VsctlAsync(
            "set", "Open_vSwitch", ".", "other_config:max-idle=3600000", "--",
            "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "fail-mode=secure", "--",
            "add-port", "br0", "p1", "--", "set", "interface", "p1", "type=dummy-pmd", "--",
            "add-port", "br0", "p2", "--", "set", "interface", "p2", "type=dummy-pmd");
        await ovs.AddOpenFlowAsync("br0", "in_port=p1,ip,actions=output:p2");
        for (int host = 1; host <= 5; host++)
        {
            await ovs.AppctlAsync(
                "netdev-dummy/receive", "p1",
                $"in_port(1),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:09),eth_type(0x0800),ipv4(src=192.0.2.{host},"
                + "dst=192.0.2.99,proto=6,tos=0,ttl=64,frag=no),tcp(src=8,dst=9),tcp_flags(ack)");
        }

        // Flows are made by the first packets, a moment later, by another thread.
        int listed = 0;
        for (var begun = Stopwatch.StartNew(); listed == 0; await Task.Delay(50, Token))
        {
            string flows = await ovs.AppctlAsync("dpctl/dump-flows", "-m", "dummy@ovs-dummy");
            Assert.True(begun.Elapsed < TimeSpan.FromMinutes(5), $"a flow was expected:\n{flows}");
            listed = flows.Split('\n').Where(line => line.StartsWith("ufid:", StringComparison.Ordinal))
                .Select(line => line[..41]).Distinct().Count();
        }

        JsonElement summary = await SummaryAsync(ovs);
        Assert.Equal(listed, summary.GetProperty("flows").GetInt64());
        Assert.Equal("dummy@ovs-dummy", summary.GetProperty("ports")[0].GetProperty("datapath").GetString());
        Assert.Equal(0, summary.GetProperty("malformed").GetInt64());

        (int status, string? list, string? error) = await RunAsync(ovs.RunDirectory, "flows", "list", "--json");
        Assert.True(status == 0, error);
        Assert.Equal(listed, JsonElement.Parse(list).GetProperty("flows").GetArrayLength());
        (int refused, string _, string _) = await RunAsync(ovs.RunDirectory, "flows", "summary", "--max-flows", "0");
        Assert.Equal(2, refused);
    }

    [Fact]
    public async Task A_dump_is_counted_by_ufid_with_reasons()
    {
        using var dump = new Dump(Lines);
        (int status, string? output, string? error) = await RunAsync(
            "/nonexistent", "flows", "summary", "--json", "--file", dump.Path);
        Assert.True(status == 0, error);
        var root = JsonElement.Parse(output);
        Assert.Equal(3, root.GetProperty("flows").GetInt64());
        Assert.Equal(1, root.GetProperty("reasons").GetProperty("hash_action").GetInt64());
        Assert.False(root.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task Why_exits_with_3_only_where_a_flow_should_be_offloaded()
    {
        using var dump = new Dump(Lines);
        (int status, string? output, string _) = await RunAsync("/nonexistent", "flows", "why", "--file", dump.Path);
        Assert.Equal(3, status);
        Assert.Contains("hash_action: 1 flow, inferred", output, StringComparison.Ordinal);
        (status, output, _) = await RunAsync(
            "/nonexistent", "flows", "why", "--reason", "slow_path", "--json", "--file", dump.Path);
        Assert.Equal(0, status);
        Assert.Single(JsonElement.Parse(output).GetProperty("flows").EnumerateArray());
    }

    [Fact]
    public async Task Flows_of_a_dump_without_states_are_unknown_unless_an_option_states_them()
    {
        using var dump = new Dump(["in_port(1),eth(), packets:1, bytes:60, used:0.1s, actions:2"]);
        (int _, string? plain, string _) = await RunAsync(
            "/nonexistent", "flows", "summary", "--json", "--file", dump.Path);
        Assert.Equal(1, JsonElement.Parse(plain).GetProperty("unknown").GetInt64());
        (int _, string? told, string _) = await RunAsync(
            "/nonexistent", "flows", "summary", "--json", "--dumped-as", "offloaded", "--file", dump.Path);
        Assert.Equal(1, JsonElement.Parse(told).GetProperty("offloaded").GetInt64());
    }

    [Theory]
    [InlineData(6, "flows", "summary")]
    [InlineData(1, "flows", "summary", "--file", "/nonexistent/dump")]
    [InlineData(2, "flows", "list", "--reason", "mood")]
    [InlineData(2, "flows", "list", "--top", "0")]
    [InlineData(2, "flows", "summary", "--watch", "--file", "-")]
    public async Task An_operation_that_is_not_possible_is_an_error(int expected, params string[] arguments)
    {
        (int status, string? output, string? error) = await RunAsync("/nonexistent", arguments);
        Assert.Equal(expected, status);
        Assert.Empty(output);
        Assert.StartsWith("ovs-offload: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("summary", "ovs-appctl: cannot connect to \"/run/openvswitch/ovs-vswitchd.12.ctl\" (No such file)")]
    [InlineData("list", "version: 1\nnics:\n  - { pf: eth0 }")]
    [InlineData("why", "\u007fELF\u0002\u0001\u0001\u0000")]
    [InlineData("why", "")]
    [InlineData("summary", "recirc_id(0),in_port(1),eth(")]
    public async Task A_text_without_a_flow_is_said_to_have_none(string command, string text)
    {
        using var dump = new Dump(text.Split('\n'));
        (int status, string? output, string? error) = await RunAsync(
            "/nonexistent", "flows", command, "--file", dump.Path);
        Assert.Equal(6, status);
        Assert.StartsWith($"ovs-offload: no flow in {dump.Path}: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("offloaded", output, StringComparison.Ordinal);

        (status, output, _) = await RunAsync("/nonexistent", "flows", command, "--json", "--file", dump.Path);
        Assert.Equal(6, status);
        var root = JsonElement.Parse(output);
        Assert.StartsWith("no flow in ", root.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(6, root.GetProperty("error").GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task That_all_flows_are_offloaded_is_said_of_whole_dumps_alone()
    {
        string[] offloaded = [Line(1, "offloaded:yes, dp:tc, ", "vf2"), Line(2, "offloaded:yes, dp:tc, ", "vf3")];
        using var whole = new Dump(offloaded);
        (int status, string? output, string _) = await RunAsync("/nonexistent", "flows", "why", "--file", whole.Path);
        Assert.Equal((0, "all 2 flows are offloaded"), (status, output.Trim()));

        using var damaged = new Dump([.. offloaded, "recirc_id(0),in_port(1),eth("]);
        (status, output, _) = await RunAsync("/nonexistent", "flows", "why", "--file", damaged.Path);
        Assert.Equal(6, status);
        Assert.DoesNotContain("all 2 flows are offloaded", output, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> SummaryAsync(RealOpenVSwitch ovs)
    {
        (int status, string? output, string? error) = await RunAsync(ovs.RunDirectory, "flows", "summary", "--json");
        Assert.True(status == 0, error);
        return JsonElement.Parse(output);
    }

    private static async Task<(int Status, string Output, string Error)> RunAsync(
        string runDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo(ProgramUnderTest.Binary(), arguments) { RedirectStandardInput = true };
        start.Environment["OVS_RUNDIR"] = runDirectory;
        return await OvsTree.RunAsync(start, Token);
    }

    private static string Line(int ufid, string state, string actions) =>
        $"ufid:00000000-0000-0000-0000-{ufid:x12}, recirc_id(0),in_port(vf1),eth(), packets:{ufid}, bytes:60, "
            + $"used:0.5s, "
        + $"{state}actions:{actions}";

    private sealed class Dump : IDisposable
    {
        public Dump(string[] lines) => File.WriteAllLines(Path, lines);

        public string Path { get; } = global::System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
