using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>Members of an LACP bond are in different aggregators.</summary>
internal sealed class B09LacpAggregatorsDiffer : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B09",
        "lacp-aggregators-differ",
        CheckSeverity.Warning,
        "the members are in different aggregators",
        """
        In mode 802.3ad ports are aggregated only if they have the same partner, the same key and the same speed. Ports
        in an aggregator that is not active carry no traffic, although their link is up.

        The usual cause is that the ports are connected to two switches that do not act as one (MLAG, vPC, stacking), or
        to two port channels of one switch. The partner's address in /proc/net/bonding shows which switch each member is
        connected to, and its churn state whether negotiation failed.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Mode != BondMode.Lacp)
        {
            return [Skip(bond.Name, "not in mode 802.3ad")];
        }

        ushort[] ids = [.. bond.Members.Select(member => member.Slave.AggregatorId).OfType<ushort>().Distinct()];
        string evidence = $"/proc/net/bonding/{bond.Name}: " + string.Join("; ", bond.Members.Select(member =>
            $"{member.Device.Name} aggregator {member.Slave.AggregatorId}"
                + (member.Churn.TryGet(out BondChurn? churn)
                    ? $", churn {churn.ActorChurn}/{churn.PartnerChurn}"
                    : "")));
        return ids.Length == 0 ? [Skip(bond.Name, "the kernel reports no aggregator for the members")]
            : bond.Aggregator is { PartnerAddress.IsZero: true } ? [Skip(bond.Name, "no partner answers: see B08")]
            : ids.Length > 1
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"the members of {bond.Name} are in {ids.Length} aggregators; "
                        + "only one is active",
                    evidence, "the ports have different partners, keys or speeds",
                    "put the switch's ports into one port channel (with two switches: MLAG), with equal speeds"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
