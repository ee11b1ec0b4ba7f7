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
        "the bond does not contain all ports of its card",
        """
        VF-LAG joins all ports of a card, two or four, or none. A bond of one port, or of two ports of a four-port card,
        stays in software, and the kernel does not report it. It happens if a member was removed and not added again, if
        a driver was reloaded (on kernels before 5.12 a change of the e-switch's mode recreates the uplink's device, and
        the new one is not in the bond), or if a network manager started before the second port had its name.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond, Observation input) => bond.Members.IsEmpty || Missing(bond, input).Any();

    private static IEnumerable<PhysicalFunction> Missing(BondState bond, Observation input) =>
        PfsOf(bond, input) is [var first, ..] pfs
            ? input.State.KnownFunctions.Where(pf =>
                pf.IsOnSameCard(first) && pfs.All(own => own.Address != pf.Address))
            : [];

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        string members = string.Join(' ', bond.Members.Select(member => member.Device.Name));
        string evidence = $"ip link show master {bond.Name}: {(members.Length > 0 ? members : "none")}";
        PhysicalFunction[] missing = [.. Missing(bond, input)];
        return bond.Members.IsEmpty || missing.Length > 0
            ?
            [
                Found(
                    SeverityFor(intent), bond.Name,
                    bond.Members.IsEmpty
                        ? $"{bond.Name} has no members"
                        : $"{bond.Name} does not contain {string.Join(", ", missing.Select(pf => pf.Address))} of its "
                            + "card",
                    evidence, "VF-LAG needs all ports of the card in the bond",
                    FixFor(intent, "add the missing port: ip link set DEVICE down; ip link set DEVICE master "
                        + $"{bond.Name}")),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
