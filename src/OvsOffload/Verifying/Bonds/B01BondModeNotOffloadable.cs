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
        "the bond is in a mode that no NIC takes",
        """
        A NIC takes a bond into hardware (VF-LAG) in three modes: active-backup (1), balance-xor (2) and 802.3ad (4). In
        the others the kernel does for every packet what no NIC does: it takes the ports in turn (balance-rr), copies to
        all of them (broadcast), or moves flows by their load (balance-tlb, balance-alb).

        mlx5 refuses in a warning to the request that adds the member ("TX type isn't supported"), which most tools do
        not show, and the bond goes on in software. The mode can be changed only while the bond has no members.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond) =>
        bond.Mode is not (null or BondMode.ActiveBackup or BondMode.BalanceXor or BondMode.Lacp);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        if (bond.Mode is not { } mode)
        {
            return [Skip(bond.Name, "the kernel does not tell its mode")];
        }

        string evidence = $"ip -d link show {bond.Name}: mode {mode.ToWord()}";
        return IsSo(bond)
            ?
            [
                Found(
                    Unless(wish), bond.Name, $"{bond.Name} is in mode {mode.ToWord()}, which no NIC takes into hardware", evidence,
                    "the bond was made in this mode",
                    Mend(wish, $"make {bond.Name} anew in mode active-backup, balance-xor or 802.3ad")),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
