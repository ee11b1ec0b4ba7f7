using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>ovs-vswitchd answers and has not taken up what the database says.</summary>
internal sealed class O40ConfigurationNotTakenUp : SwitchLifeCheck
{
    public override CheckInfo Info { get; } = new(
        "O40",
        "configuration-not-taken-up",
        CheckSeverity.Error,
        "ovs-vswitchd has not applied the configuration in its database",
        """
        Whoever changes the database and waits (ovs-vsctl without --no-wait) raises next_cfg in table Open_vSwitch; when
        ovs-vswitchd has applied a change it sets cur_cfg to the same number. Where cur_cfg stays behind, what the
        database says of bridges, ports and hw-offload is not what the switch does: it lost its connection to
        ovsdb-server, another ovs-vswitchd holds the lock of the database, or it hangs while it applies a port.

        It is an error if ovs-vswitchd answers and cur_cfg is still behind after three seconds. ovs-appctl -t
        ovs-vswitchd ovsdb/list-dbs and the log /var/log/openvswitch/ovs-vswitchd.log show what it waits for.
        """);

    protected override IEnumerable<Finding> Examine(string needed, OpenVSwitchState state)
    {
        if (!state.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            return [Skip(Objects.Switch, $"cannot read the Open vSwitch database: {state.Database.Why}")];
        }

        if (!state.Daemon.IsKnown)
        {
            return [Skip(Objects.Switch, $"ovs-vswitchd: {state.Daemon.Why}")];
        }

        string evidence = $"table Open_vSwitch: cur_cfg {database.CurCfg}, next_cfg {database.NextCfg}";
        return database.IsTakenUp
            ? [Ok(Objects.Switch, evidence)]
            :
            [
                Found(FindingStatus.Error, Objects.Switch, Info.Title,
                    $"{evidence}; ovs-vswitchd {state.Daemon.Value} responds",
                    "ovs-vswitchd is not connected to ovsdb-server, or hangs while it applies a change",
                    $"look for what it waits for in /var/log/openvswitch/ovs-vswitchd.log; then {Restart(state)}"),
            ];
    }
}
