using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>Flows that are not offloaded, each for a reason that the card, tc or Open vSwitch really has.</summary>
[Collection(OnServiceMachine.Name)]
public sealed class FlowReasonTests(ServiceMachine machine) : ProgramScenario(machine)
{
    /// <summary>
    /// UDP ports of flows whose rule asks for something that does not go into the NIC, with the reason that is to be
    /// named. VF is the OpenFlow port of another VF's representor, TAP that of a veth.
    /// </summary>
    private static readonly (int Port, string Actions, string Reason)[] Rules =
    [
        (1001, "controller", "controller"),
        (1002, "sample(probability=65535,collector_set_id=1,obs_domain_id=0,obs_point_id=0),output:VF", "sampling"),
        (1003, "output:LOCAL", "to_internal_port"),
        (1004, "output:TAP", "to_port_outside_nic"),
        (1005, string.Concat(Enumerable.Range(1, 10).Select(n => $"set_field:{n}->udp_src,output:VF,")).TrimEnd(','),
            "too_many_actions"),
        (1007, "ct(table=1)", "recirc_sharing"),
        (1008, "set_field:5->pkt_mark,output:VF", "unsupported_set"),
        (1009, "group:1", "hash_action"),
        (1010, "output(port=VF,max_len=100)", "truncation"),
    ];

    [Fact]
    [Nic("devid=1017")]
    public async Task Every_reason_that_a_rule_can_provoke_is_named()
    {
        await UseProgramAsync();
        await ConnectAsync();
        await RunAsync(Rules.Aggregate(
            """
            vf=$(ovs-vsctl get Interface $(representor 0 1) ofport) tap=$(ovs-vsctl get Interface tap0 ofport)
            rule() { local a=${2//VF/$vf}; ovs-ofctl -OOpenFlow15 add-flow br0 "priority=9,udp,tp_dst=$1,actions=${a//TAP/$tap}"; }
            send() { for n in 1 2 3; do ip netns exec n0 bash -c "echo x > /dev/udp/10.0.0.2/$1" || true; sleep 0.1; done; }

            """,
            (script, rule) => $"{script}rule {rule.Port} '{rule.Actions}'; send {rule.Port}\n"));

        string[] flows = await WhyAsync();

        Assert.All(Rules, rule => Assert.Contains(flows, flow =>
            flow.StartsWith(rule.Reason + " ", StringComparison.Ordinal) && flow.Contains($"dst={rule.Port})")));
    }

    [Fact]
    public async Task Every_reason_that_lies_in_a_port_or_in_the_card_is_named()
    {
        await UseProgramAsync();
        await ConnectAsync();
        await RunAsync(
            """
            echo 95 > /sys/module/mlx5sim/parameters/fail_rules
            ip netns exec n3 ping -qc 3 -i 0.2 10.0.0.1
            echo 0 > /sys/module/mlx5sim/parameters/fail_rules
            ping -qc 3 -i 0.2 10.0.0.2
            ip netns exec tap ping -qc 3 -i 0.2 10.0.0.2
            ethtool -K $(representor 0 2) hw-tc-offload off
            ip netns exec n2 ping -qc 3 -i 0.2 10.0.0.2
            """);

        string[] flows = await WhyAsync();

        Assert.All(
            ["nic_refused kernel", "from_internal_port inferred", "from_port_outside_nic inferred", "hw_tc_offload_off"],
            reason => Assert.Contains(flows, flow => flow.StartsWith(reason, StringComparison.Ordinal)
                && flow.Contains("eth_type(0x0800)")));
    }

    [Theory]
    [InlineData("hw-offload=false", "hw_offload_off")]
    [InlineData("hw-offload=true other_config:tc-policy=skip_hw", "tc_policy_skip_hw")]
    public async Task A_setting_that_keeps_flows_out_of_the_card_is_named(string settings, string reason)
    {
        await UseProgramAsync();
        await ConnectAsync(settings);
        await RunAsync("ip netns exec n1 ping -qc 3 -i 0.2 10.0.0.1");

        string[] flows = await WhyAsync();

        Assert.All(
            flows.Where(flow => flow.Contains("eth_type(0x0800)")),
            flow => Assert.StartsWith(reason, flow, StringComparison.Ordinal));
        Assert.Contains(flows, flow => flow.Contains("eth_type(0x0800)"));
    }

    /// <summary>
    /// Four guests, a veth to a namespace and the host itself on one bridge. Flows stay for minutes: the program takes
    /// seconds to start in here.
    /// </summary>
    private async Task ConnectAsync(string settings = "hw-offload=true")
    {
        await MakeSwitchdevAsync(vfs: 4);
        await RunAsync(
            $$"""
            start_openvswitch '{{settings.Split(' ')[0]}}'
            ovs-vsctl set Open_vSwitch . other_config:max-idle=300000 {{string.Join(' ', settings.Split(' ')[1..])}}
            # tc-policy is read once.
            ovs-appctl exit; wait_until 10 test ! -e /run/openvswitch/ovs-vswitchd.pid
            ovs-vswitchd --pidfile --detach --log-file -vconsole:off
            ovs-vsctl add-br br0
            for vf in 0 1 2 3; do
              add_guest n$vf 0 $vf 10.0.0.$((vf + 1))/24; plug br0 0 $vf
              ip netns exec n$vf sysctl -qw net.ipv6.conf.all.disable_ipv6=1
            done
            ip netns add tap; ip link add tap0 type veth peer name tap1; ip link set tap1 netns tap
            ip -n tap addr add 10.0.0.9/24 dev tap1; ip -n tap link set tap1 up; ip link set tap0 up
            ovs-vsctl add-port br0 tap0
            ip addr add 10.0.0.100/24 dev br0; ip link set br0 up
            ovs-vsctl -- --id=@i create IPFIX 'targets="127.0.0.1:4739"' -- create Flow_Sample_Collector_Set \
              bridge=$(ovs-vsctl get Bridge br0 _uuid) id=1 ipfix=@i > /dev/null
            port=$(ovs-vsctl get Interface $(representor 0 1) ofport)
            ovs-ofctl -OOpenFlow15 add-group br0 "group_id=1,type=select,selection_method=dp_hash,bucket=weight:1,actions=output:$port"
            ovs-ofctl -OOpenFlow15 add-flow br0 "table=1,actions=output:$port"
            ip netns exec n0 ping -qc 2 -i 0.2 10.0.0.2
            """);
    }

    /// <summary><c>REASON SOURCE FLOW</c> of every flow that is not offloaded.</summary>
    private async Task<string[]> WhyAsync()
    {
        JsonElement why = await JsonAsync("flows why", status: 3);
        string[] flows =
        [
            .. why.GetProperty("flows").EnumerateArray().Select(flow =>
                $"{flow.GetProperty("reason").GetString()} {flow.GetProperty("source").GetString()} "
                    + flow.GetProperty("flow").GetString()),
        ];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', flows));
        return flows;
    }
}
