using System.Globalization;
using OvsOffload.Flows;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Flows;

public sealed class LoggedFlowsTests
{
    private const string First = "ba557802-81b1-4ae9-b6bc-150dfd40ae80";

    private const string Second = "87d053f7-8679-4ce8-a050-86fbb838689f";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 16, 4, 26, TimeSpan.Zero);

    [Fact]
    public void A_flow_is_refused_for_what_its_thread_wrote_just_before()
    {
        Dictionary<UInt128, LoggedRefusal> flows = Of(
            Line(2, "failed to offload flow: No space left on device: eth5"),
            Line(1, "failed to offload flow: Operation not supported: eth2"),
            Put(2, First),
            Put(1, Second));
        Assert.Equal(FlowReason.TableFull, flows[Id(First)].Reason);
        Assert.Equal(FlowReason.KernelRefused, flows[Id(Second)].Reason);
    }

    [Fact]
    public void The_most_specific_message_is_the_reason()
    {
        Dictionary<UInt128, LoggedRefusal> flows = Of(
            Line(2, "offloading attribute pkt_mark isn't supported", "netdev_offload_tc"),
            Line(2, "failed to offload flow: Operation not supported: eth5"),
            Put(2, First),
            Put(2, Second));
        Assert.Equal((FlowReason.SkbMark, false), (flows[Id(First)].Reason, flows.ContainsKey(Id(Second))));
    }

    [Theory]
    [InlineData("added flow")]
    [InlineData("Dropped 12 log messages in last 2 seconds (most recently, 1 seconds ago) due to excessive rate")]
    public void A_flow_that_was_offloaded_and_one_after_missing_lines_have_no_reason(string between) => Assert.Empty(Of(
        Line(2, "failed to offload flow: No space left on device: eth5"), Line(2, between), Put(2, First)));

    [Fact]
    public void A_flow_that_was_offloaded_later_is_no_longer_refused() => Assert.Empty(Of(
        Line(2, "failed to offload flow: No space left on device: eth5"), Put(2, First), Line(2, "added flow"), Put(
            2, First)));

    [Fact]
    public void An_old_refusal_belongs_to_another_flow() => Assert.Empty(Of(
        Line(2, "failed to offload flow: No space left on device: eth5") with { Time = Now - TimeSpan.FromSeconds(2) },
        Put(2, First)));

    [Fact]
    public void Lines_that_are_not_flows_are_skipped() => Assert.Empty(Of(
        Line(2, "failed to offload flow: No space left on device: eth5"),
        Line(2, "system@ovs-system: put[create] ufid:ba557802-81b1"),
        Line(2, "system@ovs-system: flow_del ufid:" + First),
        Put(2, First) with { Module = "dpif(handler2)" }));

    [Fact]
    public void From_3_7_on_flows_are_named_behind_their_batch_and_share_what_all_of_it_were_refused_for()
    {
        Dictionary<UInt128, LoggedRefusal> flows = Of(
            New(2, "offloading attribute pkt_mark isn't supported", "dpif_offload_tc_netdev"),
            New(2, "failed to offload flow: Operation not supported: eth5", "dpif_offload_tc"),
            New(2, "added flow", "dpif_offload_tc"),
            New(2, "Can't find netdev for output port 7", "dpif_offload_tc_netdev"),
            New(2, "failed to offload flow: Invalid argument: eth5", "dpif_offload_tc"),
            Tried(2, 0),
            NewPut(2, First),
            Tried(2, 22),
            NewPut(2, Second));
        Assert.Equal((FlowReason.ToPortOutsideNic, false),
            (flows[Id(Second)].Reason, flows.ContainsKey(Id(First))));
    }

    [Fact]
    public void A_batch_that_was_refused_for_several_reasons_tells_none_of_its_flows_which()
    {
        Dictionary<UInt128, LoggedRefusal> flows = Of(
            New(2, "failed to offload flow: Invalid argument: eth5", "dpif_offload_tc"),
            New(2, "Can't find netdev for output port 7", "dpif_offload_tc_netdev"),
            New(2, "failed to offload flow: Invalid argument: eth5", "dpif_offload_tc"),
            Tried(2, 22),
            NewPut(2, First),
            Tried(2, 22),
            NewPut(2, Second));
        Assert.All(flows.Values, refusal => Assert.Equal(FlowReason.KernelRefused, refusal.Reason));
        Assert.Equal(2, flows.Count);
    }

    [Fact]
    public void Open_vSwitch_4_names_a_refused_flow_at_the_default_level()
    {
        Dictionary<UInt128, LoggedRefusal> flows = Of(new DaemonLogLine(
            Now, "dpif_offload(handler3)", "WARN",
            $"system@ovs-system: failed to put[create] (Invalid argument) ufid:{First} recirc_id(0),in_port(3), "
                + "actions:4"));
        LoggedRefusal refusal = Assert.Single(flows).Value;
        Assert.Equal(FlowReason.KernelRefused, refusal.Reason);
        Assert.EndsWith("failed to put[create] (Invalid argument)", refusal.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.17.0", "netdev_offload_tc:file:dbg", "dpif_offload")]
    [InlineData("3.6.2", "netdev_offload_tc:file:dbg", "dpif_offload")]
    [InlineData("3.7.0", "dpif_offload_tc_netdev:file:dbg", " netdev_offload_tc")]
    [InlineData("4.0.0", "dpif_offload_tc:file:dbg", " netdev_offload_tc")]
    [InlineData(null, "vlog/list", "not there")]
    public void The_log_is_switched_on_by_names_that_the_daemon_has(string? version, string has, string hasNot)
    {
        string command = new OffloadLog(OffloadLog.VersionOf(version), null).Command;
        Assert.Contains(has, command);
        Assert.DoesNotContain(hasNot, command);
    }

    [Theory]
    [InlineData("3.5.0", "dpif_offload dpif_offload_tc", "dpif_offload:file:dbg dpif_offload_tc:file:dbg")]
    [InlineData(null, "dpif_netlink netdev_offload_tc tc", "netdev_offload_tc:file:dbg dpif_netlink:file:dbg")]
    [InlineData("3.7.0", "dpif_netlink netdev_offload_tc", "netdev_offload_tc:file:dbg dpif_netlink:file:dbg")]
    [InlineData("4.0.0", "dpif_netlink dpif_offload", "dpif_offload:file:dbg")]
    [InlineData("4.0.0", "tc", "dpif_offload:file:dbg dpif_offload_tc:file:dbg dpif_offload_tc_netdev:file:dbg")]
    public void The_daemons_own_list_of_modules_goes_before_its_version(string? version, string modules, string set)
    {
        var log = new OffloadLog(OffloadLog.VersionOf(version), modules.Split(' ').ToHashSet());
        Assert.Equal($"ovs-appctl vlog/set {set}", log.Command);
    }

    private static DaemonLogLine New(int thread, string message, string module) => Line(thread, message, module);

    private static DaemonLogLine Tried(int thread, int error) => New(
        thread, $"Tried offloading 0 to dpif-offload provider tc, error {error}", "dpif_offload");

    private static DaemonLogLine NewPut(int thread, string ufid) =>
        Put(thread, ufid) with { Module = $"dpif_offload(handler{thread})" };

    private static Dictionary<UInt128, LoggedRefusal> Of(params DaemonLogLine[] lines) => LoggedFlows.Of(
        lines,
        line => RefusalMessages.Find(line.Message) is { } found
            ? new LoggedRefusal(found.Reason, null, null, line.Message, found.ByNic)
            : null);

    private static DaemonLogLine Line(int thread, string message, string module = "dpif_netlink") =>
        new(Now, $"{module}(handler{thread})", "DBG", message);

    private static DaemonLogLine Put(int thread, string ufid) =>
        Line(thread, $"system@ovs-system: put[create] ufid:{ufid} recirc_id(0),in_port(3), actions:4");

    private static UInt128 Id(string ufid) =>
        UInt128.Parse(ufid.Replace("-", "", StringComparison.Ordinal), NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);
}
