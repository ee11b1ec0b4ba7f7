using System.Globalization;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// The simulated card follows bonds that a script makes, with the real Open vSwitch on top and an answering far end:
/// VF-LAG in the three modes that it takes.
/// </summary>
[Collection(OnBondMachine.Name)]
[Trait("Subject", "simulator")]
public sealed class VfLagTests(BondMachine machine) : LabScenario(machine)
{
    /// <summary>Bond mode, its far end, the model, and what the card shows once both ports are sent by.</summary>
    public static TheoryData<string, string, string, string, string> Modes { get; } = new()
    {
        { "active-backup", "switch", "1017", "queue_affinity", "1:1 2:1" },
        { "balance-xor", "static", "1017", "queue_affinity", "1:1 2:2" },
        { "802.3ad", "lacp", "101d", "hash", "1 2" },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Traffic_of_a_bond_is_carried_by_the_card_and_survives_a_cable(
        string mode, string peer, string model, string selection, string mapping)
    {
        await ResetAsync($"devid={model}");
        LabResult bond = await MakeVfLagAsync(mode, peer, mapping);
        Assert.Equal(["active", "switchdev", selection, "shared_fdb:on", "fdb_selection_mode:native",
            "0000:01:00.0", "0000:01:00.1"], bond.Lines);
        const string card = "mlx5_core 0000:01:00.0: ";
        Assert.Contains(card + (selection == "hash" ? "lag map active ports: " : "lag map: port 1:"), bond.KernelLog);
        Assert.Contains($"{card}shared_fdb:1 mode:{selection}", bond.KernelLog);
        Assert.Contains(card + "Operation mode is single FDB", bond.KernelLog);

        await PlugGuestsAsync();
        foreach ((string guest, string address) in new[] { ("n0", "10.0.0.9"), ("n1", "10.0.0.9"), ("n0", "10.0.0.2") })
        {
            await StartTrafficAsync(guest, address);
            await RunAsync($"wait_until 30 in_hardware $(representor {guest[1]} 0) rx");
        }

        await UntilOffloadedAsync("offloaded:yes", "actions:bond0");
        await UntilOffloadedAsync("offloaded:yes", "in_port(bond0)");
        // The standby member joins the block with its first link event.
        await RunAsync(
            $$"""
            wait_until 10 prints {{(mode == "active-backup" ? "1" : "2")}} in_hw_counts bond0
            counts() { tc filter show dev $(representor 0 0) ingress | sed -n "s,.*in_hw_count ,,p" | sort -u; }
            wait_until 10 prints 1 counts
            end_traffic
            """);

        LabResult failover = await RunAsync("lose_cable n0 10.0.0.9", TimeSpan.FromMinutes(5));

        Assert.Equal(selection == "hash" ? "2" : "1:2 2:2", failover.Lines[1]);
        Assert.Contains("lag map", failover.KernelLog);
        TestContext.Current.TestOutputHelper?.WriteLine($"{mode}: {failover.Lines[0]} ms");
    }

    [Fact]
    [Nic("devid=101d")]
    public async Task By_hash_the_flows_of_one_VF_spread_over_both_ports()
    {
        await MakeVfLagAsync("balance-xor", "static", "1 2", "xmit_hash_policy layer3+4");
        await PlugGuestsAsync();

        int[] sent = await SentAsync("n0");

        Assert.All(sent, packets => Assert.InRange(packets, 20, 180));
    }

    [Fact]
    public async Task By_queue_affinity_the_flows_of_a_VF_leave_by_the_port_of_its_PF()
    {
        await MakeVfLagAsync("balance-xor", "static", "1:1 2:2");
        await PlugGuestsAsync();

        int[] ofFirst = await SentAsync("n0");
        int[] ofSecond = await SentAsync("n1");

        Assert.InRange(ofFirst[0], 180, 250);
        Assert.InRange(ofFirst[1], 0, 20);
        Assert.InRange(ofSecond[1], 180, 250);
    }

    [Fact]
    public async Task Without_VF_LAG_a_VF_loses_the_wire_with_the_cable_of_its_port_though_the_bond_is_up()
    {
        await SetNicAsync("no_roce", 2);
        await RunAsync("switchdev_pair 1; make_peer static 10.0.0.9/24; make_bond balance-xor");
        await PlugGuestsAsync();
        await PingAsync("n0", "10.0.0.9");

        LabResult lost = await TryAsync(
            """
            vf_lag disabled || echo active
            cable 0 down; wait_until 10 member_is_down; lag_settled
            ip netns exec n0 ping -q -c 10 -i 0.05 -W 1 10.0.0.9; cat /sys/class/net/bond0/carrier
            """);

        Assert.Contains(" 0 received", lost.Output);
        Assert.Equal("1", lost.Lines[^1]);
    }

    [Fact]
    [Nic("ports=4")]
    public async Task All_four_ports_of_a_card_make_a_VF_LAG_and_three_do_not()
    {
        LabResult result = await RunAsync(
            """
            for function in 0 1 2 3; do make_switchdev $function 0; done
            make_bond balance-xor; add_member bond0 $(uplink 2); lag_settled; lag 3 state
            add_member bond0 $(uplink 3); wait_until 5 vf_lag active
            lag 2 mapping; lag 0 members
            """);

        string[] members = ["0000:01:00.0", "0000:01:00.1", "0000:02:00.0", "0000:02:00.1"];
        Assert.Equal(["disabled", "1:1", "2:2", "3:3", "4:4", .. members], result.Lines);
    }

    [Theory]
    [InlineData("lacp", "2", "1", "wait_until 20 shows /sys/class/net/bond0/bonding/ad_num_ports 2")]
    [InlineData("strangers", "1", "2", "wait_until 20 partners_are_known")]
    [InlineData("switch", "1", "2", "sleep 3")]
    public async Task The_peer_speaks_LACP_or_does_not_or_is_two_switches(
        string peer, string ports, string aggregators, string awaited)
    {
        LabResult result = await RunAsync(
            $"""
            switchdev_pair 0; make_peer {peer}; make_bond 802.3ad lacp_rate fast
            {awaited}
            cat /sys/class/net/bond0/bonding/ad_num_ports
            cat /sys/class/net/bond0/lower_*/bonding_slave/ad_aggregator_id | sort -u | wc -l
            grep -c 00:00:00:00:00:00 /sys/class/net/bond0/bonding/ad_partner_mac || true
            """);

        Assert.Equal([ports, aggregators, peer == "switch" ? "1" : "0"], result.Lines);
    }

    [Fact]
    public async Task A_partner_that_falls_silent_is_missed_and_welcome_again()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 0; make_peer lacp; make_bond 802.3ad lacp_rate fast
            ports=/sys/class/net/bond0/bonding/ad_num_ports
            wait_until 20 shows $ports 2
            peer_lacp 1 off; wait_until 20 shows $ports 1; cat /sys/class/net/bond0/lower_$(uplink 1)/carrier
            peer_lacp 1 on; wait_until 20 shows $ports 2
            """);

        Assert.Equal("1", result.Text);
    }

    [Fact]
    [Nic("fail_rules=28 fail_functions=2")]
    public async Task A_rule_of_a_shared_block_that_one_port_refuses_counts_once()
    {
        const string rule =
            "tc filter add block 1 protocol ip flower dst_ip 10.0.0.1 action drop; tc filter show block 1";
        await RunAsync(
            """
            switchdev_pair 0; make_bond balance-xor
            for function in 0 1; do tc qdisc add dev $(uplink $function) ingress_block 1 ingress; done
            """);

        LabResult half = await RunAsync(rule);
        await SetNicAsync("fail_rules", 0);
        LabResult whole = await RunAsync("tc filter del block 1; " + rule);

        Assert.Contains("in_hw in_hw_count 1", half.Output);
        Assert.Contains("in_hw in_hw_count 2", whole.Output);
    }

    /// <summary>The order that VF-LAG needs; prints the LAG's files.</summary>
    private Task<LabResult> MakeVfLagAsync(string mode, string peer, string mapping, string options = "") => RunAsync(
        $"""
        switchdev_pair 1; make_peer {peer} 10.0.0.9/24; make_bond {mode} {options}
        wait_until 10 vf_lag active
        wait_until 10 mapping_is "{mapping}"
        for file in state type port_sel_mode flags members; do lag 1 $file; done
        """);

    private Task<LabResult> PlugGuestsAsync() => RunAsync(
        """
        bind_vfs 0 1; start_openvswitch; ovs-vsctl add-br br0 -- add-port br0 bond0
        for function in 0 1; do add_guest n$function $function 0 10.0.0.$((function + 1))/24; plug br0 $function 0; done
        for guest in n0 n1; do wait_until 10 ip netns exec $guest ping -q -c 1 -W 1 10.0.0.9; done
        """);

    /// <summary>How many of 200 UDP packets, each a flow of its own, left the guest's card by each port.</summary>
    private async Task<int[]> SentAsync(string guest)
    {
        LabResult result = await RunAsync(
            $$"""
            before=($(for function in 0 1; do counter total $(uplink $function) tx; done))
            ip netns exec {{guest}} python3 -c '
            import socket
            for i in range(200):
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b"x", ("10.0.0.9", 9)); s.close()'
            before+=($((before[0] + before[1])))
            sent() { echo $(($(counter total $(uplink 0) tx) + $(counter total $(uplink 1) tx) - before[2])); }
            wait_until 20 eval 'sent; [ $(sent) -ge 190 ]'
            for function in 0 1; do echo $(($(counter total $(uplink $function) tx) - before[function])); done
            """);
        return [.. result.Lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }
}
