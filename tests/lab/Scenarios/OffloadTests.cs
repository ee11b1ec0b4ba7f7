namespace OvsOffload.LabTests.Scenarios;

/// <summary>Traffic between two VFs, with the real Open vSwitch and the real tc in between.</summary>
[Collection(OnCurrentKernel.Name)]
[Trait("Subject", "simulator")]
public sealed class OffloadTests(CurrentKernel machine) : LabScenario(machine)
{
    [Fact]
    public async Task Traffic_between_VFs_is_carried_by_the_card()
    {
        await ConnectTwoGuestsAsync();

        await StartTrafficAsync("n1", "10.0.0.2");

        await UntilOffloadedAsync("eth_type(0x0800)", "offloaded:yes, dp:tc");
    }

    [Fact]
    public async Task A_representor_counts_all_traffic_and_tells_apart_what_the_host_saw()
    {
        await ConnectTwoGuestsAsync();
        await StartTrafficAsync("n1", "10.0.0.2");

        await RunAsync("for vf in 0 1; do wait_until 30 in_hardware $(representor 0 $vf) rx; done");
    }

    [Fact]
    [Nic("fail_rules=28")]
    public async Task Rules_that_the_card_refuses_stay_in_tc_and_the_traffic_passes()
    {
        await ConnectTwoGuestsAsync();

        await StartTrafficAsync("n1", "10.0.0.2");

        // A flow is in the datapath itself for a moment, until tc has taken it.
        IReadOnlyList<string> all = await UntilAsync(
            "flows that are all in tc", () => FlowsAsync("all | grep 'eth_type(0x0800)' || true"),
            flows => flows.Count > 0 && flows.All(flow => flow.Contains("dp:tc")), flows => string.Join('\n', flows));
        Assert.All(all, flow => Assert.DoesNotContain("offloaded:", flow));
        Assert.Empty(await OffloadedFlowsAsync());
        Assert.Contains("not_in_hw", (await RunAsync("tc filter show dev $(representor 0 0) ingress")).Output);
    }

    [Fact]
    public async Task Without_hw_offload_no_flow_reaches_tc()
    {
        await ConnectTwoGuestsAsync(hardwareOffload: false);

        await StartTrafficAsync("n1", "10.0.0.2");

        await UntilAsync(
            "flows of the datapath itself", () => FlowsAsync("all"),
            flows => flows.Any(flow => flow.Contains("eth_type(0x0800)") && flow.Contains("dp:ovs")),
            flows => string.Join('\n', flows));
        Assert.Empty(await OffloadedFlowsAsync());
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

        LabResult refused = await TryAsync(rule);
        await RunAsync("devlink dev eswitch set pci/0000:01:00.0 inline-mode transport");
        LabResult taken = await TryAsync(rule);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("min inline setting", refused.Errors);
        Assert.Contains("required 3 actual 1", refused.KernelLog);
        Assert.Equal(0, taken.ExitCode);
    }

    private async Task ConnectTwoGuestsAsync(bool hardwareOffload = true)
    {
        await MakeSwitchdevAsync();
        await StartOpenVSwitchAsync(hardwareOffload);
        await RunAsync(
            """
            for vf in 0 1; do add_guest n$((vf + 1)) 0 $vf 10.0.0.$((vf + 1))/24; plug br0 0 $vf; done
            introduce n1 n2
            """);
    }
}
