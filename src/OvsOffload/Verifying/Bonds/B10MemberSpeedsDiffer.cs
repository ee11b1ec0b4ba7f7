using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>Members of a bond have different speeds, or none that is known.</summary>
internal sealed class B10MemberSpeedsDiffer : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B10",
        "member-speeds-differ",
        CheckSeverity.Warning,
        "the members have different speeds, or half duplex",
        """
        Mode 802.3ad aggregates ports of the same speed and full duplex; a port with another or unknown speed goes into
        its own aggregator and carries no traffic. In mode balance-xor flows are spread evenly over unequal ports, so
        the slower one is saturated first.

        The speed is what the driver reports (ethtool DEVICE). It is unknown while there is no link, which is another
        fault, and right after the link came up.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Mode == BondMode.ActiveBackup)
        {
            return [Skip(bond.Name, "mode active-backup uses one member at a time")];
        }

        BondMember[] up = [.. bond.Members.Where(member => member.Device.Carrier)];
        if (up.FirstOrDefault(member => member.Speed.IsFailed || member.Duplex.IsFailed) is { } unread)
        {
            return [Skip(bond.Name, unread.Speed.IsFailed ? unread.Speed.Why : unread.Duplex.Why)];
        }

        string evidence = string.Join("; ", up.Select(member => $"ethtool {member.Device.Name}: "
            + (member.Speed.IsKnown ? $"{member.Speed} Mb/s, " : "speed unknown, ")
            + (member.Duplex.IsKnown ? $"{member.Duplex} duplex" : "duplex unknown")));
        bool differ = up.Any(member => !member.Speed.IsKnown || member.Duplex.ValueOrDefault() != "full")
            || up.Select(member => member.Speed.Value).Distinct().Count() > 1;
        return up.Length == 0 ? [Skip(bond.Name, "no member has a link")]
            : differ
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"the members of {bond.Name} have different or unknown "
                        + "speeds", evidence,
                    "a cable, optics, or the switch's port is set to another speed",
                    "check both ends of each cable: ethtool -m DEVICE, and the switch's port"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
