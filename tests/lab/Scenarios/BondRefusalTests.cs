using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>Bonds made by hand that the card does not take, or not as wanted: verify names why, by the check's id.</summary>
[Collection(OnBondMachine.Name)]
public sealed class BondRefusalTests(BondMachine machine) : BondScenario(machine)
{
    /// <summary>What the fixes of most come to: the configuration is right, and the program makes it so.</summary>
    private const string Apply = "[ -S /run/openvswitch/db.sock ] || start_openvswitch; ovs-offload apply --yes";

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
        sleep 0.5; vf_lag disabled
        """)]
    [InlineData("", "B09 bond0, B15 bond0",
        """
        switchdev_pair 0; make_peer strangers; make_bond 802.3ad lacp_rate fast xmit_hash_policy layer3+4
        start_openvswitch; ovs-vsctl add-br br1 -- add-port br1 $(uplink 1) || true
        wait_until 5 eval '! grep -q 00:00:00:00:00:00 /sys/class/net/bond0/bonding/ad_partner_mac'
        """,
        "ovs-vsctl del-port br1 $(uplink 1); " + Apply)]
    [InlineData("", "N02 0000:01:00.1", "make_switchdev 0 0; make_bond active-backup; sleep 0.3; vf_lag disabled")]
    [InlineData("no_roce=2", "B06 bond0", "switchdev_pair 0; make_bond active-backup; sleep 0.3; vf_lag disabled",
        "echo 0 > /sys/module/mlx5sim/parameters/no_roce; " + Apply)]
    public async Task A_refusal_is_named_by_its_check_and_gone_once_it_is_mended(
        string parameters, string expected, string script, string? mend = Apply)
    {
        await ResetAsync(parameters);
        await ConfigureAsync(Bonded("active-backup"));
        await RunAsync(script);

        JsonElement report = await JsonAsync("verify");

        string[] wanted = expected.Split(", ");
        Assert.Equal(
            wanted, Found(report).Where(one => one.StartsWith('B') || wanted.Contains(one)).Distinct().Order());
        if (mend is not null)
        {
            await RunAsync(mend, TimeSpan.FromSeconds(180));
            Assert.DoesNotContain(Found(await JsonAsync("verify")), one => wanted.Contains(one));
        }
    }

    private static string[] Found(JsonElement report) =>
    [
        .. report.GetProperty("checks").EnumerateArray()
            .Where(check => Status(check) is "error" or "warning")
            .Select(check => $"{check.GetProperty("id")} {check.GetProperty("object")}"),
    ];
}
