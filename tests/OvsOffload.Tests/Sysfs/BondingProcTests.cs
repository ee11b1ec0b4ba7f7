using System.Collections.Immutable;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public class BondingProcTests
{
    /// <summary>What a kernel 6.12 writes, shortened to the lines around those that are read.</summary>
    private const string Lacp = """
        Ethernet Channel Bonding Driver: v6.12.0

        Bonding Mode: IEEE 802.3ad Dynamic link aggregation
        Transmit Hash Policy: layer3+4 (1)
        MII Status: up

        Slave Interface: eth0
        MII Status: up
        Aggregator ID: 1
        Actor Churn State: none
        Partner Churn State: churned
        Actor Churned Count: 0

        Slave Interface: eth1
        MII Status: down
        Actor Churn State: monitoring
        Partner Churn State: monitoring
        """;

    [Fact]
    public void Churn_is_told_for_each_member()
    {
        ImmutableDictionary<string, BondChurn> churn = BondingProc.Parse(Lacp);

        Assert.Equal(new BondChurn("none", "churned"), churn["eth0"]);
        Assert.Equal(new BondChurn("monitoring", "monitoring"), churn["eth1"]);
    }

    [Fact]
    public void Members_without_LACP_have_none() =>
        Assert.Empty(
            BondingProc.Parse(
            "Bonding Mode: fault-tolerance (active-backup)\n\nSlave Interface: eth0\nMII Status: up\n"));

    [Fact]
    public void Cut_at_any_place_it_tells_no_churn_that_was_not_there()
    {
        for (int length = 0; length < Lacp.Length; length++)
        {
            foreach ((string? name, BondChurn? churn) in BondingProc.Parse(Lacp[..length]))
            {
                Assert.Contains(name, (string[])["eth0", "eth1"]);
                Assert.StartsWith(churn.ActorChurn, name == "eth0" ? "none" : "monitoring");
            }
        }
    }
}
