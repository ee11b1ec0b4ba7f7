# Run in the guest by tests/lab/capture: every netlink conversation that the tests of OvsOffload.Netlink stand on.
. lab-functions
set -u
out=/lab/files/captures; mkdir -p $out
ip link add nlmon0 type nlmon && ip link set nlmon0 up
capture() { local name=$1; shift; lab-capture "$out/$name.txt" "$@" || exit 1; }
fresh() { lab-reset "$@" || exit 1; ip link add nlmon0 type nlmon && ip link set nlmon0 up; }
parameter() { echo "$2" > "/sys/module/mlx5sim/parameters/$1"; }
pf0=pci/0000:01:00.0 pf1=pci/0000:01:00.1

# A card in legacy mode, and what it refuses.
fresh
capture devlink-dev-show devlink dev show
capture devlink-dev-show-absent devlink dev show pci/0000:0f:00.0
capture devlink-eswitch-show-legacy devlink dev eswitch show $pf0
capture devlink-port-show-legacy devlink port show
capture devlink-dev-info devlink dev info $pf0
capture devlink-dev-info-all devlink dev info
capture devlink-param-show devlink dev param show $pf0 name flow_steering_mode
capture devlink-param-set devlink dev param set $pf0 name flow_steering_mode value dmfs cmode runtime
capture devlink-param-set-bad-value devlink dev param set $pf0 name flow_steering_mode value hmfs cmode runtime
capture devlink-param-set-unknown devlink dev param set $pf0 name no_such_parameter value 1 cmode runtime
capture devlink-health-show devlink health show
parameter health_error fw; parameter health_error tx
capture devlink-health-show-errors devlink health show
parameter busy 1
capture devlink-eswitch-set-busy devlink dev eswitch set $pf0 mode switchdev
parameter need_vfs 1
capture devlink-eswitch-set-needs-vfs devlink dev eswitch set $pf0 mode switchdev
parameter need_vfs 0; parameter fail_mode 1
capture devlink-eswitch-set-not-supported devlink dev eswitch set $pf0 mode switchdev
parameter fail_mode 0
capture devlink-inline-set-refused devlink dev eswitch set $pf0 inline-mode transport
capture devlink-encap-set devlink dev eswitch set $pf0 encap-mode none
devlink dev eswitch set $pf0 encap-mode basic

# Switchdev.
capture devlink-eswitch-set-switchdev devlink dev eswitch set $pf0 mode switchdev
echo 4 > "$(pf_path 0)/sriov_numvfs"
make_switchdev 1 2
capture devlink-eswitch-show-switchdev devlink dev eswitch show $pf0
capture devlink-param-set-in-switchdev devlink dev param set $pf0 name flow_steering_mode value smfs cmode runtime
capture devlink-eswitch-show-of-vf devlink dev eswitch show "pci/$(basename "$(vf_path 0 0)")"
capture devlink-port-show devlink port show
capture devlink-port-show-one devlink port show $pf0/1

capture ip-link-show ip -d link show
capture ip-link-show-vf ip -d link show dev eth0
capture ip-link-show-absent ip link show dev nosuchdev
capture ip-link-set-vf-mac ip link set dev eth0 vf 0 mac 02:00:00:00:00:11
capture ip-link-set-vf-mac-refused ip link set dev eth0 vf 9 mac 02:00:00:00:00:11
capture ip-link-set-vf-vlan-refused ip link set dev eth0 vf 0 vlan 5
capture ip-link-show-vf-mac ip link show dev eth0
capture ip-link-set-up ip link set dev eth0 up
capture ip-link-set-down ip link set dev eth0 down
capture ip-link-set-address ip link set dev eth0 address 0c:42:a1:00:00:77
capture ip-link-set-mtu ip link set dev eth0 mtu 9000
capture ip-link-set-mtu-refused ip link set dev eth0 mtu 65000
ip link property add dev eth0 altname enp1s0f0np0
capture ip-link-show-altname ip link show dev enp1s0f0np0
ip link property del dev eth0 altname enp1s0f0np0

# Bonds, with a partner on the other side of the cables.
ip netns add far; for wire in wire0 wire1; do ip link set $wire netns far; done
ip -n far link add peer type bond mode 802.3ad miimon 100 lacp_rate fast
for wire in wire0 wire1; do ip -n far link set $wire master peer; done; ip -n far link set peer up
capture ip-bond-add ip link add bond0 type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4
capture ip-bond-add-exists ip link add bond0 type bond
ip link set eth0 up
capture ip-link-set-master-refused ip link set dev eth0 master bond0
ip link set eth0 down
capture ip-link-set-master ip link set dev eth0 master bond0
ip link set eth1 master bond0; ip link set bond0 up
wait_until 20 grep -q 'Number of ports: 2' /proc/net/bonding/bond0
capture ip-bond-show ip -d link show dev bond0
capture ip-bond-slave-show ip -d link show dev eth0
capture ip-bond-set-mode-refused ip link set dev bond0 type bond mode active-backup
capture ip-link-set-nomaster ip link set dev eth1 nomaster
capture ip-link-del ip link del bond0
ip link add bond1 type bond mode active-backup miimon 100; ip link set eth0 down; ip link set eth0 master bond1
capture ip-bond-show-active-backup ip -d link show dev bond1
ip link del bond1

# Features.
capture ethtool-features ethtool -k eth0
capture ethtool-hw-tc-offload-on ethtool -K eth0 hw-tc-offload on
capture ethtool-hw-tc-offload-on-again ethtool -K eth0 hw-tc-offload on
capture ethtool-hw-tc-offload-off ethtool -K eth0 hw-tc-offload off
capture ethtool-features-loopback ethtool -k lo

# Open vSwitch with traffic between two VFs in hardware.
start_openvswitch
ovs-vsctl add-br br0
for vf in 0 1; do add_guest n$vf 0 $vf 10.0.0.$((vf + 1))/24; plug br0 0 $vf; done
ip netns exec n0 ping -q -c 20 -i 0.05 10.0.0.2
port=$(representor 0 0)
capture tc-filter-show tc -s filter show dev "$port" ingress
capture tc-filter-show-terse tc -br filter show dev "$port" ingress
capture tc-filter-show-none tc filter show dev eth0 ingress
capture tc-filter-show-absent-block tc filter show block 99
capture tc-qdisc-show tc qdisc show
capture ip-stats-cpu-hit ip stats show group offload subgroup cpu_hit
capture ip-stats-cpu-hit-one ip stats show dev "$port" group offload subgroup cpu_hit
capture ip-stats-link ip stats show group link
capture ip-stats-link-and-cpu-hit ip stats show group link group offload subgroup cpu_hit
capture ip-stats-absent ip stats show dev nosuchdev group link
capture ethtool-hw-tc-offload-off-refused ethtool -K "$port" hw-tc-offload off
capture devlink-encap-set-refused devlink dev eswitch set $pf0 encap-mode none

# A bond as uplink: its members share one block.
ip link add bond0 type bond mode balance-xor miimon 100
for pf in eth0 eth1; do ip link set $pf down; ip link set $pf master bond0; ethtool -K $pf hw-tc-offload on; done
ip link set bond0 up; ovs-vsctl add-port br0 bond0
ip -n far addr add 10.0.0.9/24 dev peer
ip -n far link set peer down; ip -n far link set peer type bond mode balance-xor 2>/dev/null
ip -n far link del peer; ip -n far link add peer type bond mode balance-xor miimon 100
for wire in wire0 wire1; do ip -n far link set $wire down; ip -n far link set $wire master peer; done
ip -n far addr add 10.0.0.9/24 dev peer; ip -n far link set peer up
wait_until 10 ip netns exec n0 ping -q -c 1 -W 1 10.0.0.9
ip netns exec n0 ping -q -c 20 -i 0.05 10.0.0.9
block=$(tc qdisc show dev eth0 ingress | sed -n 's/.*ingress_block \([0-9]*\).*/\1/p')
capture tc-qdisc-show-bond tc qdisc show
capture tc-filter-show-block tc -s filter show block "$block"
capture tc-filter-show-block-terse tc -br filter show block "$block"
capture tc-filter-show-block-member tc -br filter show dev eth0 ingress

# The rules that the card refuses.
parameter fail_rules 28
ovs-appctl revalidator/purge; ip netns exec n0 ping -q -c 10 -i 0.05 10.0.0.2
capture tc-filter-show-not-in-hw tc -s filter show dev "$port" ingress
capture tc-filter-show-not-in-hw-terse tc -br filter show dev "$port" ingress

# A datapath in the kernel whose daemons are gone.
fresh
start_openvswitch hw-offload=false
ovs-vsctl add-br br0 -- add-port br0 "$(uplink 0)" -- add-br br1
kill $(pidof ovs-vswitchd ovsdb-server); wait_until 10 eval '! pidof ovs-vswitchd'
capture ovs-dpctl-show ovs-dpctl show

# ConnectX-4 Lx, an InfiniBand port, and a burned firmware that does not run.
fresh devid=1015 ib_ports=2 fw_stored=14.99.0001
capture devlink-inline-set devlink dev eswitch set $pf0 inline-mode transport
capture devlink-eswitch-show-inline devlink dev eswitch show $pf0
capture devlink-port-show-infiniband devlink port show
capture devlink-eswitch-set-infiniband devlink dev eswitch set $pf1 mode switchdev
capture devlink-dev-info-stored devlink dev info $pf0
capture ip-link-show-infiniband ip link show dev ib0
