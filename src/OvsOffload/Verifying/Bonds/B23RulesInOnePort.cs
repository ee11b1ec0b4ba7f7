using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>Rules of a bond are in some of its ports only.</summary>
internal sealed class B23RulesInOnePort : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B23",
        "rules-in-one-port",
        CheckSeverity.Warning,
        "rules of the bond are in one port only",
        """
        Open vSwitch gives the rules for what arrives by a bond to a block of filters that the bond shares with its
        members, and the kernel hands each rule to the e-switch of every member. The rule's in_hw_count tells how many
        took it. One that fewer took than there are members is half offloaded: what arrives by the other port goes
        through the host's CPU, or after a failover everything does.

        Rules on a VF's representor stay at 1 and are not looked at. In active-backup the standby joins the block with
        its first link event, so only members that share the block count.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        return bond.Rules.Match<IEnumerable<Finding>>(
            rules =>
            {
                string evidence = $"tc filter show block {rules.Block}: "
                    + string.Join(", ", rules.ByCount.Select(pair => $"{pair.Value} with in_hw_count {pair.Key}"))
                    + (rules.NotInHardware > 0 ? $"{(rules.ByCount.IsEmpty ? "" : ", ")}{rules.NotInHardware} not in hardware" : "")
                    + (rules.ByCount.IsEmpty && rules.NotInHardware == 0 ? "no filter" : "")
                    + $"; {rules.Members} members share it";
                return rules.HalfOffloaded == 0
                    ? [Ok(bond.Name, evidence)]
                    :
                    [
                        Found(
                            FindingStatus.Warning, bond.Name, $"{rules.HalfOffloaded} rules of {bond.Name} are in some of its ports only",
                            evidence, "the e-switch of a member refused them, or hw-tc-offload of that member was off",
                            "ethtool -k of each member: hw-tc-offload on; then ovs-appctl revalidator/purge"),
                    ];
            },
            why => [Skip(bond.Name, why)],
            why => [Skip(bond.Name, why)]);
    }
}
