namespace OvsOffload.LabTests.Scenarios;

/// <summary>The program builds the bond: in each mode, from one profile to another, and back without VF-LAG.</summary>
[Collection(OnBondMachine.Name)]
public sealed class BondApplyTests(BondMachine machine) : BondScenario(machine)
{
    /// <summary>What devices there are and what they carry; a VLAN that moves is another device afterwards.</summary>
    private const string Carried =
        """
        ip -j -d addr | jq -c 'sort_by(.ifname)[] | [.ifname, .link, .linkinfo.info_data.id, .mtu, .address, .master,
          (.flags | index("UP") != null), [.addr_info[] | select(.scope == "global") | "\(.local)/\(.prefixlen)"]]'
        ip route; for function in 0 1; do devlink dev eswitch show pci/$(pf_address $function); done
        cat /sys/bus/pci/devices/0000:01:00.*/sriov_numvfs
        """;

    [Theory]
    [InlineData("active-backup", "switch", "1017")]
    [InlineData("balance-xor", "static", "1017")]
    [InlineData("lacp-fast-layer3-4", "lacp", "101d")]
    public Task Apply_makes_a_bond_in_hardware_that_survives_a_cable_and_is_left_alone_after(
        string profile, string peer, string model) => MakeBondAsync(profile, peer, model);

    [Fact]
    public async Task Another_profile_keeps_VFs_and_addresses_and_waits_for_who_holds_a_VF()
    {
        await ConfigureAsync(Bonded("active-backup"));
        await RunAsync("make_peer lacp; start_openvswitch");
        await ProgramAsync(0, "apply --yes");
        await RunAsync("ip addr add 10.0.1.1/24 dev bond0; ip -6 addr add fd00::1/64 dev bond0");
        string before = await BondHostAsync();

        await WriteFileAsync(Config, Bonded("lacp-fast-layer3-4"));
        await ProgramAsync(0, "apply --yes");
        string lacp = await BondHostAsync();
        await RunAsync("vf_lag active; add_guest n1 1 0 10.0.0.2/24");
        string held = await BondHostAsync();
        await WriteFileAsync(Config, Bonded("active-backup"));
        LabResult refused = await ProgramAsync(4, "apply --yes");
        string untouched = await BondHostAsync();
        await RunAsync("ip netns del n1; wait_until 5 vf_netdev 1 0");
        await ProgramAsync(0, "apply --yes");

        Assert.Contains("bond active-backup 1", before);
        Assert.Equal(before.Replace("bond active-backup 1", "bond 802.3ad 4"), lacp);
        Assert.Contains("0000:01:00.1 vf0", refused.Output + refused.Errors);
        Assert.Equal(held, untouched);
        Assert.Equal(before, await BondHostAsync());
        await RunAsync("vf_lag active");
    }

    [Fact]
    public async Task Addresses_and_routes_of_the_members_move_to_the_bond_and_return_on_revert()
    {
        await ConfigureAsync(BondAlone("active-backup"));
        await RunAsync(
            $"""
            {Carrying}
            ip link add link $(uplink 1) name vlan7 type vlan id 7
            ip link set vlan7 up; ip addr add 10.0.7.1/24 dev vlan7
            """);
        string before = (await RunAsync(Carried)).Output;

        await ProgramAsync(0, "apply --yes");

        LabResult after = await RunAsync(
            """
            cat /sys/class/net/bond0/mtu
            ip -br -4 addr show bond0 | awk '{ print $3 }'
            ip route show 203.0.113.0/24
            ip -j -d link show vlan7 | jq -r '.[0] | "\(.link) \(.linkinfo.info_data.id) \(.operstate)"'
            ip -br -4 addr show vlan7 | awk '{ print $3 }'
            for function in 0 1; do ip -4 addr show $(uplink $function) | grep -c inet || true; done
            wait_until 10 ping -q -c 1 -W 1 10.0.3.9 > /dev/null && echo answers
            """);
        Assert.Equal(
            [
                "9000", "10.0.3.1/24", "203.0.113.0/24 via 10.0.3.9 dev bond0 metric 77", "bond0 7 UP", "10.0.7.1/24",
                "0", "0", "answers",
            ],
            after.Lines.Select(line => line.Trim()));
        await ProgramAsync(0, "plan");

        await ProgramAsync(0, "revert --yes");
        Assert.Equal(before, (await RunAsync(Carried)).Output);
        await ProgramAsync(0, "revert --yes");
        await ProgramAsync(0, "apply --yes");
        await RunAsync("vf_lag active");
    }

    [Fact]
    [Nic("fail_lag=1")]
    public async Task A_required_VF_LAG_that_does_not_come_rolls_everything_back()
    {
        await ConfigureAsync(Bonded("active-backup"));
        await RunAsync("make_peer switch; start_openvswitch hw-offload=false");
        string before = await BondHostAsync();

        LabResult failed = await ProgramAsync(1, "apply --yes");

        Assert.Contains("VF-LAG of bond0 is required and did not become active", failed.Output + failed.Errors);
        Assert.Contains("the firmware rejected", failed.Output + failed.Errors);
        Assert.Equal(before, await BondHostAsync());
    }
}
