using System.Text.Json.Nodes;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.LiveTests;

public sealed class OpenVSwitchLiveTests
{
    private static readonly Dictionary<string, string> NoIds = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_bridge_and_a_port_come_and_go_and_writing_them_twice_writes_once(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        OpenVSwitchWriter writer = ovs.Writer;

        var ids = new Dictionary<string, string> { ["own"] = "1" };
        WriteOutcome added = await writer.AddBridgeAsync("br1", "dummy", ids, NoIds, Token);
        Assert.True(added.Changed);
        WriteOutcome port = await writer.AddPortAsync(
            "br1", "p1", 17, new Dictionary<string, string> { ["vf"] = "3" }, Token);
        Assert.True(port.Changed);
        Assert.Null(port.InterfaceError);

        OpenVSwitchDatabase database = await ovs.Reader.ReadAsync(Token);
        OvsBridge bridge = Assert.Single(database.Bridges);
        Assert.True(bridge.IsManaged);
        Assert.Equal("1", bridge.ExternalIds["own"]);
        Assert.Equal("dummy", bridge.DatapathType);
        Assert.Equal(["br1", "p1"], bridge.Ports.Select(one => one.Name));
        Assert.All(bridge.Ports, one => Assert.True(one.IsManaged));
        Assert.Equal(17, bridge.Ports[1].Tag);
        OvsInterface netdev = Assert.Single(bridge.Ports[1].Interfaces);
        Assert.Equal("3", netdev.ExternalIds["vf"]);
        Assert.True(netdev.OfPort > 0);
        Assert.Equal("br1\n", await ovs.VsctlAsync("port-to-br", "p1"));

        Assert.False((await writer.AddBridgeAsync("br1", "dummy", NoIds, NoIds, Token)).Changed);
        Assert.False((await writer.AddPortAsync("br1", "p1", 17, NoIds, Token)).Changed);
        Assert.Equal(database.NextCfg, (await ovs.Reader.ReadAsync(Token)).NextCfg);

        Assert.True((await writer.DeletePortAsync("br1", "p1", Token)).Changed);
        Assert.False((await writer.DeletePortAsync("br1", "p1", Token)).Changed);
        Assert.True((await writer.DeleteBridgeAsync("br1", Token)).Changed);
        Assert.False((await writer.DeleteBridgeAsync("br1", Token)).Changed);
        database = await ovs.Reader.ReadAsync(Token);
        Assert.Empty(database.Bridges);
        Assert.Equal(added.Sequence + 3, database.NextCfg);
        Assert.Equal("", await ovs.VsctlAsync("--columns=name", "list", "interface"));
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_key_of_other_config_is_set_changed_and_removed_and_its_neighbours_stay(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        IReadOnlyDictionary<string, string> before = (await ovs.Reader.ReadAsync(Token)).OtherConfig;
        Assert.True((await ovs.Writer.SetOtherConfigAsync("tc-policy", "skip_sw", Token)).Changed);
        Assert.Equal("skip_sw", (await ovs.Reader.ReadAsync(Token)).OtherConfig["tc-policy"]);
        Assert.True((await ovs.Writer.SetOtherConfigAsync("tc-policy", "none", Token)).Changed);

        OpenVSwitchDatabase database = await ovs.Reader.ReadAsync(Token);
        Assert.Equal("none\n", await ovs.VsctlAsync("get", "Open_vSwitch", ".", "other_config:tc-policy"));
        Assert.Equal(before.Count + 1, database.OtherConfig.Count);
        Assert.Equal(database.NextCfg, database.CurCfg);

        Assert.False((await ovs.Writer.SetOtherConfigAsync("tc-policy", "none", Token)).Changed);
        Assert.Equal(database.NextCfg, (await ovs.Reader.ReadAsync(Token)).NextCfg);

        Assert.True((await ovs.Writer.RemoveOtherConfigAsync("tc-policy", Token)).Changed);
        Assert.False((await ovs.Writer.RemoveOtherConfigAsync("tc-policy", Token)).Changed);
        Assert.Equal(before, (await ovs.Reader.ReadAsync(Token)).OtherConfig);
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task Rows_created_by_other_programs_are_never_deleted(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.VsctlAsync(
            "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "--", "add-port", "br0", "p1");
        await ovs.Writer.AddBridgeAsync("br1", "dummy", NoIds, NoIds, Token);
        await ovs.VsctlAsync("add-port", "br1", "theirs");

        Assert.Equal("port p1", (await Assert.ThrowsAsync<RowNotManagedException>(
            () => ovs.Writer.DeletePortAsync("br0", "p1", Token))).Row);
        Assert.Equal("bridge br0", (await Assert.ThrowsAsync<RowNotManagedException>(
            () => ovs.Writer.DeleteBridgeAsync("br0", Token))).Row);
        Assert.Equal("port theirs of bridge br1", (await Assert.ThrowsAsync<RowNotManagedException>(
            () => ovs.Writer.DeleteBridgeAsync("br1", Token))).Row);
        Assert.Equal("br0\nbr1\n", await ovs.VsctlAsync("list-br"));
        Assert.Equal("theirs\n", await ovs.VsctlAsync("list-ports", "br1"));
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_transaction_based_on_outdated_rows_is_refused_as_a_whole(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.Writer.AddBridgeAsync("br1", "dummy", NoIds, NoIds, Token);
        await ovs.Writer.AddPortAsync("br1", "p1", null, NoIds, Token);
        OpenVSwitchDatabase stale = await ovs.Reader.ReadAsync(Token);
        await ovs.VsctlAsync(
            "set", "Open_vSwitch", ".", "other_config:theirs=1", "--",
            "remove", "port", "p1", "external_ids", "ovs-offload", "--",
            "add-port", "br1", "p2");
        OpenVSwitchDatabase before = await ovs.Reader.ReadAsync(Token);

        using OvsdbClient client = await OvsdbClient.ConnectAsync(ovs.Ovsdb, TimeProvider.System, Token);
        foreach (IReadOnlyList<JsonObject> edits in (IReadOnlyList<JsonObject>[])
            [
                OpenVSwitchEdits.SetOtherConfig(stale, "tc-policy", "none"),
                OpenVSwitchEdits.RemoveOtherConfig(stale, "hw-offload"),
                OpenVSwitchEdits.AddPort(stale, "br1", "p2", null, NoIds),
                OpenVSwitchEdits.AddBridge(stale, "p2", "dummy", NoIds, NoIds),
                OpenVSwitchEdits.DeletePort(stale, "br1", "p1"),
                OpenVSwitchEdits.DeleteBridge(stale, "br1"),
            ])
        {
            OvsdbOperationException e = await Assert.ThrowsAsync<OvsdbOperationException>(
                () => client.TransactAsync("stale", OpenVSwitchDatabase.Name, edits, Token));
            Assert.Equal("timed out", e.Error);
        }

        OpenVSwitchDatabase after = await ovs.Reader.ReadAsync(Token);
        Assert.Equal(before.OtherConfig, after.OtherConfig);
        Assert.Equal(["br1", "p1", "p2"], Assert.Single(after.Bridges).Ports.Select(port => port.Name));
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_conflicting_row_is_named_and_nothing_is_changed(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.Writer.AddBridgeAsync("br1", "dummy", NoIds, NoIds, Token);
        await ovs.Writer.AddBridgeAsync("br2", "dummy", NoIds, NoIds, Token);
        await ovs.Writer.AddPortAsync("br1", "p1", null, NoIds, Token);
        long before = (await ovs.Reader.ReadAsync(Token)).NextCfg;

        await RefusedAsync(ovs.Writer.AddPortAsync("br9", "p2", null, NoIds, Token), "no bridge br9");
        await RefusedAsync(ovs.Writer.AddPortAsync("br2", "p1", null, NoIds, Token), "in use on bridge br1");
        await RefusedAsync(ovs.Writer.AddPortAsync("br1", "p1", 5, NoIds, Token), "no tag, expected tag 5");
        await RefusedAsync(ovs.Writer.AddBridgeAsync("p1", "dummy", NoIds, NoIds, Token), "in use on bridge br1");
        await RefusedAsync(ovs.Writer.DeletePortAsync("br1", "br1", Token), "the bridge's internal port");
        Assert.Equal(before, (await ovs.Reader.ReadAsync(Token)).NextCfg);
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_write_that_a_stopped_ovs_vswitchd_does_not_take_up_fails_in_bounded_time(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.Writer.AddBridgeAsync("br1", "dummy", NoIds, NoIds, Token);
        await ovs.SignalVswitchdAsync("STOP");
        var impatient = new OpenVSwitchWriter(
            ovs.Ovsdb with { ApplyTimeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
        ConfigurationNotAppliedException e = await Assert.ThrowsAsync<ConfigurationNotAppliedException>(
            () => impatient.AddPortAsync("br1", "p1", null, NoIds, Token));
        Assert.Contains("ovs-vswitchd has not applied it within 0.2 s", e.Message);
        Assert.Equal(e.Sequence, (await ovs.Reader.ReadAsync(Token)).NextCfg);

        await ovs.SignalVswitchdAsync("CONT");
        Assert.True((await ovs.Writer.AddPortAsync("br1", "p2", null, NoIds, Token)).Changed);
        Assert.Equal("p1\np2\n", await ovs.VsctlAsync("list-ports", "br1"));
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task An_interface_error_of_ovs_vswitchd_is_reported(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token, dummies: false);
        await ovs.Writer.AddBridgeAsync("br1", "dummy", NoIds, NoIds, Token);
        WriteOutcome outcome = await ovs.Writer.AddPortAsync("br1", "nowhere0", null, NoIds, Token);
        Assert.True(outcome.Changed);
        Assert.Contains("nowhere0", outcome.InterfaceError);
        Assert.Contains("No such device", outcome.InterfaceError);
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_change_by_another_program_is_reported_but_a_statistics_update_is_not(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.VsctlAsync("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy");
        await using IAsyncEnumerator<IReadOnlyList<string>> changes = new OpenVSwitchChanges(
            ovs.Ovsdb, TimeProvider.System)
            .WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await changes.MoveNextAsync());
        Assert.Empty(changes.Current);

        await ovs.VsctlAsync("set", "Interface", "br0", "lldp:enable=true");
        await ovs.VsctlAsync("add-port", "br0", "p1");
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(["Bridge", "Interface", "Port"], changes.Current.Order());
    }

    private static async Task RefusedAsync(Task write, string why) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<ConfigurationConflictException>(() => write)).Message);
}
