using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>ovs-vswitchd does not answer where Open vSwitch is installed or wanted.</summary>
internal sealed class O39VswitchdDown : SwitchLifeCheck
{
    public override CheckInfo Info { get; } = new(
        "O39",
        "vswitchd-down",
        CheckSeverity.Error,
        "ovs-vswitchd does not respond",
        """
        ovs-vswitchd forwards the first packet of every flow and puts flows into the NIC. Without it the flows that are
        in the NIC stay and run on, new connections get none, and idle ones are never removed. One that hangs looks the
        same to its guests: its main thread may be blocked by a driver, a lock of the kernel or a long dump.

        It is an error if Open vSwitch is installed on this host, or the configuration needs it, and ovs-vswitchd does
        not answer on its control socket. The evidence has the pid file, whether the process lives, and the systemd
        unit. Its log is /var/log/openvswitch/ovs-vswitchd.log; "Unreasonably long poll interval" there means that it is
        alive and slow.
        """);

    protected override IEnumerable<Finding> Examine(string needed, OpenVSwitchState state) =>
        state.Daemon.TryGet(out string? version)
            ? [Ok(Objects.Switch, $"ovs-appctl version: {version}")]
            : Down(
                needed, state, state.Daemon.Why, state.Installation.ValueOrDefault()?.Daemon,
                "ovs-vswitchd is not running, or its main thread hangs");
}
