using System.Text;
using OvsOffload.Flows;

namespace OvsOffload.Tests.Flows;

public class ConntrackRulesTests
{
    [Theory]
    [InlineData("ct(commit,zone=3),output:2", true)]
    [InlineData("ct", true)]
    [InlineData("ct,2", true)]
    [InlineData("set_field:1->reg0,ct(table=1)", true)]
    [InlineData("clone(ct(commit))", true)]
    [InlineData("recirc(0x1),ct(nat)", true)]
    [InlineData("ct_clear,output:2", false)]
    [InlineData("output:direct(1)", false)]
    [InlineData("drop", false)]
    [InlineData("load:0->NXM_NX_CT_MARK[],NORMAL", false)]
    [InlineData("set(ct_mark=1)", false)]
    [InlineData("", false)]
    public void The_action_ct_is_told_from_words_that_hold_it(string actions, bool found) =>
        Assert.Equal(found, ConntrackAction.IsIn(Encoding.UTF8.GetBytes(actions)));

    [Fact]
    public void Rules_are_counted_with_their_tables_and_ports()
    {
        var counter = new ConntrackRuleCounter("br-int");
        foreach (string line in (string[])
        [
            "duration=12s, n_packets=4, n_bytes=392, priority=0,actions=NORMAL",
            "duration=12s, n_packets=0, n_bytes=0, priority=9,in_port=7,ct_state=-trk,ip,actions=ct(table=1,zone=5)",
            "table_id=3, duration=1s, n_packets=0, n_bytes=0, "
                + "priority=9,ct_state=+new+trk,ip,in_port=8,actions=ct(commit,zone=5),output:2",
            "table_id=3, duration=1s, n_packets=0, n_bytes=0, priority=8,ct_state=+est+trk,ip,actions=output:2",
            "table_id=4, duration=1s, n_packets=0, n_bytes=0, ip,actions=check_pkt_larger(1450)->NXM_NX_REG0[0],"
                + "resubmit(,5)",
            "not a rule",
            "",
        ])
        {
            counter.Add(Encoding.UTF8.GetBytes(line), whole: true);
        }

        ConntrackRules rules = counter.Rules;
        Assert.Equal(("br-int", 2), (rules.Bridge, rules.Rules));
        Assert.Equal([0, 3], rules.Tables);
        Assert.Equal(["7", "8"], rules.Ports);
        Assert.Equal(1, rules.LengthChecks);
    }

    [Fact]
    public void A_tally_counts_flows_with_conntrack_once_and_names_their_ports()
    {
        var tally = new FlowTallyBuilder(100) { CountConntrack = true };
        const string Ct = "recirc_id(0),in_port(vm1),eth_type(0x0800), packets:1, bytes:98, used:0.1s, "
            + "offloaded:yes, dp:tc, actions:ct(zone=5),recirc(0x1)";
        foreach (string line in (string[])
        [
            $"ufid:00000000-0000-0000-0000-000000000001, {Ct}",
            $"ufid:00000000-0000-0000-0000-000000000001, {Ct}",
            $"ufid:00000000-0000-0000-0000-000000000002, {Ct.Replace("vm1", "vm2")}",
            $"ufid:00000000-0000-0000-0000-000000000003, {Ct.Replace("ct(zone=5),recirc(0x1)", "vm2")}",
        ])
        {
            tally.Add(Encoding.UTF8.GetBytes(line));
        }

        ConntrackFlows conntrack = tally.Build().Conntrack!;

        Assert.Equal(2, conntrack.Flows);
        Assert.Equal(["vm1", "vm2"], conntrack.Ports);
        Assert.Null(new FlowTallyBuilder(1).Build().Conntrack);
    }
}
