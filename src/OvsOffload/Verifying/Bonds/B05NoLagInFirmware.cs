using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>The firmware offers no LAG, because it is set to more than 64 VFs.</summary>
internal sealed class B05NoLagInFirmware : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B05",
        "no-lag-in-firmware",
        CheckSeverity.Error,
        "the firmware offers no LAG with so many VFs",
        """
        mlx5 shows a directory lag in debugfs for every PF whose firmware can join its ports. The firmware does not
        offer that when it is set to more than 64 VFs for each port (NUM_OF_VFS), however many are in use, and a bond of
        the ports stays in software.

        NUM_OF_VFS is what sriov_totalvfs shows. It is changed with mstconfig or mlxconfig and is in force after a cold
        reboot, or after a reset of the firmware (mlxfwreset) where nobody uses the card.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond, VerifyInput input) => bond.Lag.IsAbsent && PfsOf(bond, input).Any(pf =>
        pf.Model.Generation.MaxVfsForLag is { } most && pf.VfLimit.TryGet(out int limit) && limit > most);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        var pfs = PfsOf(bond, input);
        if (pfs.IsEmpty || pfs.Any(pf => pf.Driver != "mlx5_core"))
        {
            return [Skip(bond.Name, "its members are not uplinks of mlx5 PFs")];
        }

        if (bond.Lag.IsFailed)
        {
            return [Skip(bond.Name, $"debugfs: {bond.Lag.Why}")];
        }

        string limits = string.Join("; ", pfs.Select(pf => $"{SysfsFile.Of(pf, "sriov_totalvfs")}: {pf.VfLimit}"));
        return IsSo(bond, input)
            ?
            [
                Found(
                    Unless(wish), bond.Name, "the firmware is set to more VFs than it offers a LAG with", $"{bond.Lag.Why}; {limits}",
                    "with more than 64 VFs for each port the firmware does not join its ports",
                    string.Join("; ", pfs.Select(pf => $"mstconfig -d {pf.Address} set NUM_OF_VFS=64")) + ", then a cold reboot"),
            ]
            : [Ok(bond.Name, bond.Lag.IsKnown
                ? $"{bond.Lag.Value.Directory} is there"
                : $"no LAG is shown, and not for the number of VFs; {limits}")];
    }
}
