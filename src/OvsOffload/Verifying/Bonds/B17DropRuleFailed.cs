namespace OvsOffload.Verifying;

/// <summary>The rule that keeps a standby port quiet could not be set.</summary>
internal sealed class B17DropRuleFailed() : BondLogCheck(
    "Failed to create lag drop rule",
    "the firmware refused the rule",
    "stop what uses the VFs, reload mlx5_core (devlink dev reload), then ovs-offload apply")
{
    public override CheckInfo Info { get; } = new(
        "B17",
        "drop-rule-failed",
        CheckSeverity.Warning,
        "the standby port is not kept quiet",
        """
        In mode active-backup mlx5 puts a rule on the uplink of the port that stands by, which drops what arrives there,
        as the kernel does in software. It sets the rule anew with every failover. When the firmware refuses ("Failed to
        create lag drop rule"), broadcasts that a switch sends to both ports arrive twice, and MAC addresses seem to
        move between ports; when an old rule stays, a port that has become active drops all it gets.

        Loading the driver again makes the e-switch, and with it the rules, anew.
        """);
}
