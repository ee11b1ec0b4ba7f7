using System.Globalization;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>Traffic between two VFs, with the real Open vSwitch and the real tc in between.</summary>
[Collection(OnCurrentKernel.Name)]
public sealed class OffloadTests(CurrentKernel machine) : LabScenario(machine)
{
    [Fact]
    public async Task Traffic_between_VFs_is_carried_by_the_card()
    {
        await ConnectTwoGuestsAsync();

        await PingAsync("n1", "10.0.0.2");

        var flows = await OffloadedFlowsAsync();
        Assert.Contains(flows, flow => flow.Contains("eth_type(0x0800)") && flow.Contains("offloaded:yes, dp:tc"));
    }

    [Fact]
    public async Task A_representor_counts_all_traffic_and_tells_apart_what_the_host_saw()
    {
        await ConnectTwoGuestsAsync();
        await PingAsync("n1", "10.0.0.2");
        var (total, host) = await CountersAsync();

        await PingAsync("n1", "10.0.0.2", count: 50);

        var (totalAfter, hostAfter) = await CountersAsync();
        Assert.InRange(totalAfter - total, 50, 70);
        Assert.InRange(hostAfter - host, 0, 5);
    }

    [Fact]
    [Nic("fail_rules=28")]
    public async Task Rules_that_the_card_refuses_stay_in_tc_and_the_traffic_passes()
    {
        await ConnectTwoGuestsAsync();

        await PingAsync("n1", "10.0.0.2");

        Assert.Empty(await OffloadedFlowsAsync());
        var all = (await RunAsync("ovs-appctl dpctl/dump-flows -m type=all | grep 'eth_type(0x0800)'")).Lines;
        Assert.NotEmpty(all);
        Assert.All(all, flow => Assert.Contains("dp:tc", flow));
        Assert.All(all, flow => Assert.DoesNotContain("offloaded:", flow));
        Assert.Contains("not_in_hw", (await RunAsync("tc filter show dev $(representor 0 0) ingress")).Output);
    }

    [Fact]
    public async Task Without_hw_offload_no_flow_reaches_tc()
    {
        await ConnectTwoGuestsAsync(hardwareOffload: false);

        await PingAsync("n1", "10.0.0.2");

        Assert.Empty(await OffloadedFlowsAsync());
        Assert.Contains("dp:ovs", (await RunAsync("ovs-appctl dpctl/dump-flows -m type=all")).Output);
    }

    [Fact]
    [Nic("devid=1015")]
    public async Task A_ConnectX_4_Lx_refuses_rules_until_its_inline_mode_is_transport()
    {
        await MakeSwitchdevAsync();
        await RunAsync("tc qdisc add dev $(representor 0 0) ingress");
        const string rule =
            "tc filter add dev $(representor 0 0) ingress protocol ip flower skip_sw ip_proto tcp dst_port 80 "
                + "action drop";

        var refused = await TryAsync(rule);
        await RunAsync("devlink dev eswitch set pci/0000:01:00.0 inline-mode transport");
        var taken = await TryAsync(rule);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("min inline setting", refused.Errors);
        Assert.Contains("required 3 actual 1", refused.KernelLog);
        Assert.Equal(0, taken.ExitCode);
    }

    private async Task ConnectTwoGuestsAsync(bool hardwareOffload = true)
    {
        await MakeSwitchdevAsync();
        await StartOpenVSwitchAsync(hardwareOffload);
        await RunAsync("for vf in 0 1; do add_guest n$((vf + 1)) 0 $vf 10.0.0.$((vf + 1))/24; plug br0 0 $vf; done");
    }

    private async Task<(int Total, int Host)> CountersAsync()
    {
        var lines = (await RunAsync("for what in total cpu_hit; do counter $what $(representor 0 0) rx; done")).Lines;
        return (int.Parse(lines[0], CultureInfo.InvariantCulture), int.Parse(lines[1], CultureInfo.InvariantCulture));
    }
}
