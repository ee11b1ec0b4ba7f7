using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A bond has a member that is not the uplink of a PF.</summary>
internal sealed class B03BondWithStranger : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B03",
        "bond-with-stranger",
        CheckSeverity.Error,
        "the bond has a member that is not the uplink of a PF",
        """
        A bond is active in hardware only if its members are exactly the ports of one card. With one more member, such
        as a VF, a tap or a NIC without offload, the whole bond stays in software, and nothing is logged (mlx5 compares
        the members with its ports and continues).

        A VF as a member is a common mistake of tools that find interfaces by driver name: the VF's interface is next to
        its PF's in every list.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond) => bond.Members.Any(member => member.Pf is null);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        BondMember[] strangers = [.. bond.Members.Where(member => member.Pf is null)];
        string members = string.Join(' ', bond.Members.Select(member => member.Device.Name));
        string evidence = $"ip link show master {bond.Name}: {members}";
        return strangers.Length == 0
            ? [Ok(bond.Name, evidence)]
            : strangers.Select(member => Found(
                SeverityFor(intent), bond.Name,
                $"{bond.Name} has member {member.Device.Name}, which is not the uplink of a "
                    + "PF",
                evidence,
                "VF-LAG needs a bond whose members are all ports of the card",
                FixFor(intent, $"ip link set {member.Device.Name} nomaster")));
    }
}
