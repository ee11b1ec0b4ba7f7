using System.Diagnostics;
using OvsOffload.Flows;

namespace OvsOffload.LiveTests;

public sealed class FlowDumpLiveTests
{
    private const int MaxFlows = 10_000;
    private const string Datapath = "dummy@ovs-dummy";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task The_tally_counts_what_appctl_lists_distinct_by_ufid(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        // Three flows; only since 4.0 are those of dummy ports offloaded, wholly or in part.
        FlowCounts expected = suite == Suites.Sid ? new FlowCounts(2, 1, 0, 0, 0) : new FlowCounts(0, 0, 0, 3, 0);
        await SendTrafficAsync(ovs, expected);

        FlowTally tally = await FlowDump.ReadAsync(ovs.Unixctl, Datapath, MaxFlows, null, Token);

        Assert.Equal(await DistinctAsync(ovs, "offloaded"), tally.Flows.Offloaded);
        Assert.Equal(await DistinctAsync(ovs, "partially-offloaded"), tally.Flows.Partial);
        Assert.Equal(await DistinctAsync(ovs, "non-offloaded"), tally.Flows.Software);
        Assert.Equal(0, tally.Flows.Unknown);
        Assert.Equal(0, tally.Malformed);
        Assert.False(tally.Truncated);
        Assert.Equal(tally.Flows.Total, tally.Ports.Values.Sum(port => port.Total));
        Assert.Equal(expected, tally.Flows);
        Assert.Equal(["p1", "p2", "p3"], tally.Ports.Keys.Order());
    }

    [Theory]
    [InlineData(Suites.Bookworm)]
    [InlineData(Suites.Trixie)]
    [InlineData(Suites.Sid)]
    public async Task A_datapath_without_flows_has_an_empty_tally(string suite)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(suite, Token);
        await ovs.VsctlAsync("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy");
        Assert.Equal(0, (await FlowDump.ReadAsync(ovs.Unixctl, Datapath, MaxFlows, null, Token)).Flows.Total);
    }

    /// <summary>One flow from each of three ports; the third one changes a header on the way.</summary>
    private static async Task SendTrafficAsync(RealOpenVSwitch ovs, FlowCounts expected)
    {
        await ovs.VsctlAsync(
            "set", "Open_vSwitch", ".", "other_config:max-idle=3600000", "--",
            "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=dummy", "fail-mode=secure", "--",
            "add-port", "br0", "p1", "--", "set", "interface", "p1", "type=dummy-pmd", "ofport_request=1", "--",
            "add-port", "br0", "p2", "--", "set", "interface", "p2", "type=dummy-pmd", "ofport_request=2", "--",
            "add-port", "br0", "p3", "--", "set", "interface", "p3", "type=dummy", "ofport_request=3");
        await ovs.AddOpenFlowAsync("br0", "in_port=1,ip,actions=output:2");
        await ovs.AddOpenFlowAsync("br0", "in_port=2,ip,actions=output:1");
        await ovs.AddOpenFlowAsync("br0", "in_port=3,ip,actions=mod_nw_ttl:9,output:2");
        var begun = Stopwatch.StartNew();
        while (true)
        {
            foreach (int port in (int[])[1, 2, 3])
            {
                await ovs.AppctlAsync(
                    "netdev-dummy/receive", $"p{port}",
                    $"in_port({port}),eth(src=02:00:00:00:00:0{port},dst=02:00:00:00:00:09),eth_type(0x0800),"
                    + $"ipv4(src=192.0.2.{port},dst=192.0.2.9,proto=6,tos=0,ttl=64,frag=no),"
                    + "tcp(src=8,dst=9),tcp_flags(ack)");
            }

            // Flows are made by the first packets and offloaded a moment later, by another thread.
            long all = await DistinctAsync(ovs, "all"), software = await DistinctAsync(ovs, "non-offloaded");
            if (all == expected.Total && software == expected.Software)
            {
                return;
            }

            Assert.True(
                begun.Elapsed < TimeSpan.FromMinutes(5),
                $"{expected} was expected; there are {all} flows, {software} of them not offloaded");
            await Task.Delay(50, Token);
        }
    }

    private static async Task<long> DistinctAsync(RealOpenVSwitch ovs, string type) =>
        (await ovs.AppctlAsync("dpctl/dump-flows", "-m", Datapath, $"type={type}"))
            .Split('\n')
            .Where(line => line.StartsWith("ufid:", StringComparison.Ordinal))
            .Select(line => line[..41])
            .Distinct()
            .Count();
}
