namespace OvsOffload.LabTests.Scenarios;

/// <summary>Faults of a host, provoked for real, each found by its check and gone once it is mended.</summary>
[Collection(OnCurrentKernel.Name)]
public sealed class VerifyTests(CurrentKernel machine) : PortFaultScenario(machine)
{
    private const string Restart = "ovs-appctl exit; restart_vswitchd";

    [Fact]
    [Nic("devid=1015 fw_stored=16.35.9999")]
    public async Task Faults_of_the_e_switch_and_of_Open_vSwitch_s_settings_are_found_and_repaired()
    {
        await ConfigureAsync(Wanted(9));
        await FindAndMendAsync(
        [
            new("P08", "0000:01:00.0", "stored fw 16.35.9999", "echo 2 > $pf/sriov_numvfs", "cold reboot", ""),
            new("P07", "0000:01:00.0", "sriov_totalvfs: 8", "true", "vfs: 8 in the configuration",
                $"sed -i 's/vfs: 9/vfs: 4/' {Config}"),
            new("N02", "0000:01:00.0", "mode legacy", "true", "ovs-offload apply",
                "start_openvswitch hw-offload=false; ovs-offload apply --yes"),
        ]);

        await FindAndMendAsync(
        [
            new("N22", "0000:01:00.0", "inline-mode none", "ovs-vsctl del-br br1; "
                + "devlink dev eswitch set pci/0000:01:00.0 inline-mode none", "ovs-offload apply", "true"),
            new("N23", "0000:01:00.0", "encap-mode none; tunnel vx0",
                "devlink dev eswitch set pci/0000:01:00.0 encap-mode none; "
                + "ovs-vsctl add-br br8 -- add-port br8 vx0 -- set Interface vx0 type=vxlan options:remote_ip=10.0.2.2 "
                + "options:local_ip=10.0.2.15",
                "devlink dev eswitch set",
                    "ovs-vsctl del-br br8; devlink dev eswitch set pci/0000:01:00.0 encap-mode basic"),
            new("O15", "tunnel vx0", "on mgmt0", "true", "move 10.0.2.15 to the uplink", "true"),
            new("O03", "Open vSwitch", "skip_hw", "ovs-vsctl set Open_vSwitch . other_config:tc-policy=skip_hw",
                "other_config:tc-policy=none", "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none"),
            new("O01", "Open vSwitch", "hw-offload: false",
                "ovs-vsctl set Open_vSwitch . other_config:hw-offload=false",
                "ovs-offload apply", $"ovs-offload apply --yes; {Restart}"),
        ]);

        await FindAndMendAsync(
        [
            new("O04", "Open vSwitch", "skip_sw",
                "ovs-vsctl set Open_vSwitch . other_config:tc-policy=skip_sw; modprobe act_ct",
                "other_config:tc-policy=none", null),
            new("N15", "0000:01:00.0", "network namespace n0",
                $"sed -i 's/vfs: 4/vfs: 2/' {Config}; add_guest n0 0 0 10.0.0.1/24",
                "vfs: 4 in the configuration", $"sed -i 's/vfs: 2/vfs: 4/' {Config}"),
        ]);

        await FindAndMendAsync(
        [
            new("O39", "Open vSwitch", "ovs-vswitchd",
                "add_guest n1 0 1 10.0.0.2/24; ip netns exec n0 ping -qc 3 -i 0.2 10.0.0.2; "
                + "kill -9 $(cat /run/openvswitch/ovs-vswitchd.pid)", "restart",
                "restart_vswitchd"),
        ]);
    }

    [Theory]
    [InlineData("ib_ports=1", "N04", "0000:01:00.0", "true", "LINK_TYPE_P1=2", "")]
    [InlineData("no_tc=1", "P09", "0000:01:00.0", "make_switchdev 0 4", "", "")]

    // What kept the driver from making them passes; the VFs that it met stay as they are until they are made anew.
    [InlineData("rep_delay_ms=$((30000 * LAB_PACE))", "N07", "0000:01:00.0",
        "devlink dev eswitch set pci/0000:01:00.0 mode switchdev; echo 4 > $pf/sriov_numvfs",
        "recreate the VFs: echo 0, then 4, into /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs",
        "echo 0 > /sys/module/mlx5sim/parameters/rep_delay_ms; echo 0 > $pf/sriov_numvfs; echo 4 > $pf/sriov_numvfs")]
    [InlineData("steering=dmfs", "N24", "0000:01:00.0", "make_switchdev 0 4",
        "set steering: smfs in the configuration and run ovs-offload apply",
        $"sed -i 's/^\\( *\\)mode: switchdev/&\\n\\1steering: smfs/' {Config}; ovs-offload apply --yes")]

    // fw has no recovery, in mlx5 as here, so that the kernel refuses devlink health recover.
    [InlineData("", "P18", "0000:01:00.0",
        "echo fw > /sys/module/mlx5sim/parameters/health_error; "
            + "! devlink health recover pci/0000:01:00.0 reporter fw 2> /dev/null",
        "write 0000:01:00.0 to /sys/bus/pci/drivers/mlx5_core/unbind, then to bind",
        "cd /sys/bus/pci/drivers/mlx5_core; echo 0000:01:00.0 > unbind; echo 0000:01:00.0 > bind")]
    public async Task Faults_of_the_card_itself_are_found_and_repaired_if_the_lab_can(
        string parameters, string check, string on, string provoke, string fix, string mend)
    {
        await ResetAsync(parameters);
        await ConfigureAsync(NicOnly());
        await FindAndMendAsync([new(check, on, "", provoke, fix, mend)]);
    }
}
