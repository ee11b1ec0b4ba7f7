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

        A port that gets no LACP packets is alone in its aggregator too. After a cable was connected that is normal for
        a few seconds, with lacp_rate slow for up to 90.
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
            : ids.Length > 1 ? [Differ(bond, ids.Length, evidence)]
            : [Ok(bond.Name, evidence)];
    }

    private Finding Differ(BondState bond, int aggregators, string evidence)
    {
        string title = $"the members of {bond.Name} are in {aggregators} aggregators; only one is active";
        string alone = string.Join(", ", bond.Members
            .Where(member => member.Slave.ActorState?.HasFlag(LacpState.Defaulted) == true)
            .Select(member => member.Device.Name));
        return alone.Length == 0
            ? Found(
                FindingStatus.Warning, bond.Name, title, evidence,
                "the ports have different partners, keys or speeds",
                "put the switch's ports into one port channel (with two switches: MLAG), with equal speeds")
            : Found(
                FindingStatus.Warning, bond.Name, title, $"{evidence}; actor state defaulted: {alone}",
                $"{alone}: no LACP packets arrive, as in the first seconds after a cable was connected",
                $"run verify again in a minute; if it stays, put the switch's port of {alone} into the port channel of "
                    + "the others");
    }
}
