using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>From a fresh boot to everything as wanted, and no further.</summary>
[Collection(OnApplyMachine.Name)]
public sealed class ApplyTests(ApplyMachine machine) : ApplyScenario(machine)
{
    [Fact]
    public async Task Apply_starts_no_process()
    {
        await ConfigureAsync(Wanted());
        await RunAsync("start_openvswitch hw-offload=false");

        LabResult result = await RunAsync(
            "strace -f -e trace=execve -o /tmp/strace ovs-offload apply --yes > /dev/null; "
                + "grep -c 'execve(' /tmp/strace",
            TimeSpan.FromSeconds(300));

        // The program itself is the one.
        Assert.Equal("1", result.Text);
    }

    [Fact]
    public async Task With_udev_representors_get_their_lasting_names_and_apply_comes_to_its_end()
    {
        await ConfigureAsync(Wanted(vfs: 2));
        await RunAsync("lab-udev; start_openvswitch hw-offload=false");

        await ProgramAsync(0, "apply --yes");

        LabResult named = await RunAsync(
            """
            uplink 0; representor 0 0; representor 0 1; ovs-vsctl port-to-br enp1s0f0r1
            udevadm info -q property -p /sys/class/net/enp1s0f0r1 | grep -c UNMANAGED=1
            ls /run/udev/rules.d
            """);
        Assert.Equal(
            ["enp1s0f0np0", "enp1s0f0r0", "enp1s0f0r1", "br1", "2", "75-ovs-offload-0000:01:00.0.rules"], named.Lines);
        JsonElement plan = await JsonAsync("plan", status: 0);
        Assert.Equal(0, plan.GetProperty("pending").GetInt32());

        // 7: ovs-vswitchd has taken hw-offload up, and gives it up with a restart only.
        await ProgramAsync(7, "revert --yes");

        Assert.Equal("", (await RunAsync("ls /run/udev/rules.d")).Text);
    }

    [Fact]
    public async Task Every_VF_has_its_address_its_driver_and_a_representor_that_is_up_in_the_bridge()
    {
        await ConfigureAsync(Wanted());
        await RunAsync("start_openvswitch hw-offload=false");

        await ProgramAsync(0, "apply --yes");

        LabResult host = await RunAsync(
            """
            for vf in 0 1 2 3; do
              netdev=$(representor 0 $vf)
              ip -br link show "$netdev" | grep -q UP && ovs-vsctl port-to-br "$netdev"
              cat "/sys/class/net/$(vf_netdev 0 $vf)/address"
            done
            ovs-vsctl get port "$(uplink 0)" external_ids:ovs-offload
            cat /sys/bus/pci/devices/0000:01:00.0/sriov_drivers_autoprobe
            """);
        Assert.Equal(4, host.Lines.Count(line => line == "br1"));
        Assert.Equal(4, host.Lines.Where(line => line.Contains(':')).Distinct().Count());
        Assert.All(host.Lines.Where(line => line.Contains(':')), line => Assert.Contains(line[1], "26ae"));
        Assert.Equal(["managed", "1"], host.Lines.TakeLast(2));
    }

    [Fact]
    public async Task The_uplinks_address_moves_to_the_bridge_with_its_route_and_answers_those_who_knew_it()
    {
        await ConfigureAsync(
            Wanted(2)
                .Replace("representors: all", "representors: all\n    addresses: [\"10.0.0.9/24\", \"fd00::9/64\"]"));
        await RunAsync(
            """
            start_openvswitch hw-offload=false
            ip addr add 10.0.0.9/24 dev $(uplink 0); ip link set $(uplink 0) up
            ip netns add peer; ip link set wire0 netns peer
            ip -n peer addr add 10.0.0.200/24 dev wire0; ip -n peer link set wire0 up
            ip route add 203.0.113.0/24 via 10.0.0.200 metric 77
            wait_until 10 ip netns exec peer ping -q -c 1 -W 1 10.0.0.9
            """);

        await ProgramAsync(0, "apply --yes");

        LabResult after = await RunAsync(
            """
            ip netns exec peer ping -q -c 1 -W $((2 * LAB_PACE)) 10.0.0.9 > /dev/null && echo answers
            ip -br addr show $(uplink 0) | grep -c 10.0.0.9 || true
            ip -j addr show br1 | jq -r '.[0].addr_info[] | select(.scope == "global") | "\(.local)/\(.prefixlen)"'
            ip route show 203.0.113.0/24
            """);
        Assert.Equal(
            ["answers", "0", "10.0.0.9/24", "fd00::9/64", "203.0.113.0/24 via 10.0.0.200 dev br1 metric 77"],
            after.Lines.Select(line => line.Trim()));
        await ProgramAsync(0, "plan");
    }

    [Fact]
    public async Task Stable_addresses_are_the_same_after_the_VFs_are_made_again()
    {
        await ConfigureAsync(NicOnly(2, "stable"));
        await ProgramAsync(0, "apply --yes");
        LabResult first = await RunAsync("ip link show \"$(uplink 0)\" | grep ' vf '");

        await RunAsync("echo 0 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs");
        await ProgramAsync(0, "apply --yes");

        Assert.Equal(first.Output, (await RunAsync("ip link show \"$(uplink 0)\" | grep ' vf '")).Output);
    }

    [Fact]
    public async Task Legacy_mode_is_a_goal_too_and_takes_the_representors_away()
    {
        await ConfigureAsync(NicOnly(2));
        await ProgramAsync(0, "apply --yes");
        await WriteFileAsync(Config, NicOnly(2).Replace("mode: switchdev", "mode: legacy"));

        await ProgramAsync(0, "apply --yes");

        Assert.Contains("mode legacy", await HostAsync());
        await ProgramAsync(0, "plan");
    }

    [Fact]
    public async Task The_other_stages_are_left_alone()
    {
        await ConfigureAsync(Wanted(2));

        await ProgramAsync(0, "apply --yes --stage pre");
        await RunAsync("start_openvswitch hw-offload=false");
        await ProgramAsync(0, "apply --yes --stage post");

        await ProgramAsync(0, "plan");
    }
}
