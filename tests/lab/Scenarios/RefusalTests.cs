namespace OvsOffload.LabTests.Scenarios;

/// <summary>What is held, protected or impossible: said, and nothing changed.</summary>
[Collection(OnServiceMachine.Name)]
public sealed class RefusalTests(ServiceMachine machine) : ProgramScenario(machine)
{
    /// <summary>The second port of the card.</summary>
    private const string Second = "0000:01:00.1";

    [Fact]
    public async Task A_VF_whose_vfio_device_is_open_is_never_taken_and_its_holder_is_named()
    {
        await ConfigureAsync(NicOnly(4));
        await RunAsync(
            """
            modprobe vfio-pci
            echo 4 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
            vf=$(basename "$(vf_path 0 1)")
            echo vfio-pci > "/sys/bus/pci/devices/$vf/driver_override"
            echo "$vf" > /sys/bus/pci/drivers/mlx5_core/unbind
            echo "$vf" > /sys/bus/pci/drivers_probe
            group=$(basename "$(readlink "/sys/bus/pci/devices/$vf/iommu_group")")
            setsid python3 -c "import time; f = open('/dev/vfio/$group', 'rb+', buffering=0); time.sleep(3600)" \
              > /dev/null 2>&1 &
            wait_until 20 eval '[ -n "$(find /proc/[0-9]*/fd -lname "/dev/vfio/[0-9]*")" ]'
            pgrep -f /dev/vfio/ > /run/lab/holder
            """);
        string before = await HostAsync();

        LabResult result = await ProgramAsync(4, "apply --yes");

        string pid = (await RunAsync("cat /run/lab/holder")).Lines[0];
        Assert.Contains($"python3 (pid {pid})", result.Errors);
        Assert.Contains("vf1", result.Errors);
        Assert.Equal(before, await HostAsync());
        await RunAsync("kill $(cat /run/lab/holder)");
    }

    [Fact]
    public async Task A_VF_in_another_network_namespace_is_never_taken_and_the_namespace_is_named()
    {
        await ConfigureAsync(NicOnly(2));
        await RunAsync("echo 2 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs; add_guest n1 0 1 10.0.0.1/24");
        string before = await HostAsync();

        LabResult result = await ProgramAsync(4, "apply --yes");

        Assert.Contains("network namespace n1 has", result.Errors);
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task The_number_of_VFs_is_not_changed_while_one_is_held()
    {
        await ConfigureAsync(NicOnly(2));
        await ProgramAsync(0, "apply --yes");
        await RunAsync("add_guest n1 0 1 10.0.0.1/24");
        await WriteFileAsync(Config, NicOnly(4));
        string before = await HostAsync();

        LabResult result = await ProgramAsync(4, "apply --yes");

        Assert.Contains("changing the number of VFs", result.Errors);
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task A_PF_that_carries_the_default_route_is_not_disrupted()
    {
        await ConfigureAsync(NicOnly(2));
        await RunAsync(
            "ip link set wire0 up; ip link set \"$(uplink 0)\" up; ip addr add 192.0.2.2/24 dev \"$(uplink 0)\"; "
                + "ip route add default via 192.0.2.1 metric 9999");
        string before = await HostAsync();

        LabResult result = await ProgramAsync(4, "apply --yes");

        Assert.Contains("carries the default route via 192.0.2.1", result.Errors);
        Assert.Equal(before, await HostAsync());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A_PF_below_a_bridge_with_the_default_route_is_not_disrupted_while_ovsdb_server_is_down(
        string signal)
    {
        await ConfigureAsync(NicOnly(2));
        await RunAsync(
            $"""
            start_openvswitch hw-offload=false
            ovs-vsctl add-br br0 -- add-port br0 "$(uplink 0)"
            ip link set br0 up; ip link set "$(uplink 0)" up; ip addr add 192.0.2.2/24 dev br0
            ip route add default via 192.0.2.1 metric 9999
            kill -{signal} "$(pidof ovsdb-server)"; wait_until 10 eval '! pidof ovsdb-server'
            """);
        string before = await EswitchAsync();

        LabResult plan = await ProgramAsync(4, "plan");
        LabResult apply = await ProgramAsync(4, "apply --yes");

        Assert.Contains("carries the default route via 192.0.2.1", plan.Output + plan.Errors);
        Assert.Contains("carries the default route via 192.0.2.1", apply.Output + apply.Errors);
        Assert.Equal(before, await EswitchAsync());
    }

    [Fact]
    public async Task A_PF_below_a_bridge_in_user_space_with_the_default_route_is_not_disrupted()
    {
        await ConfigureAsync(NicOnly(2));
        await RunAsync(
            """
            modprobe tun # The ports of a bridge in user space are tap devices.
            start_openvswitch hw-offload=false
            ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev -- add-port br0 "$(uplink 0)"
            ip link set br0 up; ip link set "$(uplink 0)" up; ip addr add 192.0.2.2/24 dev br0
            ip route add default via 192.0.2.1 metric 9999
            """);
        string before = await EswitchAsync();

        LabResult known = await ProgramAsync(4, "apply --yes");
        await RunAsync("kill -KILL \"$(pidof ovsdb-server)\"; wait_until 10 eval '! pidof ovsdb-server'");
        LabResult unknown = await ProgramAsync(4, "apply --yes");

        Assert.Contains("carries the default route via 192.0.2.1", known.Output + known.Errors);
        Assert.Contains("ovs-vswitchd runs", unknown.Output + unknown.Errors);
        Assert.Contains("Start Open vSwitch", unknown.Output + unknown.Errors);
        Assert.Equal(before, await EswitchAsync());
    }

    [Fact]
    public async Task Before_Open_vSwitch_is_up_after_a_boot_its_socket_alone_holds_nothing_back()
    {
        await ConfigureAsync(NicOnly(2));
        await RunAsync(
            "mkdir -p /run/openvswitch; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind"
                + "(\"/run/openvswitch/db.sock\")'");

        await ProgramAsync(0, "apply --yes --stage pre");
    }

    [Fact]
    [Nic("rep_delay_ms=4000")]
    public async Task A_VF_that_is_given_to_a_namespace_while_apply_runs_stays_there_and_the_other_port_is_done()
    {
        await ConfigureAsync(NicOnly(1) + $"""

              - pf: "{Second}"
                mode: switchdev
                vfs: 2
            """);
        await RunAsync(
            $"""
            echo 1 > /sys/bus/pci/devices/{Second}/sriov_numvfs
            ( wait_until 60 eval 'devlink dev eswitch show pci/{Pf} | grep -q switchdev'
              add_guest n1 1 0 10.0.0.1/24 ) > /root/hook 2>&1 &
            """);

        LabResult result = await ProgramAsync(6, "apply --yes");

        Assert.Contains("network namespace n1 has", result.Errors);
        Assert.Equal(
            ["1", $"pci/{Second}: mode legacy"],
            (await RunAsync(
                $"""
                ip -n n1 -j addr show | grep -q 10.0.0.1
                cat /sys/bus/pci/devices/{Second}/sriov_numvfs
                devlink dev eswitch show pci/{Second} | grep -o '.*mode legacy' | head -1
                devlink dev eswitch show pci/{Pf} | grep -q 'mode switchdev'
                """)).Lines);
    }

    [Fact]
    [Nic("fail_mode=1")]
    public async Task A_mode_that_the_driver_cannot_set_is_a_failure_in_its_own_words_and_leaves_the_host_as_it_was()
    {
        await RunAsync("echo 2 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs; start_openvswitch hw-offload=false");
        await ConfigureAsync(Wanted(4));
        string before = await HostAsync();

        LabResult result = await ProgramAsync(1, "apply --yes");

        Assert.Contains("(EOPNOTSUPP)", result.Errors);
        Assert.Contains("mlx5sim: ", result.Errors.Replace("mlx5_core: ", "mlx5sim: "));
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task Without_root_nothing_is_tried()
    {
        await ConfigureAsync(NicOnly(2));
        string before = await HostAsync();

        LabResult result = await TryAsync(
            $"setpriv --reuid 65534 --clear-groups ovs-offload --config {Config} apply --yes");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("must be run as root", result.Errors);
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task A_second_run_at_the_same_time_is_refused()
    {
        await ConfigureAsync(NicOnly(2));
        await RunAsync(
            "mkdir -p /run/ovs-offload; setsid flock /run/ovs-offload/lock sleep 3600 > /dev/null 2>&1 & "
                + "wait_until 20 eval '! flock -n /run/ovs-offload/lock true'");

        LabResult result = await ProgramAsync(4, "apply --yes");

        Assert.Contains("another ovs-offload process is running", result.Errors);
        await RunAsync("pkill -f 'sleep 3600'");
    }

    private async Task<string> EswitchAsync() =>
        (await RunAsync($"devlink dev eswitch show pci/{Pf}; cat /sys/bus/pci/devices/{Pf}/sriov_numvfs")).Output;
}
