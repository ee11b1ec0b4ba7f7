using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A firmware update waits for a reload that the bond does not let through.</summary>
internal sealed class B19ReloadRefusedInLag : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B19",
        "reload-refused-in-lag",
        CheckSeverity.Warning,
        "a pending reload is blocked by the bond",
        """
        New firmware becomes active after a reset, which "devlink dev reload" can do without a reboot. An active VF-LAG
        blocks it: mlx5 answers "reload is unsupported in Lag mode" and keeps the old firmware. The same applies to
        devlink parameters that need a reload (cmode driverinit).

        Remove the bond's members for the reload, with no VF bound; or reboot the host.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        string[] pending =
        [
            .. PfsOf(bond, input).Select(pf => (pf, Versions: pf.Firmware.ValueOrDefault()))
                .Where(one => one.Versions is { Running: { } running, Stored: { } stored } && running != stored)
                .Select(one => $"devlink dev info pci/{one.pf.Address}: running {one.Versions!.Running}, "
                    + $"stored {one.Versions.Stored}"),
            .. input.State.Kernel.Log.ValueOr([])
                .Where(record => record.Text.Contains("reload is unsupported in Lag mode", StringComparison.Ordinal))
                .Select(record => $"kernel log: {record.Text}"),
        ];
        return bond.VfLag.State != VfLagState.Active ? [Skip(bond.Name, "VF-LAG is not active, so a reload is not "
            + "blocked")]
            : pending.Length > 0
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"a pending reload is blocked by {bond.Name}", pending[0],
                    "mlx5 refuses a reload while VF-LAG is active",
                    "reboot; or unbind the VFs, remove the members from the bond, reload, then ovs-offload apply"),
            ]
            : [Ok(bond.Name, "devlink dev info: stored and running firmware are the same")];
    }
}
