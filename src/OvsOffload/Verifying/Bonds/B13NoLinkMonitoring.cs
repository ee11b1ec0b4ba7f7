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
        "the bond does not notice a lost link",
        """
        A bond looks at the carrier of its members every miimon milliseconds. The kernel's default is 0, never, also in
        mode 802.3ad, and "ip link add type bond" leaves it so. A port whose cable is pulled then goes on to be used, in
        software and in hardware alike, and what it should carry is lost.

        100 ms is usual. The other way, ARP monitoring, needs answers that pass the host's CPU, which offloaded rules do
        not let through.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        if (bond.Options.MiiMonitor is not { } monitor)
        {
            return [Skip(bond.Name, "the kernel does not tell its miimon")];
        }

        string evidence = $"ip -d link show {bond.Name}: miimon {monitor}, arp_interval {bond.Options.ArpInterval ?? 0}";
        return (monitor, bond.Options.ArpInterval ?? 0) == (0u, 0u)
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"{bond.Name} does not notice when a member loses its link", evidence,
                    "neither miimon nor arp_interval is set", Mend(wish, $"ip link set {bond.Name} type bond miimon 100")),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
