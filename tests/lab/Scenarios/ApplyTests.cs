using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>From a fresh boot to everything as wanted, and no further.</summary>
[Collection(OnApplyMachine.Name)]
public sealed class ApplyTests(ApplyMachine machine) : ProgramScenario(machine)
{
    /// <summary>
    /// Counts from outside what a program writes: sysfs files opened for writing, netlink requests that are no GET
    /// (devlink and ethtool by their command byte), and OVSDB operations that change rows.
    /// </summary>
    private const string CountWrites =
        """
        count_writes() {
          strace -f -x -s 65536 -e trace=openat,write,sendto,sendmsg -o /tmp/strace "$@" > /tmp/traced 2>&1
          local status=$?
          sysfs=$(grep -cE 'openat\([^"]*"/sys/[^"]*", O_(WRONLY|RDWR)' /tmp/strace)
          # strace does not know the socket's protocol here: RTM_NEWLINK 0x10 (which is also GENL_ID_CTRL, whose only
          # command is GETFAMILY, 3), DELLINK 0x11, SETLINK 0x13.
          route=$(grep -E 'nlmsg_type=0x1[013] ' /tmp/strace | grep -vcE '}, "\\x03\\x01')
          # Commands of generic netlink by their byte, version 1: ESWITCH_SET 30, PORT_SET 6, PARAM_SET 39,
          # FEATURES_SET 12.
          devlink=$(grep -cE 'nlmsg_type=0x.*}, "\\x(1e|06|27)\\x01\\x00\\x00' /tmp/strace)
          ethtool=$(grep -cE 'nlmsg_type=0x.*}, "\\x0c\\x01\\x00\\x00' /tmp/strace)
          ovsdb=$(grep -cE '\\?"op\\?": ?\\?"(insert|update|mutate|delete)' /tmp/strace)
          echo "status=$status sysfs=$sysfs route=$route devlink=$devlink ethtool=$ethtool ovsdb=$ovsdb"
        }
        """;

    [Fact]
    public async Task Plan_apply_plan_and_a_second_apply_that_writes_nothing()
    {
        await ConfigureAsync(Wanted());
        await RunAsync("start_openvswitch hw-offload=false; ovs-vsctl remove Open_vSwitch . other_config hw-offload");

        JsonElement before = await JsonAsync("plan", status: 3);
        LabResult first = await RunAsync(
            $"{CountWrites}\ncount_writes ovs-offload apply --yes || true; tail -5 /tmp/traced >&2",
            TimeSpan.FromSeconds(300));
        JsonElement after = await JsonAsync("plan", status: 0);
        LabResult second = await RunAsync(
            $"{CountWrites}\ncount_writes ovs-offload apply --yes || true; tail -5 /tmp/traced >&2",
            TimeSpan.FromSeconds(300));

        Assert.True(before.GetProperty("pending").GetInt32() > 0);
        Assert.Matches(
            @"^status=0 sysfs=[1-9]\d* route=[1-9]\d* devlink=[1-9]\d* ethtool=[1-9]\d* ovsdb=[1-9]", first.Text);
        Assert.Equal(0, after.GetProperty("pending").GetInt32());
        Assert.Equal("status=0 sysfs=0 route=0 devlink=0 ethtool=0 ovsdb=0", second.Text);
    }

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
            Wanted(2).Replace("representors: all", "representors: all\n    addresses: [\"10.0.0.9/24\", \"fd00::9/64\"]"));
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
    public async Task The_way_of_the_other_stages_is_left_alone()
    {
        await ConfigureAsync(Wanted(2));

        await ProgramAsync(0, "apply --yes --stage pre");
        await RunAsync("start_openvswitch hw-offload=false");
        await ProgramAsync(0, "apply --yes --stage post");

        await ProgramAsync(0, "plan");
    }
}
