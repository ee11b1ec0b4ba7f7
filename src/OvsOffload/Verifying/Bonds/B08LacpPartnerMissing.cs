using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>No switch answers LACP.</summary>
internal sealed class B08LacpPartnerMissing : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B08",
        "lacp-partner-missing",
        CheckSeverity.Warning,
        "no LACP partner answers",
        """
        In mode 802.3ad both sides agree by LACP packets which ports carry traffic. While no partner answers, the
        partner's address is all zero and the actor's state has the bit "defaulted"; the bond then uses one port alone,
        whichever it is, and a cable to a wrong port is not noticed.

        The switch's ports have to be in a port channel with LACP (mode active, or passive while this side is active),
        and in one and the same channel. LACP packets are never forwarded, so a converter or another switch in between
        ends them.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        if (bond.Mode != BondMode.Lacp)
        {
            return [Skip(bond.Name, "not in mode 802.3ad")];
        }

        if (bond.Aggregator is not { } aggregator)
        {
            return [Skip(bond.Name, "the kernel does not tell its aggregator (it does so to root alone)")];
        }

        string evidence = $"ip -d link show {bond.Name}: ad_partner_mac {aggregator.PartnerAddress}; actor state "
            + string.Join(", ", bond.Members.Select(member => $"{member.Device.Name} 0x{(byte)(member.Slave.ActorState ?? 0):x2}"));
        return aggregator.PartnerAddress.IsZero
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"no switch answers the LACP packets of {bond.Name}", evidence,
                    "the switch's ports are in no port channel with LACP, or what answers does not get through",
                    "configure LACP on the switch's ports, in one port channel; see with: tcpdump -i DEVICE ether proto 0x8809"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
