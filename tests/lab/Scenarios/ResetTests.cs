namespace OvsOffload.LabTests.Scenarios;

/// <summary>Scenarios share a boot: each must find the guest as if it were the first.</summary>
[Collection(OnCurrentKernel.Name)]
[Trait("Subject", "simulator")]
public sealed class ResetTests(CurrentKernel machine) : LabScenario(machine)
{
    private const string Fingerprint =
        """
        ip -br link | awk '$1 !~ /^wire/ {print $1, $3}'; ip netns; ip route; ip -br address show dev mgmt0
        lspci -nn -s 01:; devlink dev show; devlink port show; devlink dev eswitch show pci/0000:01:00.0
        cat /sys/bus/pci/devices/0000:01:00.*/{sriov_numvfs,sriov_totalvfs,sriov_drivers_autoprobe,driver_override}
        find /etc /var/log /var/lib /run /tmp /root /usr/local ! -path '/run/lab/*' | sort; cat /etc/hostname
        """;

    [Fact]
    public async Task A_reset_takes_away_whatever_a_scenario_left()
    {
        LabResult before = await RunAsync(Fingerprint);
        await RunAsync(
            """
            for function in 0 1; do make_switchdev $function 2; done
            start_openvswitch; ovs-vsctl add-br br0
            for vf in 0 1; do add_guest n$vf 0 $vf 10.0.0.$((vf + 1))/24; plug br0 0 $vf; done
            ip netns exec n0 ping -q -c 3 -i 0.2 10.0.0.2
            ip netns exec n0 sleep 600 &
            setsid sleep 600 &
            modprobe vfio-pci; vf=$(basename $(vf_path 1 0))
            echo vfio-pci > /sys/bus/pci/devices/$vf/driver_override
            echo $vf > /sys/bus/pci/devices/$vf/driver/unbind; echo $vf > /sys/bus/pci/drivers_probe
            echo 0 > $(pf_path 0)/sriov_drivers_autoprobe; echo mlx5_core > $(pf_path 1)/driver_override
            ip link add bond0 type bond; ip link set eth1 master bond0
            ip link add dummy0 type dummy; ip link add v0 type veth peer name v1
            ip route add 192.0.2.0/24 dev mgmt0
            mkdir -p /etc/ovs-offload /var/lib/ovs-offload/deep
            echo x > /etc/ovs-offload/config.yaml; echo y > /var/lib/ovs-offload/deep/file
            echo changed > /etc/hostname; echo z > /tmp/z; echo z > /run/z
            """);

        await ResetAsync();

        Assert.Equal(before.Output, (await RunAsync(Fingerprint)).Output);
    }

    [Fact]
    public async Task A_reset_says_what_it_could_not_take_away()
    {
        await RunAsync("ip link add lasting type dummy");
        LabResult result = await TryAsync(
            "ip() { [ \"$1 $2\" = 'link del' ] || command ip \"$@\"; }; export -f ip; lab-reset");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("still there: link lasting", result.Errors);
    }

    [Fact]
    [Nic("devid=101d max_vfs=3")]
    public async Task The_parameters_of_a_test_reach_the_module()
    {
        LabResult result = await RunAsync("cat /sys/module/mlx5sim/parameters/devid; cat $(pf_path 0)/sriov_totalvfs");

        Assert.Equal(["101d", "3"], result.Lines);
    }
}
