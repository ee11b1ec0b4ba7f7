using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>A bond is in a mode that no NIC takes into hardware.</summary>
internal sealed class B01BondModeNotOffloadable : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B01",
        "bond-mode-not-offloadable",
        CheckSeverity.Error,
        "the bond mode cannot be offloaded",
        """
        NICs support bonds in hardware (VF-LAG) in three modes: active-backup (1), balance-xor (2) and 802.3ad (4). In
        the others the kernel does per packet what no NIC does: it alternates between ports (balance-rr), copies to all
        of them (broadcast), or moves flows by load (balance-tlb, balance-alb).

        mlx5 refuses with a warning in the answer to the request that adds the member ("TX type isn't supported"), which
        most tools do not show, and the bond stays in software. The mode can be changed only while the bond has no
        members.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond) =>
        bond.Mode is not (null or BondMode.ActiveBackup or BondMode.BalanceXor or BondMode.Lacp);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Mode is not { } mode)
        {
            return [Skip(bond.Name, "the kernel does not report the bond mode")];
        }

        string evidence = $"ip -d link show {bond.Name}: mode {mode.ToName()}";
        return IsSo(bond)
            ?
            [
                Found(
                    SeverityFor(intent), bond.Name, $"{bond.Name} is in mode {mode.ToName()}, which cannot be "
                        + "offloaded", evidence,
                    "the bond was created in this mode",
                    FixFor(intent, $"recreate {bond.Name} in mode active-backup, balance-xor or 802.3ad")),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
