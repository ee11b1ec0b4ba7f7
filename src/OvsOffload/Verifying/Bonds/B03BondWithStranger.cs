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
        "the bond has a member that is no uplink",
        """
        A NIC takes a bond into hardware only when its members are just the ports of one card. One more member, be it a
        VF, a tap or a NIC that does not offload, and the whole bond stays in software, without a word in any log (mlx5
        compares the members with its ports and goes on).

        A VF as a member is a mistake of tools that look for interfaces by driver name: the VF's interface stands next
        to its PF's in every list.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond) => bond.Members.Any(member => member.Pf is null);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        BondMember[] strangers = [.. bond.Members.Where(member => member.Pf is null)];
        string members = string.Join(' ', bond.Members.Select(member => member.Device.Name));
        string evidence = $"ip link show master {bond.Name}: {members}";
        return strangers.Length == 0
            ? [Ok(bond.Name, evidence)]
            : strangers.Select(member => Found(
                Unless(wish), bond.Name, $"{bond.Name} has {member.Device.Name} as a member, which is not the uplink of a PF",
                evidence,
                "with a member that is not its port the NIC does not take the bond",
                Mend(wish, $"ip link set {member.Device.Name} nomaster")));
    }
}
