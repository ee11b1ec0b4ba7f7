using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A bond has fewer members than its card has ports.</summary>
internal sealed class B04BondLacksPort : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B04",
        "bond-lacks-port",
        CheckSeverity.Error,
        "the bond has not all ports of its card as members",
        """
        VF-LAG joins all ports of a card, two or four, or none. A bond of one port, or of two ports of a card of four,
        stays in software, and the kernel does not say so. It happens when a member was taken out and not put back, when
        a driver was loaded again (on kernels before 5.12 a change of the e-switch's mode makes the uplink's device
        anew, and the new one is in no bond), or when a network manager came up before the second port had its name.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond, VerifyInput input) => bond.Members.IsEmpty || Missing(bond, input).Any();

    private static IEnumerable<PhysicalFunction> Missing(BondState bond, VerifyInput input) =>
        PfsOf(bond, input) is [var first, ..] pfs
            ? input.State.KnownFunctions.Where(pf =>
                pf.IsOfSameCard(first) && pfs.All(own => own.Address != pf.Address))
            : [];

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        string members = string.Join(' ', bond.Members.Select(member => member.Device.Name));
        string evidence = $"ip link show master {bond.Name}: {(members.Length > 0 ? members : "none")}";
        PhysicalFunction[] missing = [.. Missing(bond, input)];
        return bond.Members.IsEmpty || missing.Length > 0
            ?
            [
                Found(
                    Unless(wish), bond.Name,
                    bond.Members.IsEmpty
                        ? $"{bond.Name} has no members"
                        : $"{bond.Name} lacks {string.Join(", ", missing.Select(pf => pf.Address))} of its card",
                    evidence, "a NIC takes a bond of all its ports only",
                    Mend(wish, $"set the other port down and add it: ip link set DEVICE down; ip link set DEVICE master {bond.Name}")),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
