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
        "some rules of the bond are offloaded to one port only",
        """
        Open vSwitch puts the rules for traffic from a bond into a filter block that the bond shares with its members,
        and the kernel passes each rule to the e-switch of every member. The rule's in_hw_count is the number that
        accepted it. If it is lower than the number of members, the rule is half offloaded: traffic from the other port
        goes through the host's CPU, or after a failover all of it.

        Rules on a VF's representor stay at 1 and are not counted. In active-backup the standby joins the block with its
        first link event, so only members that share the block count.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        return bond.Rules.Match<IEnumerable<Finding>>(
            rules =>
            {
                string evidence = $"tc filter show block {rules.Block}: "
                    + string.Join(", ", rules.ByCount.Select(pair => $"{pair.Value} with in_hw_count {pair.Key}"))
                    + (rules.NotInHardware > 0
                        ? $"{(rules.ByCount.IsEmpty ? "" : ", ")}{rules.NotInHardware} not in hardware"
                        : "")
                    + (rules.ByCount.IsEmpty && rules.NotInHardware == 0 ? "no filter" : "")
                    + $"; {rules.Members} members share it";
                return rules.HalfOffloaded == 0
                    ? [Ok(bond.Name, evidence)]
                    :
                    [
                        Found(
                            FindingStatus.Warning, bond.Name, $"{rules.HalfOffloaded} rules of {bond.Name} are not "
                                + "offloaded to all of its ports",
                            evidence, "the e-switch of a member rejected them, or hw-tc-offload was off on that member",
                            "ethtool -K DEVICE hw-tc-offload on for each member; then ovs-appctl revalidator/purge"),
                    ];
            },
            why => [Skip(bond.Name, why)],
            why => [Skip(bond.Name, why)]);
    }
}
