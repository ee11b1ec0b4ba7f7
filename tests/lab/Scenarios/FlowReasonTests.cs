namespace OvsOffload.LabTests.Scenarios;

/// <summary>Flows that are not offloaded, each for a reason that the card, tc or Open vSwitch really has.</summary>
[Collection(OnServiceMachine.Name)]
public sealed class FlowReasonTests(ServiceMachine machine) : ProgramScenario(machine)
{
    /// <summary>
    /// UDP ports of flows whose rule asks for something that does not go into the NIC, with the reason that is to
    /// be named. VF is the OpenFlow port of another VF's representor, TAP that of a veth.
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
        (1011, "in_port", "to_itself"),
        (1012, "meter:1,output:VF", "meter"),
        (1013, "set_field:02:00:00:00:00:77->eth_dst,output:VF", "nic_refused"),
        (1014, "clone(ct(commit),output:VF),output:VF", "clone"),
        (1015, "encap(mpls),set_field:7->mpls_label,encap(ethernet),output:VF", "ethernet_header"),
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
            rule() { # PORT ACTIONS
              local a=${2//VF/$vf}
              ovs-ofctl -OOpenFlow15 add-flow br0 "priority=9,udp,tp_dst=$1,actions=${a//TAP/$tap}"
            }
            send() {
              for n in 1 2 3; do ip netns exec n0 bash -c "echo x > /dev/udp/10.0.0.2/$1" || true; sleep 0.1; done
            }

            """,
            (script, rule) => $"{script}rule {rule.Port} '{rule.Actions}'; send {rule.Port}\n"));

        // What a select group hashed is matched on in the next table.
        await WhyAsync([.. Rules.Select(rule => ($"{rule.Reason} ", $"dst={rule.Port})")), ("dp_hash ", "")]);
    }

    [Fact]
    public async Task Every_reason_that_lies_in_IPv6_or_in_what_the_switch_does_itself_is_named()
    {
        await UseProgramAsync();
        await ConnectAsync();
        await RunAsync(
            """
            for vf in 0 1; do
              ip netns exec n$vf sysctl -qw net.ipv6.conf.all.disable_ipv6=0
              netdev=$(ip netns exec n$vf ls /sys/class/net | grep -v lo | head -1)
              ip netns exec n$vf sysctl -qw net.ipv6.conf.$netdev.disable_ipv6=0
              ip -n n$vf addr add fd00::$((vf + 1))/64 dev $netdev nodad
            done
            ovs-ofctl -OOpenFlow15 add-flow br0 "priority=9,udp6,tp_dst=1030,ipv6_label=0/1,actions=normal"
            ovs-vsctl set Interface $(representor 0 3) bfd:enable=true
            for n in 1 2 3; do ip netns exec n3 bash -c "echo x > /dev/udp/10.0.0.2/3784"; sleep 0.2; done
            for n in 1 2 3; do ip netns exec n0 bash -c "echo x > /dev/udp/fd00::2/1030"; sleep 0.2; done
            modprobe tun
            ovs-vsctl add-br br9 -- set Bridge br9 datapath_type=netdev
            for n in 0 1; do
              ip netns add u$n; ip link add user$n type veth peer name guest$n; ip link set guest$n netns u$n
              ip -n u$n addr add 10.0.9.$((n + 1))/24 dev guest$n; ip -n u$n link set guest$n up; ip link set user$n up
              ovs-vsctl add-port br9 user$n
            done
            ip netns exec u0 ping -qc 3 -i 0.2 10.0.9.2
            ip netns exec n0 ping -6 -qc 3 -i 0.2 -s 4000 fd00::2
            """);

        await WhyAsync(
            ("ipv6_fragments inferred", ""), ("slow_path inferred", ""), ("unsupported_match inferred", ""),
            ("userspace_datapath inferred", ""));
    }

    [Fact]
    public async Task Every_reason_that_lies_in_a_tunnel_a_mark_or_a_VLAN_is_named()
    {
        await UseProgramAsync();
        await ConnectAsync();
        await RunAsync(
            """
            ip netns add peer; ip link set wire0 netns peer
            ip -n peer addr add 10.9.0.2/24 dev wire0; ip -n peer link set wire0 up
            ip addr add 10.9.0.1/24 dev $(uplink 0); ip link set $(uplink 0) up
            ip addr add 10.9.1.1/24 dev tap0; ip -n tap addr add 10.9.1.2/24 dev tap1
            tunnel() { # UDP-PORT NAME TYPE OPTION..
              ovs-vsctl add-port br0 $2 -- set Interface $2 type=$3 options:key=7 ${@:4}
              local port=$(ovs-vsctl get Interface $2 ofport)
              ovs-ofctl -OOpenFlow15 add-flow br0 "priority=9,udp,tp_dst=$1,actions=output:$port"
              for n in 1 2 3; do ip netns exec n0 bash -c "echo x > /dev/udp/10.0.0.2/$1"; sleep 0.2; done
            }
            tunnel 1101 vxlan1 vxlan options:local_ip=10.9.1.1 options:remote_ip=10.9.1.2
            tunnel 1102 vxlan2 vxlan options:local_ip=10.9.0.1 options:remote_ip=10.9.0.2

            # On a bridge of their own: a rule for the mark makes Open vSwitch look at it in every flow.
            ovs-vsctl add-br br8
            for vf in 2 3; do
              ovs-vsctl del-port br0 $(representor 0 $vf) -- add-port br8 $(representor 0 $vf)
            done
            port=$(ovs-vsctl get Interface $(representor 0 3) ofport)
            netdev=$(ip netns exec n2 ls /sys/class/net | grep -v lo | head -1)
            ip -n n2 link add link $netdev name tagged type vlan id 5; ip -n n2 addr add 10.0.8.1/24 dev tagged
            ip -n n2 link set tagged up; ip -n n2 neigh add 10.0.8.2 lladdr 02:00:00:00:00:08 dev tagged
            ip -n n2 neigh replace 10.0.0.4 lladdr 02:00:00:00:00:08 dev $netdev
            ovs-ofctl del-flows br8
            ovs-ofctl add-flow br8 "priority=9,vlan_tci=0x1001/0x1001,actions=output:$port"
            for n in 1 2 3; do ip netns exec n2 bash -c "echo x > /dev/udp/10.0.8.2/1103"; sleep 0.2; done
            ovs-ofctl -OOpenFlow15 add-flow br8 "priority=8,pkt_mark=0/1,actions=output:$port"
            for n in 1 2 3; do ip netns exec n2 bash -c "echo x > /dev/udp/10.0.0.4/1104"; sleep 0.2; done
            """);

        await WhyAsync(
            ("tunnel_address inferred", "dst=1101"), ("", "dst=1102"), ("partial_vlan inferred", ""),
            ("skb_mark inferred", ""));
    }

    [Fact]
    public async Task Every_reason_that_lies_in_a_port_or_in_the_card_is_named()
    {
        await UseProgramAsync();
        await ConnectAsync();
        await RunAsync(
            """
            # First, as it takes the flows away that are there.
            ovs-ofctl add-flow br0 "priority=9,udp,tp_dst=1040,actions=normal"
            echo 95 > /sys/module/mlx5sim/parameters/fail_rules
            ip netns exec n3 ping -qc 3 -i 0.2 10.0.0.1
            echo 0 > /sys/module/mlx5sim/parameters/fail_rules
            ovs-vsctl add-port br0 $(uplink 1); ip link set $(uplink 1) up
            ip netns add peer; ip link set wire1 netns peer; ip -n peer addr add 10.0.0.200/24 dev wire1
            ip -n peer link set wire1 up; ip netns exec peer ping -qc 3 -i 0.2 10.0.0.2 || true
            ping -qc 3 -i 0.2 10.0.0.2
            ip netns exec tap ping -qc 3 -i 0.2 10.0.0.2
            ethtool -K $(representor 0 2) hw-tc-offload off
            ip netns exec n2 ping -qc 3 -i 0.2 10.0.0.2
            tc qdisc del dev $(representor 0 1) ingress || tc qdisc del dev $(representor 0 1) clsact
            ip netns exec n1 bash -c 'for n in 1 2 3; do echo x > /dev/udp/10.0.0.1/1040; sleep 0.2; done' || true
            """);

        const string Ip = "eth_type(0x0800)";
        await WhyAsync(
            ("ingress_qdisc_missing", "dst=1040"), ("switchdev_off", ""), ("nic_refused kernel", Ip),
            ("from_internal_port inferred", Ip), ("from_port_outside_nic inferred", Ip), ("hw_tc_offload_off", Ip));
    }

    [Theory]
    [InlineData("hw-offload=false", "hw_offload_off")]
    [InlineData("hw-offload=true other_config:tc-policy=skip_hw", "tc_policy_skip_hw")]
    public async Task A_setting_that_keeps_flows_out_of_the_card_is_named(string settings, string reason)
    {
        await UseProgramAsync();
        await ConnectAsync(settings);
        await RunAsync("ip netns exec n1 ping -qc 3 -i 0.2 10.0.0.1");

        string[] flows = await WhyAsync((reason, "eth_type(0x0800)"));

        Assert.All(
            flows.Where(flow => flow.Contains("eth_type(0x0800)")),
            flow => Assert.StartsWith(reason, flow, StringComparison.Ordinal));
    }

    /// <summary>With skip_sw tc gives the driver's error to Open vSwitch, which writes it down at the level that the
    /// reasons <c>unknown</c> and <c>kernel_refused</c> ask for; else tc keeps the rule to itself without a
    /// word.</summary>
    [Fact]
    public async Task Every_refusal_that_tc_passes_on_is_named_by_the_log()
    {
        await UseProgramAsync();
        await ConnectAsync("hw-offload=true other_config:tc-policy=skip_sw");
        await RunAsync(
            """
            port=$(ovs-vsctl get Interface $(representor 0 1) ofport)
            ovs-ofctl add-flow br0 "priority=9,udp,tp_dst=1050,actions=mod_dl_dst:02:00:00:00:00:77,output:$port"
            ovs-ofctl add-flow br0 "priority=9,udp,tp_dst=1051,actions=output:$port"
            send() {
              for n in 1 2 3; do ip netns exec n0 bash -c "echo x > /dev/udp/10.0.0.2/$1" || true; sleep 0.1; done
            }
            ovs-appctl vlog/set netdev_offload_tc:file:dbg dpif_netlink:file:dbg netlink_socket:file:dbg
            send 1050
            echo 5 > /sys/module/mlx5sim/parameters/fail_rules; send 1051
            echo 0 > /sys/module/mlx5sim/parameters/fail_rules
            echo 1 > /sys/module/mlx5sim/parameters/max_rules; ip netns exec n3 ping -qc 3 -i 0.2 10.0.0.1
            ovs-appctl vlog/set netlink_socket:file:info
            """);

        await WhyAsync(
            ("nic_action kernel ", "dst=1050)"), ("kernel_refused kernel ", "dst=1051)"),
            ("table_full kernel ", "eth_type(0x0800)"));
    }

    /// <summary>
    /// Four guests, a veth to a namespace and the host itself on one bridge.
    /// </summary>
    private async Task ConnectAsync(string settings = "hw-offload=true")
    {
        await MakeSwitchdevAsync(vfs: 4);
        await RunAsync(
            $$"""
            start_openvswitch '{{settings.Split(' ')[0]}}'
            keep_flows; ovs-vsctl set Open_vSwitch . other_config:{{settings.Split(':')[^1]}}
            # tc-policy is read once.
            ovs-appctl exit; restart_vswitchd
            ovs-vsctl add-br br0
            for vf in 0 1 2 3; do
              add_guest n$vf 0 $vf 10.0.0.$((vf + 1))/24; plug br0 0 $vf
            done
            ip netns add tap; ip link add tap0 type veth peer name tap1; ip link set tap1 netns tap
            ip -n tap addr add 10.0.0.9/24 dev tap1; ip -n tap link set tap1 up; ip link set tap0 up
            ovs-vsctl add-port br0 tap0
            ip addr add 10.0.0.100/24 dev br0; ip link set br0 up
            ovs-vsctl -- --id=@i create IPFIX 'targets="127.0.0.1:4739"' -- create Flow_Sample_Collector_Set \
              bridge=$(ovs-vsctl get Bridge br0 _uuid) id=1 ipfix=@i > /dev/null
            port=$(ovs-vsctl get Interface $(representor 0 1) ofport)
            ovs-ofctl -OOpenFlow15 add-group br0 \
              "group_id=1,type=select,selection_method=dp_hash,bucket=weight:1,actions=output:$port"
            ovs-ofctl -OOpenFlow15 add-meter br0 meter=1,pktps,burst,band=type=drop,rate=1000000,burst_size=1000
            ovs-ofctl -OOpenFlow15 add-flow br0 "table=1,actions=output:$port"
            ip netns exec n0 ping -qc 2 -i 0.2 10.0.0.2
            """);
    }
}
