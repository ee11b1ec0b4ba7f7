namespace OvsOffload.Verifying;

/// <summary>The rule that keeps a standby port quiet could not be set.</summary>
internal sealed class B17DropRuleFailed() : BondLogCheck(
    "Failed to create lag drop rule",
    "the firmware rejected the rule",
    "stop the users of the VFs, reload mlx5_core (devlink dev reload), then ovs-offload apply")
{
    public override CheckInfo Info { get; } = new(
        "B17",
        "drop-rule-failed",
        CheckSeverity.Warning,
        "the drop rule of the standby port is missing",
        """
        In mode active-backup mlx5 installs a rule on the standby port's uplink that drops incoming packets, as the
        kernel does in software. It sets the rule again with every failover. If the firmware rejects it ("Failed to
        create lag drop rule"), broadcasts that a switch sends to both ports arrive twice, and MAC addresses seem to
        move between ports; if an old rule stays, a port that has become active drops everything.

        Reloading the driver recreates the e-switch and its rules.
        """);
}
