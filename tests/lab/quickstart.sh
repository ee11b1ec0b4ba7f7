# Runs in the lab's guest: the main job, shown step by step. $QUICKSTART_ONCE ends it after the show.
set -euo pipefail
. lab-functions
title() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
shown() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@"; }

lab-reset
install /lab/files/ovs-offload /run/lab/ovs-offload
ln -sf /run/lab/ovs-offload /usr/local/bin/ovs-offload
install -D -m 644 /lab/files/quickstart.yaml /etc/ovs-offload/config.yaml
start_openvswitch hw-offload=false

title "A NIC in legacy mode, Open vSwitch without offload: the plan"
shown ovs-offload plan || [ $? = 3 ]

title "Apply"
shown ovs-offload apply --yes 2>&1 | grep -E '^(done|failed|skipped|undone|ovs-offload|[0-9]+ steps)'

title "Two guests, each with a VF, talk to each other"
for vf in 0 1; do add_guest "guest$vf" 0 "$vf" "10.0.0.$((vf + 1))/24"; done
setsid ovs-offload run > /var/log/ovs-offload.log 2>&1 &
start_traffic guest0 10.0.0.2
counted() { curl -sf http://127.0.0.1:9975/metrics | grep '^ovs_offload_offloaded_flows.* [1-9]'; }
wait_until 120 counted
shown ovs-appctl dpctl/dump-flows type=offloaded

title "Status"
shown ovs-offload status

title "Diagnostics"
shown ovs-offload verify || true

title "The metrics"
curl -sf http://127.0.0.1:9975/metrics | grep -E '^ovs_offload_(offloaded_flows|flows|eswitch_mode|representors|tc_filters|hw_offload|representor_(receive|slow_path_receive)_bytes)' || true

[ -z "${QUICKSTART_ONCE:-}" ] || exit 0
title "Metrics are at http://127.0.0.1:$QUICKSTART_PORT/metrics of this machine, until Ctrl-C"
while sleep 3600; do :; done
