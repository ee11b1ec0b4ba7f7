# Does by hand what `ovs-offload apply` does with tests/lab/quickstart.yaml: the commands that an operator would script.
# Runs in the lab's guest. Functions and bridge as there.
set -euo pipefail
pf=0000:01:00.0 device=/sys/bus/pci/devices/0000:01:00.0
devlink dev param set pci/$pf name flow_steering_mode value smfs cmode runtime
devlink dev eswitch set pci/$pf mode switchdev
echo 0 > $device/sriov_drivers_autoprobe
echo 2 > $device/sriov_numvfs
uplink=$(devlink -j port show | jq -r ".port | to_entries[] | select((.key | startswith(\"pci/$pf\")) and .value.flavour == \"physical\") | .value.netdev")
for vf in 0 1; do ip link set "$uplink" vf $vf mac 02:00:00:00:01:0$vf; done
echo 1 > $device/sriov_drivers_autoprobe
for vf in 0 1; do basename "$(readlink $device/virtfn$vf)" > /sys/bus/pci/drivers_probe; done
representors=()
for vf in 0 1; do
  representors+=("$(devlink -j port show | jq -r ".port | to_entries[] | select((.key | startswith(\"pci/$pf\")) and .value.flavour == \"pcivf\" and .value.vfnum == $vf) | .value.netdev")")
done
for netdev in "$uplink" "${representors[@]}"; do
  ethtool -K "$netdev" hw-tc-offload on
  ip link set "$netdev" up
done
ovs-vsctl set Open_vSwitch . other_config:hw-offload=true
ovs-vsctl --may-exist add-br br1
for netdev in "$uplink" "${representors[@]}"; do ovs-vsctl --may-exist add-port br1 "$netdev"; done
