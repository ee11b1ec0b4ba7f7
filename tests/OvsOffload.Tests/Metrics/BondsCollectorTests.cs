using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Metrics;

public class BondsCollectorTests
{
    [Fact]
    public void A_bond_shows_whether_it_is_in_hardware_its_members_and_what_it_is()
    {
        string[] lines = Lines("active-backup", bond => bond with
        {
            Members =
            [
                bond.Members[0] with { Slave = bond.Members[0].Slave with { LinkFailures = 3 } },
                bond.Members[1] with { Slave = bond.Members[1].Slave with { State = BondSlaveState.Backup } },
            ],
        });

        Assert.Equal(
            [
                "bond_vf_lag_state{bond=bond0,state=unknown} 0",
                "bond_vf_lag_state{bond=bond0,state=active} 1",
                "bond_vf_lag_state{bond=bond0,state=inactive} 0",
                "bond_members{bond=bond0} 2",
                "bond_members_active{bond=bond0} 1",
                "bond_info{bond=bond0,mode=active-backup,profile=active-backup} 1",
                "bond_member_link_failures_total{bond=bond0,device=enp59s0f0np0} 3",
                "bond_member_link_failures_total{bond=bond0,device=enp59s0f1np1} 0",
            ],
            lines);
    }

    [Fact]
    public void An_unproven_bond_is_unknown_and_neither_active_nor_inactive()
    {
        string[] lines = Lines("lacp", bond => bond with { VfLag = VfLag.Undetermined("no debugfs") });

        Assert.Contains("bond_vf_lag_state{bond=bond0,state=unknown} 1", lines);
        Assert.Contains("bond_vf_lag_state{bond=bond0,state=active} 0", lines);
        Assert.Contains("bond_vf_lag_state{bond=bond0,state=inactive} 0", lines);
    }

    [Fact]
    public void LACP_shows_its_partner_its_aggregators_its_bits_and_its_churn()
    {
        string[] lines = Lines("lacp", bond => bond);

        Assert.Contains("bond_lacp_partner_info{bond=bond0,partner=0c:29:ef:00:00:01} 1", lines);
        Assert.Contains("bond_lacp_aggregator_ports{bond=bond0} 2", lines);
        Assert.Contains("bond_member_lacp_aggregator_info{bond=bond0,device=enp59s0f1np1,aggregator=1} 1", lines);
        Assert.Contains("bond_member_lacp_state{bond=bond0,device=enp59s0f0np0,side=actor,bit=distributing} 1", lines);
        Assert.Contains("bond_member_lacp_state{bond=bond0,device=enp59s0f0np0,side=partner,bit=defaulted} 0", lines);
        Assert.Contains("bond_member_lacp_churned{bond=bond0,device=enp59s0f0np0,side=actor} 0", lines);
    }

    [Fact]
    public void Without_a_partner_there_is_no_partner() => Assert.DoesNotContain(
        Lines("lacp", bond => bond with { Aggregator = bond.Aggregator! with { PartnerAddress = default } }),
        line => line.StartsWith("bond_lacp_partner_info", StringComparison.Ordinal));

    [Fact]
    public void Churn_that_could_not_be_read_fails_the_collector() => Assert.Contains(
        "EPERM",
        Assert.Throws<CollectorException>(() => Lines("lacp", bond => bond with
        {
            Members = [bond.Members[0] with { Churn = Reading.Failed<BondChurn>("EPERM") }],
        })).Message);

    private static string[] Lines(string profile, Func<BondState, BondState> change) =>
        BondsCollector.Samples([new BondFacts(change(BondSample.Healthy(profile).Bonds.Value[0]), profile)]).Lines();
}
