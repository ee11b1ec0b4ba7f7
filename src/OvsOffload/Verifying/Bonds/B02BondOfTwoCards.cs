using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A bond has ports of two cards as members.</summary>
internal sealed class B02BondOfTwoCards : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B02",
        "bond-of-two-cards",
        CheckSeverity.Error,
        "the members of the bond are ports of two cards",
        """
        A NIC can spread traffic only over its own ports. A bond of ports of two cards therefore never goes into
        hardware, and the kernel says nothing about it: it works in software, and flows are offloaded to the card alone
        where they came from.

        Ports belong to one card when they have the same phys_switch_id (mlx5 makes it of the card's GUID), else by the
        serial number that devlink tells, else by their PCI slot. Two cards protect against the loss of a card, which
        VF-LAG does not; for that a guest can bond two VFs inside.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond, VerifyInput input) =>
        PfsOf(bond, input) is [var first, ..] pfs && pfs.Any(pf => !pf.IsOfSameCard(first));

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        var pfs = PfsOf(bond, input);
        string evidence = string.Join("; ", pfs.Select(pf => $"{pf.Address}: phys_switch_id {pf.SwitchId ?? "not told"}"));
        return pfs.Length < 2 ? [Skip(bond.Name, "it has not two uplinks of PFs as members")]
            : IsSo(bond, input)
            ?
            [
                Found(
                    Unless(wish), bond.Name, $"{bond.Name} has ports of two cards as members", evidence,
                    "a NIC takes a bond of its own ports only", "make the bond of the ports of one card"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
