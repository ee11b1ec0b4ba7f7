namespace OvsOffload.LabTests;

/// <summary>Faults that are found on every kernel: those of ports, and of what stands in files.</summary>
public abstract class PortFaultScenario(LabMachine machine) : FaultScenario(machine)
{
    [Fact]
    [Nic("devid=101d")]
    public async Task Faults_of_ports_and_of_configuration_files_are_found_and_repaired()
    {
        await ConfigureAsync(Wanted());
        await RunAsync("start_openvswitch hw-offload=false");
        await ProgramAsync(0, "apply --yes");

        await FindAndMendAsync(
        [
            new("N11", "vf0", "state DOWN", "ip link set $r0 down", "ip link set"),
            new("N10", "vf1", "hw-tc-offload: off", "ethtool -K $r1 hw-tc-offload off", "ethtool -K"),
            new("N12", "vf2", "no port of that name", "ovs-vsctl del-port br1 $r2", "ovs-offload apply",
                "ovs-offload apply --yes"),
            new("N20", "vf3", "mtu 9000", "ip link set $r3 mtu 9000", "mtu 1500", "ip link set $r3 mtu 1500"),
            new("N19", "vf1", "link/ether",
                "ip -j link show $up | jq -r '.[0].vfinfo_list[1].address' > /run/lab/address; "
                + "ip link set $up vf 1 mac $(ip -j link show $up | jq -r '.[0].vfinfo_list[0].address')",
                "vf 1 mac", "ip link set $up vf 1 mac $(cat /run/lab/address)"),
            new("O07", "", "no ingress qdisc", "tc qdisc del dev $up ingress", "ovs-vsctl del-port, add-port",
                "ovs-vsctl del-port br1 $up; ovs-vsctl add-port br1 $up"),
            new("O21", "bridge br1", "sflow", "ovs-vsctl -- --id=@s create sflow agent=lo target='\"127.0.0.1:6343\"' "
                + "-- set bridge br1 sflow=@s > /dev/null", "ovs-vsctl clear"),
            new("N33", "vf0", "/etc/network/interfaces", "mkdir -p /etc/network; "
                + "printf 'iface %s inet manual\\n' $r0 >> /etc/network/interfaces", "remove it from",
                "rm /etc/network/interfaces"),
            new("P21", "", "15b3:101d", "echo options vfio-pci ids=15b3:101d > /etc/modprobe.d/vfio.conf", "",
                "rm /etc/modprobe.d/vfio.conf"),
            new("P22", "0000:01:00.0", "max_vfs=8", "echo options mlx5_core max_vfs=8 > /etc/modprobe.d/max.conf",
                "remove mlx5_core.max_vfs",
                "rm /etc/modprobe.d/max.conf"),
            new("P23", "", "iommu=pt", "echo 'GRUB_CMDLINE_LINUX=\"iommu=pt\"' > /etc/default/grub", "",
                "rm /etc/default/grub"),
            // With auto_recover the driver has recovered it before anybody looks.
            new("P18", "0000:01:00.0", "reporter fw_fatal: state error",
                "devlink health set pci/0000:01:00.0 reporter fw_fatal auto_recover false; "
                    + "echo fw_fatal > /sys/module/mlx5sim/parameters/health_error",
                "devlink health recover pci/0000:01:00.0 reporter fw_fatal",
                "devlink health recover pci/0000:01:00.0 reporter fw_fatal"),
        ]);
    }
}
