namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// Flows that stay in software for where they go between two cards, or for a setting of the e-switch.
/// </summary>
[Collection(OnBondMachine.Name)]
public sealed class CardReasonTests(BondMachine machine) : ProgramScenario(machine)
{
    /// <summary>
    /// A ConnectX-4 Lx is left in inline mode link: its driver inlines no more than the Ethernet header.
    /// </summary>
    [Fact]
    [Nic("devid=1015")]
    public async Task Reasons_that_lie_between_two_cards_and_in_the_e_switch_are_named()
    {
        await UseProgramAsync();
        await RunAsync(
            """
            make_switchdev 0 2; make_switchdev 1 0; make_switchdev 2 1
            devlink dev eswitch set pci/0000:01:00.0 encap-mode none
            start_openvswitch; keep_flows; ovs-vsctl add-br br0
            add_guest n0 0 0 10.0.0.1/24; add_guest n1 0 1 10.0.0.2/24; add_guest n2 2 0 10.0.0.3/24
            plug br0 0 0; plug br0 0 1; plug br0 2 0
            for function in 0 1; do
              ip link set $(uplink $function) up; ethtool -K $(uplink $function) hw-tc-offload on
              ovs-vsctl add-port br0 $(uplink $function)
              ip netns add w$function; ip link set wire$function netns w$function
              ip -n w$function addr add 10.0.0.1$function/24 dev wire$function
              ip -n w$function link set wire$function up
            done
            for netns in w0 w1; do ip netns exec $netns sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
            ip netns add far; ip link add tap0 type veth peer name tap1; ip link set tap1 netns far
            ip addr add 10.9.0.1/24 dev $(uplink 0); ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:09 dev $(uplink 0)
            ovs-vsctl add-port br0 vx0 -- set Interface vx0 type=vxlan options:key=7 options:remote_ip=10.9.0.2 \
              options:local_ip=10.9.0.1
            ovs-ofctl add-flow br0 "priority=9,udp,tp_dst=1201,actions=output:$(ovs-vsctl get Interface vx0 ofport)"
            ip netns exec n0 ping -qc 3 -i 0.2 10.0.0.3
            for n in 1 2 3; do ip netns exec n0 bash -c "echo x > /dev/udp/10.0.0.2/1201"; sleep 0.2; done
            ovs-ofctl add-flow br0 "priority=9,udp,tp_dst=1202,actions=normal"
            for n in 1 2 3; do ip netns exec n0 bash -c "echo x > /dev/udp/10.0.0.2/1202"; sleep 0.2; done
            ip netns exec w0 ping -qc 3 -i 0.2 10.0.0.11
            """);

        await WhyAsync(
            ("different_nics kernel ", ""), ("encap_off inferred ", ""), ("inline_mode kernel ", ""),
            ("between_uplinks kernel ", ""));
    }
}
