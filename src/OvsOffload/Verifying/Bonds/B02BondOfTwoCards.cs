using System.Collections.Immutable;
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
        "the bond's members are ports of different cards",
        """
        A NIC can distribute traffic only over its own ports. A bond of ports of two cards is never active in hardware,
        and the kernel does not report it: the bond works in software, and flows are offloaded only to the card they
        came from.

        Ports belong to one card if they have the same phys_switch_id (mlx5 derives it from the card's GUID), otherwise
        by the serial number in devlink, otherwise by their PCI slot. Two cards protect against the loss of a card,
        which VF-LAG does not; for that a guest can bond two VFs inside.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond, Observation input) =>
        PfsOf(bond, input) is [var first, ..] pfs && pfs.Any(pf => !pf.IsOnSameCard(first));

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        ImmutableArray<PhysicalFunction> pfs = PfsOf(bond, input);
        string evidence = string.Join("; ", pfs.Select(pf => $"{pf.Address}: phys_switch_id "
            + $"{pf.SwitchId ?? "not reported"}"));
        return pfs.Length < 2 ? [Skip(bond.Name, "fewer than two members are uplinks of PFs")]
            : IsSo(bond, input)
            ?
            [
                Found(
                    SeverityFor(intent), bond.Name, $"{bond.Name} has members on different cards", evidence,
                    "VF-LAG needs all members on one card", "create the bond from the ports of one card"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
