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
        "a reload waits, and the bond does not let it through",
        """
        Firmware that was written to a card is in force after a reset, which "devlink dev reload" can do without a
        reboot. In hardware a bond stands in its way: mlx5 answers "reload is unsupported in Lag mode", and goes on with
        the old firmware. The same holds for devlink parameters that want a reload (cmode driverinit).

        The bond has to be taken apart for the moment of the reload, with no VF bound; or the host is rebooted.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        string[] pending =
        [
            .. PfsOf(bond, input).Select(pf => (pf, Versions: pf.Firmware.ValueOrDefault()))
                .Where(one => one.Versions is { Running: { } running, Stored: { } stored } && running != stored)
                .Select(one => $"devlink dev info pci/{one.pf.Address}: running {one.Versions!.Running}, stored {one.Versions.Stored}"),
            .. input.State.Kernel.Log.ValueOr([])
                .Where(record => record.Text.Contains("reload is unsupported in Lag mode", StringComparison.Ordinal))
                .Select(record => $"kernel log: {record.Text}"),
        ];
        return bond.VfLag.State != VfLagState.Active ? [Skip(bond.Name, "not in hardware, so nothing stands in the way of a reload")]
            : pending.Length > 0
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"a reload is pending, and {bond.Name} does not let it through", pending[0],
                    "mlx5 refuses a reload while its ports are joined",
                    "reboot; or unbind the VFs, take the members out of the bond, reload, then ovs-offload apply"),
            ]
            : [Ok(bond.Name, "devlink dev info: no other firmware is stored than the one that runs")];
    }
}
