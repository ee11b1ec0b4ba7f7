using System.Collections.Immutable;
using System.Text;
using OvsOffload.Flows;

namespace OvsOffload.Tests.Flows;

/// <summary>
/// Lines of dumps, written from the grammar of format_dpif_flow and odp-util.c: every shape that Open vSwitch 2.17 to
/// 4.0 prints, with and without <c>-m</c>, with names and with numbers.
/// </summary>
internal static class FlowCorpus
{
    private const string Old =
        "skb_priority(0/0),skb_mark(0/0),ct_state(0/0),ct_zone(0/0),ct_mark(0/0),ct_label(0/0),recirc_id(0),"
        + "dp_hash(0/0),";

    private const string New = "recirc_id(0),dp_hash(0/0),skb_priority(0/0),";

    private const string Stats = ", packets:12, bytes:3456, used:0.120s";

    /// <summary>Lines that are flows, with their state.</summary>
    public static ImmutableArray<(string Line, FlowState State)> Flows { get; } =
    [
        // Without -m: neither ufid nor state.
        ("recirc_id(0),in_port(3),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),eth_type(0x0800),ipv4(frag=no), "
            + "packets:0, "
            + "bytes:0, used:never, actions:4", FlowState.Unknown),
        ("recirc_id(0x2b),in_port(2),ct_state(-new+est-rel-rpl-inv+trk),ct_label(0/0x1),eth(),eth_type(0x0800),"
            + "ipv4(proto=6,frag=no),"
            + "tcp(dst=8080), packets:9, bytes:800, used:0.3s, flags:SFP., actions:set(tunnel(tun_id=0x7,"
            + "src=192.0.2.1,dst=192.0.2.2,"
            + "ttl=64,tp_dst=4789,flags(df|key))),2,5,push_vlan(vid=7,pcp=0),6,pop_vlan,7", FlowState.Unknown),
        ("recirc_id(0),in_port(4),eth(dst=01:80:c2:00:00:0e),eth_type(0x88cc), packets:0, bytes:0, used:6.420s, "
            + "actions:drop",
            FlowState.Unknown),
        ("recirc_id(0),in_port(1),eth(),eth_type(0x0800),ipv4(frag=no), packets:18446744073709551615, "
            + "bytes:18446744073709551615, "
            + "used:0.0s, flags:., actions:2", FlowState.Unknown),
        ("<empty>,***4 leftover bytes*** (00c0ffee), packets:0, bytes:0, used:never, actions:drop", FlowState.Unknown),

        // The order of keys up to 3.1 and in tc, of 3.2 and later, of the kernel.
        (Ufid(1) + Old
            + "in_port(enp1s0f0r1),packet_type(ns=0/0,id=0/0),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),"
            + "eth_type(0x0800),ipv4(src=0.0.0.0/0.0.0.0,dst=0.0.0.0/0.0.0.0,proto=0/0,tos=0/0,ttl=0/0,frag=no)" + Stats
            + ", offloaded:yes, dp:tc, actions:enp1s0f0r2", FlowState.Offloaded),
        (Ufid(2) + Old
            + "in_port(enp1s0f0r1),packet_type(ns=0/0,id=0/0),eth(src=02:00:00:00:00:01,dst=ff:ff:ff:ff:ff:ff),"
            + "eth_type(0x0806),arp(sip=0.0.0.0/0.0.0.0,tip=192.0.2.9,op=1,sha=00:00:00:00:00:00/00:00:00:00:00:00)"
                + Stats
            + ", dp:tc, actions:br1,enp1s0f0r2", FlowState.TcNotInHardware),
        (Ufid(3) + New
            + "in_port(p1),skb_mark(0/0),ct_state(0/0),ct_zone(0/0),ct_mark(0/0),ct_label(0/0),packet_type(ns=0,id=0),"
            + "eth(src=02:00:00:00:00:01/00:00:00:00:00:00),eth_type(0x86dd),ipv6(src=2001:db8::1,dst=::/::,"
            + "label=0/0,proto=17,"
            + "tclass=0/0,hlimit=0/0,frag=no),udp(src=0/0,dst=53)" + Stats
            + ", offloaded:partial, dp:ovs, actions:set(ipv6(hlimit=9)),p2, dp-extra-info:miniflow_bits(2,3)",
                FlowState.Partial),
        (Ufid(4) + New + "in_port(p0),skb_mark(0/0),ct_state(0x21/0x29),ct_zone(0x5),ct_mark(0/0),ct_label(0/0),eth(),"
            + "eth_type(0x0800),ipv4(frag=no)" + Stats
                + ", flags:SP., dp:ovs, actions:ct(commit,zone=5,mark=0x1/0xff,nat(src=192.0.2.1"
            + ":1024-65535,random)),recirc(0x3)", FlowState.Software),
        (Ufid(5) + New + "in_port(d1),packet_type(ns=0,id=0)" + Stats + ", offloaded:yes, dp:dpdk, actions:d0, "
            + "dp-extra-info:miniflow_bits(5,3)", FlowState.Offloaded),
        (Ufid(6) + New + "in_port(p1)" + Stats
            + ", offloaded:yes, dp:dummy, actions:p2, dp-extra-info:miniflow_bits(2,3)",
            FlowState.Offloaded),

        // Nested attributes and actions.
        (Ufid(7)
            + "recirc_id(0),tunnel(tun_id=0x5,src=192.0.2.7,dst=192.0.2.1,ttl=0/0,tp_dst=6081,geneve({class=0x102,"
            + "type=0x80,"
            + "len=4,0x10002/0x7fffffff}{len=4}),flags(-df-csum+key)),in_port(genev_sys_6081),eth()" + Stats
            + ", offloaded:yes, dp:tc, actions:ct_clear,set(eth(src=02:00:00:00:00:01)),set(ipv4(ttl=63)),vf7",
                FlowState.Offloaded),
        (Ufid(8)
            + "recirc_id(0),tunnel(tun_id=0x0,src=192.0.2.7,dst=192.0.2.1,vxlan(gbp(id=512,flags=0x8)),flags(+key)),"
            + "in_port(vxlan_sys_4789),eth_type(0x8100),vlan(vid=100,pcp=0/0x0),encap(eth_type(0x8847),mpls(label=9,"
            + "tc=0/0,ttl=64/0x0,"
            + "bos=1))" + Stats
                + ", dp:ovs, actions:pop_vlan,pop_mpls(eth_type=0x800),recirc(0x9)", FlowState.Software),
        (Ufid(9) + New + "in_port(1),packet_type(ns=1,id=0x894f),eth_type(0x894f),nsh(spi=0x3020,si=255)" + Stats
            + ", dp:ovs, actions:push_eth(src=00:00:00:00:00:00,dst=02:00:00:00:00:02),set(nsh(spi=0x3020,si=254)),"
            + "pop_eth,tnl_push("
            + "tnl_port(4789),header(size=50,type=4,eth(dst=02:00:00:00:00:03,src=02:00:00:00:00:02,dl_type=0x0800),"
            + "ipv4(src="
            + "192.0.2.1,dst=192.0.2.3,proto=17,tos=0,ttl=64,frag=0x4000),udp(src=0,dst=4789,csum=0x0),"
            + "vxlan(flags=0xc000004,"
            + "vni=0x0)),out_port(2)),tnl_pop(4789)", FlowState.Software),
        (Ufid(10) + New + "in_port(1),eth(),eth_type(0x0800),ipv4(frag=later)" + Stats
            + ", dp:ovs, actions:check_pkt_len(size=200,"
            + "gt(set(eth(src=02:00:00:00:00:05)),2),le(userspace(pid=0,slow_path(action)))),3", FlowState.Software),
        (Ufid(11) + New + "in_port(1),eth()" + Stats + ", dp:ovs, actions:clone(clone(push_vlan(vid=12,pcp=0),2),1),"
            + "sample(sample=9.7%,actions(1,2,3,push_vlan(vid=1,pcp=2))),trunc(128),meter(7),hash(sym_l4(0)),"
            + "add_mpls(label=0,tc=0,"
            + "ttl=64,bos=1,eth_type=0x8847),pop_nsh(),lb_output(1)", FlowState.Software),
        (Ufid(12) + New + "in_port(1),eth()" + Stats
            + ", dp:ovs, actions:userspace(pid=4294967295,controller(reason=1,dont_send=0,"
            + "continuation=0,recirc_id=5,rule_cookie=0,controller_id=0,max_len=65535)),ct,recirc(0x4)",
                FlowState.Software),

        // Names that were not made for a grammar.
        (Ufid(13) + Old + "in_port(od\"d,(n)),eth(),eth_type(0x0806)" + Stats
            + ", dp:ovs, actions:p1,ü-port", FlowState.Software),
        (Ufid(14) + Old + "in_port(x, offloaded:no),eth()" + Stats
            + ", dp:tc, actions:x, offloaded:no", FlowState.TcNotInHardware),
        (Ufid(15) + Old + "in_port(half(),eth()" + Stats + ", dp:tc, actions:half(", FlowState.TcNotInHardware),
    ];

    /// <summary>Lines that belong to a dump and are no flows.</summary>
    public static ImmutableArray<string> Others { get; } =
    [
        "flow-dump from the main thread:",
        "flow-dump from pmd on cpu core: 3",
        "2026-02-03T04:05:06Z|00007|dpif_netlink|INFO|The kernel has no meters.",
        "2026-02-03T04:05:06Z|00008|dpif(revalidator9)|DBG|system@ovs-system: put[modify] in_port(2), packets:1, "
            + "bytes:2, used:0.1s, "
            + "actions:3",
        "ovs-vswitchd: no datapaths exist",
        "",
    ];

    /// <summary>Lines that look like flows and are none.</summary>
    public static ImmutableArray<string> Damaged { get; } =
    [
        Ufid(16) + Old + "in_port(vf1),eth(), packets:94",
        "ufid:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1fg, in_port(1), packets:0, bytes:0, used:never, actions:drop",
        "in_port(1), packets:1, bytes:1, used:x, actions:2",
        "ufid 1, packets:1, bytes:1, used:never, actions:2",
    ];

    /// <summary>Everything in one dump, each line with its newline.</summary>
    public static byte[] Dump() => Encoding.UTF8.GetBytes(string.Concat(
        Flows.Select(flow => flow.Line).Concat(Others).Concat(Damaged).Select(line => line + "\n")));

    /// <summary>The same as a reply of unixctl.</summary>
    public static byte[] Reply() => Encoding.UTF8.GetBytes(
        "{\"id\":1,\"result\":\""
            + Encoding.UTF8.GetString(Dump()).Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")
        + "\",\"error\":null}");

    private static string Ufid(int number) => $"ufid:0f1e2d3c-4b5a-6978-8796-{number:x12}, ";
}
