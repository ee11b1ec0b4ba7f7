using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A bond does not look at the links of its members.</summary>
internal sealed class B13NoLinkMonitoring : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B13",
        "no-link-monitoring",
        CheckSeverity.Warning,
        "the bond does not monitor its members' links",
        """
        A bond checks the carrier of its members every miimon milliseconds. The kernel's default is 0, never, even in
        mode 802.3ad, and "ip link add type bond" keeps it. A port whose cable is pulled then stays in use, in software
        and in hardware, and its traffic is lost.

        100 ms is usual. The alternative, ARP monitoring, needs replies that pass through the host's CPU, which
        offloaded rules prevent.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Options.MiiMonitor is not { } monitor)
        {
            return [Skip(bond.Name, "the kernel does not report miimon")];
        }

        string evidence =
            $"ip -d link show {bond.Name}: miimon {monitor}, arp_interval {bond.Options.ArpInterval ?? 0}";
        return (monitor, bond.Options.ArpInterval ?? 0) == (0u, 0u)
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"{bond.Name} does not detect when a member loses its "
                        + "link", evidence,
                    "neither miimon nor arp_interval is set",
                    FixFor(intent, $"ip link set {bond.Name} type bond miimon 100")),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
