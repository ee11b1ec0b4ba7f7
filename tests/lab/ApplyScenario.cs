using System.Text.Json;

namespace OvsOffload.LabTests;

/// <summary>What an apply does on every kernel: all that the plan said, once.</summary>
public abstract class ApplyScenario(LabMachine machine) : ProgramScenario(machine)
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
}
