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
        In mode 802.3ad both sides negotiate with LACP packets which ports carry traffic. Without a partner, the
        partner's address is all zero and the actor's state has the bit "defaulted"; the bond then uses one arbitrary
        port, and a cable in the wrong port goes unnoticed.

        The switch's ports have to be in a port channel with LACP (mode active, or passive while this side is active),
        and in the same one. LACP packets are never forwarded, so a media converter or another switch in between drops
        them.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Mode != BondMode.Lacp)
        {
            return [Skip(bond.Name, "not in mode 802.3ad")];
        }

        if (bond.Aggregator is not { } aggregator)
        {
            return [Skip(bond.Name, "the kernel does not report the aggregator (only to root)")];
        }

        string evidence = $"ip -d link show {bond.Name}: ad_partner_mac {aggregator.PartnerAddress}; actor state "
            + string.Join(", ", bond.Members.Select(member => $"{member.Device.Name} {Word(member.Slave.ActorState)}"));
        return aggregator.PartnerAddress.IsZero
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"no LACP partner answers on {bond.Name}", evidence,
                    "the switch's ports are not in a port channel with LACP, or its packets do not arrive",
                    "configure LACP on the switch's ports, in one port channel; check with tcpdump -i DEVICE ether "
                        + "proto 0x8809"),
            ]
            : [Ok(bond.Name, evidence)];
    }

    private static string Word(LacpState? state) => state is null ? "not reported" : $"0x{(byte)state:x2}";
}
