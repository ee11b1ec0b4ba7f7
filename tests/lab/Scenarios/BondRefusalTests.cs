using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// Bonds made by hand that the card does not take, or not as wanted: verify names why, by the check's id.
/// </summary>
[Collection(OnBondMachine.Name)]
public sealed class BondRefusalTests(BondMachine machine) : BondScenario(machine)
{
    /// <summary>What the fixes of most come to: the configuration is right, and the program makes it so.</summary>
    private const string Apply = "[ -S /run/openvswitch/db.sock ] || start_openvswitch; ovs-offload apply --yes";

    private const string HashBond =
        "switchdev_pair 0; make_bond balance-xor xmit_hash_policy layer3+4 2>&1; lag_settled; vf_lag disabled";

    [Theory]
    [InlineData("", "B01 bond0", "switchdev_pair 0; make_bond balance-rr")]
    // Ports of two cards in one bond; on the second card a lone member, and a stranger as the third of a bond.
    [InlineData("", "B02 bond0, B04 bond0, B04 bond1",
        """
        switchdev_pair 0; for function in 2 3; do make_switchdev $function 0; done
        for name in bond0 bond1; do ip link add $name type bond mode active-backup miimon 100; done
        add_member bond0 $(uplink 0); add_member bond0 $(uplink 2); add_member bond1 $(uplink 1)
        """,
        "ip link del bond1; " + Apply)]
    [InlineData("", "B03 bond0, B14 Open vSwitch",
        """
        switchdev_pair 0; for function in 2 3; do make_switchdev $function 0; done
        make_bond active-backup; ip link add third type veth; add_member bond0 third
        start_openvswitch; ovs-vsctl add-br br1 -- add-bond br1 bond9 $(uplink 2) $(uplink 3)
        """,
        "ovs-vsctl del-port br1 bond9; " + Apply)]
    [InlineData("fw_vfs=127", "B05 bond0", "switchdev_pair 0; make_bond active-backup", null)]
    [InlineData("", "B07 bond0", "make_bond active-backup; wait_until 5 vf_lag active")]
    [InlineData("", "B06 bond0, B08 bond0",
        """
        switchdev_pair 1; bind_vfs 1; make_peer switch; make_bond 802.3ad xmit_hash_policy layer3+4
        lag_settled; vf_lag disabled
        """)]
    [InlineData("", "B09 bond0, B15 bond0",
        """
        switchdev_pair 0; make_peer strangers; make_bond 802.3ad lacp_rate fast xmit_hash_policy layer3+4
        start_openvswitch; ovs-vsctl add-br br1 -- add-port br1 $(uplink 1) || true
        wait_until 20 eval '! grep 00:00:00:00:00:00 /sys/class/net/bond0/bonding/ad_partner_mac'
        """,
        "ovs-vsctl del-port br1 $(uplink 1); " + Apply)]
    [InlineData("", "N02 0000:01:00.1", "make_switchdev 0 0; make_bond active-backup; lag_settled; vf_lag disabled")]
    [InlineData("no_roce=2", "B06 bond0", "switchdev_pair 0; make_bond active-backup; lag_settled; vf_lag disabled",
        "echo 0 > /sys/module/mlx5sim/parameters/no_roce; " + Apply)]
    [InlineData("", "N02 0000:01:00.0, N02 0000:01:00.1",
        """
        make_bond active-backup; wait_until 5 vf_lag active
        echo 1 > $(pf_path 1)/sriov_numvfs; wait_until 5 vf_lag disabled
        """)]
    [InlineData("", "B06 bond0, B18 bond0",
        """
        switchdev_pair 1; make_bond active-backup; wait_until 5 vf_lag active
        bind_vfs 0; ip link del bond0; wait_until 5 vf_lag disabled
        unbind_vfs 0; make_bond active-backup; lag_settled; vf_lag disabled
        """,
        "ip link del bond0; reload_card; " + Apply)]
    [InlineData("devid=101d fail_lag=1", "B06 bond0", HashBond,
        "echo 0 > /sys/module/mlx5sim/parameters/fail_lag; " + Apply)]
    [InlineData("devid=101d fail_lag=2", "B06 bond0", HashBond,
        "echo 0 > /sys/module/mlx5sim/parameters/fail_lag; " + Apply)]
    [InlineData("devid=101d fail_lag=4", "B06 bond0", HashBond,
        "echo 0 > /sys/module/mlx5sim/parameters/fail_lag; " + Apply)]
    [InlineData("fail_lag=32", "B17 bond0",
        "switchdev_pair 0; make_peer switch; make_bond active-backup; wait_until 5 vf_lag active",
        "echo 0 > /sys/module/mlx5sim/parameters/fail_lag; ip link del bond0; reload_card; " + Apply)]
    [InlineData("", "B24 bond0",
        """
        switchdev_pair 0; make_peer switch; make_bond active-backup; wait_until 10 mapping_is "1:1 2:1"
        echo 8 > /sys/module/mlx5sim/parameters/fail_lag; cable 0 down
        wait_until 10 kernel_said "Failed to modify LAG"; lag 0 mapping
        """,
        "echo 0 > /sys/module/mlx5sim/parameters/fail_lag; cable 0 up; wait_until 20 mapping_is '1:2 2:2'; "
            + "cable 1 down; wait_until 20 mapping_is '1:1 2:1'; cable 1 up; wait_until 20 members_are_up")]
    [InlineData("shared_fdb=0 hash_lag=1 lag_not_ready=1", "B06 bond0", HashBond,
        "echo 0 > /sys/module/mlx5sim/parameters/lag_not_ready; " + Apply)]
    [InlineData("ports=1", "B02 bond0", "make_switchdev 0 0; make_switchdev 1 0; make_bond active-backup", null)]
    [InlineData("", "B20 bond0",
        """
        switchdev_pair 0; modprobe bonding max_bonds=0; ip netns add inner
        for function in 0 1; do uplinks+=($(uplink $function)); done
        for netdev in ${uplinks[@]}; do ip link set $netdev netns inner; done
        ip -n inner link add bond0 type bond mode active-backup miimon 100
        for netdev in ${uplinks[@]}; do ip -n inner link set $netdev master bond0; done
        ip -n inner link set bond0 up; lag_settled; vf_lag disabled; echo ${uplinks[@]} > /tmp/moved
        """,
        "for netdev in $(cat /tmp/moved); do ip -n inner link set $netdev nomaster; "
            + "ip netns exec inner ip link set $netdev netns 1; done; " + Apply)]
    public async Task A_refusal_is_named_by_its_check_and_gone_after_the_repair(
        string parameters, string expected, string script, string? mend = Apply)
    {
        await ResetAsync(parameters);
        await ConfigureAsync(Bonded("active-backup"));
        await RunAsync(script);

        JsonElement report = await JsonAsync("verify");

        string[] wanted = expected.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            wanted, Found(report).Where(one => one.StartsWith('B') || wanted.Contains(one)).Distinct().Order());
        if (mend is not null)
        {
            await RunAsync(mend, TimeSpan.FromSeconds(180));
            await UntilAsync(
                $"verify without {expected}", () => JsonAsync("verify"),
                after => !Found(after).Any(one => wanted.Contains(one)), after => after.ToString());
        }
    }

    private static string[] Found(JsonElement report) =>
    [
        .. report.GetProperty("checks").EnumerateArray()
            .Where(check => Status(check) is "error" or "warning")
            .Select(check => $"{check.GetProperty("id")} {check.GetProperty("object")}"),
    ];
}
