using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>ovsdb-server does not answer where Open vSwitch is installed or wanted.</summary>
internal sealed class O38OvsdbServerDown : SwitchLifeCheck
{
    public override CheckInfo Info { get; } = new(
        "O38",
        "ovsdb-server-down",
        CheckSeverity.Error,
        "ovsdb-server does not respond",
        """
        ovsdb-server holds the configuration of Open vSwitch: bridges, ports, hw-offload. Without it ovs-vswitchd keeps
        its last configuration, nothing can be changed, agents such as Neutron and OVN cannot plug guests, and none of
        the checks of Open vSwitch can look at anything.

        It is an error if Open vSwitch is installed on this host, or the configuration needs it, and ovsdb-server does
        not answer on its socket. The evidence has the socket, the pid file and the systemd unit. Its log is
        /var/log/openvswitch/ovsdb-server.log; a database that it cannot read (a full disk, a cluster without a leader,
        a newer schema) is named there.
        """);

    protected override IEnumerable<Finding> Examine(string needed, OpenVSwitchState state)
    {
        if (state.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            return [Ok(Objects.Switch, $"ovsdb-server responds, {database.Bridges.Count} bridges")];
        }

        return Down(
            needed, state, state.Database.Why, state.Installation.ValueOrDefault()?.Database,
            "ovsdb-server is not running, or hangs");
    }
}
