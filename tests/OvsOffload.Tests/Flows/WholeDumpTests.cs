using System.Text;
using OvsOffload.Flows;

namespace OvsOffload.Tests.Flows;

/// <summary>What no line of a dump shows by itself.</summary>
public sealed class WholeDumpTests
{
    private const string InTc = "offloaded:yes, dp:tc, ";

    private const string Software = "dp:ovs, ";

    [Fact]
    public void Flows_that_only_software_flows_lead_to_are_counted_under_their_root()
    {
        FlowTally tally = Tally(
            Line(1, "recirc_id(0)", InTc, "vf9"),
            Line(2, "recirc_id(0)", Software, "hash(l4(0)),recirc(0x1)", packets: 7),
            Line(3, "recirc_id(0x1)", Software, "vf9,recirc(0x2)", packets: 5),
            Line(4, "recirc_id(0x2)", Software, "vf9", packets: 3),
            Line(5, "recirc_id(0x2)", Software, "vf8", packets: 2));

        Assert.Equal(
            [
                (FlowReason.HashAction, 1L, 7UL, 3L, 10UL), (FlowReason.FollowOn, 3L, 10UL, 0L, 0UL),
            ],
            tally.Reasons.Select(Shown));
    }

    [Fact]
    public void A_flow_with_a_reason_of_its_own_follows_none_and_is_a_root_itself()
    {
        FlowTally tally = Tally(
            Line(1, "recirc_id(0)", InTc, "vf9"),
            Line(2, "recirc_id(0)", Software, "hash(l4(0)),recirc(0x1)"),
            Line(3, "recirc_id(0x1)", Software, "trunc(9),recirc(0x2)"),
            Line(4, "recirc_id(0x2)", Software, "vf9"));

        Assert.Equal(
            [(FlowReason.HashAction, 0L), (FlowReason.Truncation, 1L), (FlowReason.FollowOn, 0L)],
            tally.Reasons.Select(count => (count.Reason, count.FollowOnFlows)));
    }

    [Theory]
    [InlineData("offloaded:yes, dp:tc, ")]
    [InlineData("dp:tc, ")]
    public void A_flow_that_hardware_or_tc_may_lead_to_follows_none(string leader)
    {
        FlowTally tally = Tally(
            Line(1, "recirc_id(0)", leader, "ct(zone=1),recirc(0x1)"),
            Line(2, "recirc_id(0)", Software, "hash(l4(0)),recirc(0x1)"),
            Line(3, "recirc_id(0x1)", Software, "vf9"));

        Assert.Contains(tally.Reasons, count => count is { Reason: FlowReason.Unknown, Flows: 1 });
        Assert.DoesNotContain(tally.Reasons, count => count.Reason == FlowReason.FollowOn);
    }

    [Fact]
    public void A_flow_whose_leader_is_not_in_the_dump_and_flows_in_a_circle_end()
    {
        FlowTally tally = Tally(
            Line(1, "recirc_id(0)", InTc, "vf9"),
            Line(2, "recirc_id(0x7)", Software, "vf9"),
            Line(3, "recirc_id(0x1)", Software, "recirc(0x2)"),
            Line(4, "recirc_id(0x2)", Software, "recirc(0x1)"));

        Assert.Equal(3, tally.Reasons.Sum(count => count.Flows));
        Assert.Contains(tally.Reasons, count => count is { Reason: FlowReason.Unknown, Flows: 1 });
    }

    [Fact]
    public void A_leader_within_a_check_of_the_length_or_asked_for_no_port_leads_too()
    {
        FlowTally tally = Tally(
            FlowQuery.All with { Ports = ["vf9"] },
            Line(1, "recirc_id(0)", InTc, "vf9"),
            Line(2, "recirc_id(0)", Software, "check_pkt_len(size=1500,gt(drop),le(recirc(0x1)))"),
            Line(3, "recirc_id(0x1)", Software, "vf9"));

        Assert.Equal((FlowReason.FollowOn, 1L, 1UL, 0L, 0UL), Shown(Assert.Single(tally.Reasons)));
    }

    [Fact]
    public void Where_nothing_is_in_tc_this_is_told_once_instead_of_unknown()
    {
        FlowTally tally = Tally(
            Line(1, "recirc_id(0)", Software, "vf9"),
            Line(2, "recirc_id(0)", Software, "vf8"),
            Line(3, "recirc_id(0)", Software, "trunc(9),vf8"));

        Assert.Equal(
            [(FlowReason.Truncation, 1L), (FlowReason.NothingInTc, 2L)],
            tally.Reasons.Select(count => (count.Reason, count.Flows)));
    }

    [Fact]
    public void A_flow_of_unknown_state_may_be_in_tc() => Assert.Contains(
        Tally(Line(1, "recirc_id(0)", Software, "vf9"), Line(2, "recirc_id(0)", "", "vf9")).Reasons,
        count => count.Reason == FlowReason.Unknown);

    [Fact]
    public void On_ports_of_no_NIC_nothing_is_said_of_a_NIC()
    {
        FlowTally tally = Tally(
            Line(1, "recirc_id(0),ct_state(0/0x20)", "dp:tc, ", "ct,recirc(0x5)"),
            Line(2, "recirc_id(0x5),ct_state(0/0x23)", Software, "drop"),
            Line(3, "recirc_id(0x5),ct_state(0x20/0x23)", Software, "drop"));

        Assert.Equal(
            [(FlowReason.NicRefused, 1L), (FlowReason.Unknown, 2L)],
            tally.Reasons.Select(count => (count.Reason, count.Flows)));
        Assert.All(tally.Reasons, count => Assert.DoesNotContain("generation", FlowReasons.Of(count.Reason).Sentence));
    }

    [Fact]
    public void An_error_of_ovs_appctl_is_no_dump_with_all_flows_offloaded()
    {
        FlowTally tally = Tally(
            "2026-01-02T03:04:05Z|00001|unixctl|WARN|failed to connect to /run/openvswitch/ovs-vswitchd.9.ctl",
            "ovs-appctl: cannot connect to \"/run/openvswitch/ovs-vswitchd.9.ctl\" (No such file or directory)");
        Assert.Equal((0, 2, 0), (tally.Flows.Total, tally.Other, tally.Malformed));
    }

    [Fact]
    public void With_DOCA_the_userspace_datapath_is_the_one_that_offloads()
    {
        const string Extra = ", dp-extra-info:miniflow_bits(5,1)";
        FlowTally tally = Tally(
            Line(1, "recirc_id(0)", "offloaded:yes, dp:doca, ", "vf9"),
            Line(2, "recirc_id(0)", Software, "vf9" + Extra),
            Line(3, "recirc_id(0)", Software, "tnl_pop(4)" + Extra));

        ReasonCount count = Assert.Single(tally.Reasons);
        Assert.Equal((FlowReason.ProviderRefused, 2L), (count.Reason, count.Flows));
        Assert.DoesNotContain("datapath_type", FlowReasons.Of(count.Reason).Change);
    }

    [Fact]
    public void A_flow_that_is_shown_has_the_reason_that_the_dump_shows()
    {
        string[] lines =
        [
            Line(1, "recirc_id(0)", InTc, "vf9"),
            Line(2, "recirc_id(0)", Software, "hash(l4(0)),recirc(0x1)", packets: 7),
            Line(3, "recirc_id(0x1)", Software, "vf9", packets: 9),
        ];
        FlowQuery query = FlowQuery.All with { Top = 5, Reasons = [FlowReason.FollowOn] };
        var picker = new FlowPicker(query.ForPicking, FlowReasonFacts.None, 100, _ => { });
        foreach (string line in lines)
        {
            picker.Add(Encoding.UTF8.GetBytes(line));
        }

        FlowRecord flow = Assert.Single(query.Settled(picker.Largest, [("", Tally(lines))]));
        Assert.Equal(("follow_on", "recirc_id(0x1)", 9UL), (flow.Reason?.Word, flow.Evidence, flow.Packets));
        Assert.Contains("hash_action", flow.Message);
    }

    private static (FlowReason Reason, long Flows, ulong Packets, long FollowOn, ulong FollowOnPackets) Shown(
        ReasonCount count) => (count.Reason, count.Flows, count.Packets, count.FollowOnFlows, count.FollowOnPackets);

    private static string Line(int ufid, string key, string state, string actions, int packets = 1) =>
        $"ufid:00000000-0000-0000-0000-{ufid:x12}, {key},in_port(vf{ufid}),eth(),eth_type(0x0800), packets:{packets}, "
        + $"bytes:60, used:0.5s, {state}actions:{actions}";

    private static FlowTally Tally(params string[] lines) => Tally(FlowQuery.All, lines);

    private static FlowTally Tally(FlowQuery query, params string[] lines)
    {
        var builder = new FlowTallyBuilder(1000) { Facts = FlowReasonFacts.None, Query = query };
        foreach (string line in lines)
        {
            builder.Add(Encoding.UTF8.GetBytes(line));
        }

        return builder.Build();
    }
}
