using System.Text;
using OvsOffload.Flows;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.Flows;

/// <summary>What flows of a dump would meet with another NIC, kernel, Open vSwitch.</summary>
public sealed class WhatIfTests
{
    private const string All = "nic=connectx-6-dx,kernel=6.8,ovs=3.7,conntrack=yes,tc-policy=none";

    private const string Ip = "eth_type(0x0800),ipv4(proto=6,frag=no)";

    [Fact]
    public void Assumptions_are_read_and_told_again()
    {
        FlowAssumptions assumed = Parse(All);
        Assert.Equal(
            ("ConnectX-6 Dx", new KernelVersion(6, 8), new Version(3, 7), true, TcPolicy.None),
            (assumed.Nic?.Name, assumed.Kernel, assumed.Ovs, assumed.Conntrack, assumed.TcPolicy));
        Assert.Equal(
            "nic=ConnectX-6 Dx kernel=6.8 ovs=3.7 conntrack=yes tc-policy=none hw-offload=true",
            string.Join(' ', assumed.Words.Select(word => $"{word.Key}={word.Value}")));
        Assert.Equal("ConnectX-5", Parse("nic=15b3:1017").Nic?.Name);
    }

    [Theory]
    [InlineData("", "it assumes nothing")]
    [InlineData(",", "it assumes nothing")]
    [InlineData("nic", "is not KEY=VALUE")]
    [InlineData("nic=connectx-99", "known: ")]
    [InlineData("kernel=new", "is not a version")]
    [InlineData("ovs=", "is not a version")]
    [InlineData("conntrack=perhaps", "yes or no")]
    [InlineData("tc-policy=fast", "skip_sw")]
    [InlineData("mood=good", "unknown key")]
    public void Wrong_assumptions_are_refused_with_what_is_right(string text, string words)
    {
        Assert.False(FlowAssumptions.TryParse(text, out _, out string? error));
        Assert.Contains(words, error);
    }

    [Fact]
    public void Known_obstacles_go_stay_or_are_unknown_by_flows_and_by_packets()
    {
        WhatIfCount[] counts = Compare(
            All,
            FlowReasonFacts.None,
            Line(1, "recirc_id(0)", "offloaded:yes, dp:tc, ", "vf9", 1000),
            Line(2, "recirc_id(0)", "dp:tc, ", "ct(zone=1),recirc(0x1)", 500),
            Line(3, "recirc_id(0),ct_state(0x22/0xa2)", "dp:ovs, ", "vf9", 400),
            Line(4, "recirc_id(0)", "dp:tc, ", "vf9", 300),
            Line(5, "recirc_id(0)", "dp:ovs, ", "hash(l4(0)),recirc(0x2)", 200),
            Line(6, "recirc_id(0x2)", "dp:ovs, ", "vf9", 100),
            Line(7, "recirc_id(0)", "dp:ovs, ", "check_pkt_len(size=1450,gt(drop),le(vf9))", 50));

        Assert.Equal(
            [
                "offloaded -> offloaded (1, 1000)",
                "nic_refused -> no known obstacle (1, 500)",
                "ct_state -> stays: ct_state (1, 400)",
                "nic_refused -> unknown: why it is rejected now (1, 300)",
                "hash_action -> stays: hash_action (1, 200)",
                "follow_on -> stays: follow_on (1, 100)",
                "check_pkt_len -> no known obstacle (1, 50)",
            ],
            counts.Select(Shown));
    }

    [Fact]
    public void What_is_not_assumed_and_not_known_stays_unknown()
    {
        string then = Shown(Assert.Single(Compare(
            "kernel=6.8", FlowReasonFacts.None, Line(1, "recirc_id(0)", "dp:tc, ", "ct(zone=1),vf9", 9))));
        Assert.StartsWith("nic_refused -> unknown: it needs conntrack offload", then, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nic=connectx-5", "ct_nic")]
    [InlineData("nic=connectx-4-lx", "ct_nic")]
    [InlineData("nic=connectx-6-dx,conntrack=no", "ct_kernel")]
    [InlineData("nic=connectx-6-dx,conntrack=yes,tc-policy=skip_sw", "ct_skip_sw")]
    [InlineData("nic=connectx-6-dx,kernel=5.4,conntrack=yes", "ct_kernel")]
    public void A_host_that_cannot_has_an_obstacle_for_what_is_offloaded_now(string text, string obstacle) =>
        Assert.Equal(
        $"offloaded -> {obstacle} (1, 9)",
        Shown(Assert.Single(Compare(
            text, FlowReasonFacts.None, Line(1, "recirc_id(0)", "offloaded:yes, dp:tc, ", "ct(zone=1),vf9", 9)))));

    [Fact]
    public void A_dump_of_a_host_without_offload_tells_what_would_be_offloaded()
    {
        WhatIfCount[] counts = Compare(
            All,
            new FlowReasonFacts { HwOffload = false },
            Line(1, "recirc_id(0)", "dp:ovs, ", "vf9,recirc(0x1)", 90),
            Line(2, "recirc_id(0x1)", "dp:ovs, ", "vf9", 80),
            Line(3, "recirc_id(0)", "dp:ovs, ", "trunc(9),vf9", 70));
        Assert.Equal(
            ["hw_offload_off -> no known obstacle (2, 170)", "hw_offload_off -> truncation (1, 70)"],
            counts.Select(Shown));
    }

    private static string Shown(WhatIfCount count) =>
        $"{WhatIfDocument.Now(count)} -> {WhatIfDocument.Then(count)} ({count.Flows}, {count.Packets})";

    private static FlowAssumptions Parse(string text)
    {
        Assert.True(FlowAssumptions.TryParse(text, out FlowAssumptions? assumed, out string? error), error);
        return assumed;
    }

    private static WhatIfCount[] Compare(string assumed, FlowReasonFacts facts, params string[] lines)
    {
        var tally = new WhatIfTally(facts, Parse(assumed).Of(facts), 1000);
        foreach (string line in lines)
        {
            tally.Add(Encoding.UTF8.GetBytes(line));
        }

        return [.. tally.Build()];
    }

    private static string Line(int ufid, string key, string state, string actions, int packets) =>
        $"ufid:00000000-0000-0000-0000-{ufid:x12}, {key},in_port(vf{ufid}),eth(),{Ip}, packets:{packets}, bytes:60, "
        + $"used:0.5s, {state}actions:{actions}";
}
