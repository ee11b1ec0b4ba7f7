using OvsOffload.OpenVSwitch;

namespace OvsOffload.LiveTests;

public sealed class UnixctlLiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task The_version_is_the_one_that_appctl_shows(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        Assert.EndsWith($" {await ovs.Unixctl.VersionAsync(Token)}", (await ovs.AppctlAsync("version")).TrimEnd());
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task Without_a_bridge_there_is_no_datapath_and_with_one_it_shows_its_ports(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        Assert.Empty(await ovs.Unixctl.DatapathsAsync(Token));
        Assert.Empty(await ovs.Unixctl.UpcallShowAsync(Token));

        await ovs.VsctlAsync(
            "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "--", "add-port", "br0", "p1");

        string datapath = Assert.Single(await ovs.Unixctl.DatapathsAsync(Token));
        Assert.Equal("dummy@ovs-dummy", datapath);
        DatapathShow shown = await ovs.Unixctl.DatapathShowAsync(datapath, Token);
        Assert.Equal(["br0", "ovs-dummy", "p1"], shown.Ports.Select(port => port.Name).Order(StringComparer.Ordinal));
        Assert.Equal("dummy-internal", shown.Ports.Single(port => port.Name == "br0").Type);
        Assert.Equal(0, shown.Missed);
        UpcallShow upcalls = Assert.Single(await ovs.Unixctl.UpcallShowAsync(Token));
        Assert.Equal(datapath, upcalls.Datapath);
        Assert.True(upcalls.FlowLimit > 0);
        Assert.Null(upcalls.HandedOverFlows);
        await ovs.Unixctl.RevalidatorPurgeAsync(Token);
    }

    [Theory]
    [InlineData(Suites.Bookworm, false)]
    [InlineData(Suites.Trixie, false)]
    [InlineData(Suites.Sid, true)]
    public async Task Offload_state_is_read_if_the_daemon_reports_it(string suite, bool canTell)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.VsctlAsync("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy");

        OffloadShow? shown = await ovs.Unixctl.OffloadShowAsync(Token);
        Assert.Equal(canTell, shown is not null);
        if (shown is not null)
        {
            Assert.True(shown.Enabled);
            OffloadDatapath datapath = Assert.Single(shown.Datapaths);
            Assert.Equal("dummy@ovs-dummy", datapath.Datapath);
            Assert.Contains("br0", datapath.Providers.Single(provider => provider.Name == "dummy").Ports);
        }
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_refusal_keeps_the_daemons_words(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        ErrorReplyException e = await Assert.ThrowsAsync<ErrorReplyException>(
            () => ovs.Unixctl.CallAsync("dpctl/dump-flows", ["-m", "system@none"], Token));
        Assert.Contains("datapath not found", e.Words);
        e = await Assert.ThrowsAsync<ErrorReplyException>(
            () => ovs.Unixctl.StreamAsync("dpctl/dump-flows", ["-m", "system@none"], (_, _) => { }, Token));
        Assert.Contains("datapath not found", e.Words);
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_killed_daemon_is_unreachable_and_a_stopped_one_silent(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.SignalVswitchdAsync("STOP");
        var impatient = new UnixctlClient(
            new UnixctlOptions { RunDirectory = ovs.RunDirectory, Timeout = TimeSpan.FromMilliseconds(200) },
            TimeProvider.System);
        await Assert.ThrowsAsync<DaemonSilentException>(() => impatient.VersionAsync(Token));

        await ovs.KillVswitchdAsync();
        DaemonUnreachableException e = await Assert.ThrowsAsync<DaemonUnreachableException>(
            () => ovs.Unixctl.VersionAsync(Token));
        Assert.EndsWith(".ctl", e.Endpoint);
    }
}
