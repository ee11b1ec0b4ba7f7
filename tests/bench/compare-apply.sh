# Runs in the lab's guest: apply against the script that does the same, in turn, on the same fresh state each time.
# Prints wall seconds and processes started of each, and the ratio of the medians.
set -euo pipefail
. lab-functions
rounds=${ROUNDS:-5}
fresh() {
  lab-reset > /dev/null
  # Once, as the script's own tools are: the emulator translates each new copy of a program anew.
  [ -x /run/lab/ovs-offload ] || install /lab/files/ovs-offload /run/lab/ovs-offload
  install -D -m 644 /lab/files/quickstart.yaml /etc/ovs-offload/config.yaml
  start_openvswitch hw-offload=false
}
timed() { # NAME COMMAND..
  local name=$1 begin end; shift
  begin=$EPOCHREALTIME; "$@" > /tmp/out 2>&1 || { cat /tmp/out; exit 1; }; end=$EPOCHREALTIME
  echo "$begin $end" | awk '{ printf "%.2f\n", $2 - $1 }' >> "/lab/$name"
}
processes() { # COMMAND..
  strace -f -qq -e trace=execve -o /tmp/strace "$@" > /tmp/out 2>&1
  grep -c 'execve(.*= 0' /tmp/strace
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# One round of each is not counted: the emulator translates what is run for the first time.
fresh; /run/lab/ovs-offload apply --yes > /dev/null
fresh; bash /lab/files/apply.sh > /dev/null
for ((round = 0; round < rounds; round++)); do
  fresh; timed program /run/lab/ovs-offload apply --yes
  fresh; timed script bash /lab/files/apply.sh
done
fresh; program=$(processes /run/lab/ovs-offload apply --yes)
fresh; script=$(processes bash /lab/files/apply.sh)
timed nothing /run/lab/ovs-offload apply --yes
echo "apply:  median $(median /lab/program) s wall of $rounds ($(sort -n /lab/program | xargs)), $program process(es)"
echo "script: median $(median /lab/script) s wall of $rounds ($(sort -n /lab/script | xargs)), $script processes"
awk -v a="$(median /lab/program)" -v b="$(median /lab/script)" 'BEGIN { printf "ratio apply/script: %.2f\n", a / b }'
