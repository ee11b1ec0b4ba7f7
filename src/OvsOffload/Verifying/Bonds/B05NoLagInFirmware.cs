using System.Collections.Immutable;
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
        "the firmware offers no LAG with this number of VFs",
        """
        mlx5 shows a directory "lag" in debugfs for every PF whose firmware can join its ports. The firmware does not
        offer that if it is configured for more than 64 VFs per port (NUM_OF_VFS), however many are in use, and a bond
        of the ports stays in software.

        sriov_totalvfs shows NUM_OF_VFS. Change it with mstconfig or mlxconfig; it takes effect after a cold reboot, or
        after a firmware reset (mlxfwreset) while the card is not in use.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond, Observation input) => bond.Lag.IsAbsent && PfsOf(bond, input).Any(pf =>
        pf.Model.Generation.MaxVfsForLag is { } most && pf.VfLimit.TryGet(out int limit) && limit > most);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        ImmutableArray<PhysicalFunction> pfs = PfsOf(bond, input);
        if (pfs.IsEmpty || !pfs.All(pf => pf.IsMlx5))
        {
            return [Skip(bond.Name, "the members are not uplinks of mlx5 PFs")];
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
                    SeverityFor(intent), bond.Name, "the firmware is configured for more VFs than LAG "
                        + "allows", $"{bond.Lag.Why}; {limits}",
                    "with more than 64 VFs per port the firmware does not offer LAG",
                    string.Join("; ", pfs.Select(pf => $"mstconfig -d {pf.Address} set NUM_OF_VFS=64"))
                        + ", then do a cold reboot"),
            ]
            : [Ok(bond.Name, bond.Lag.IsKnown
                ? $"{bond.Lag.Value.Directory} exists"
                : $"debugfs shows no LAG, for another reason than the number of VFs; {limits}")];
    }
}
