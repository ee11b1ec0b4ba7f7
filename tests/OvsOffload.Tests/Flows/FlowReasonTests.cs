using System.Text;
using OvsOffload.Flows;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Flows;

public sealed class FlowReasonTests
{
    private const string Tuple = "eth_type(0x0800),ipv4(proto=6,frag=no)";

    private static readonly PciAddress Pf0 = PciAddress.Parse("0000:3b:00.0");

    private static readonly FlowReasonFacts Host = new()
    {
        HwOffload = true,
        TcPolicy = TcPolicy.None,
        RecircSharing = true,
        ConntrackOffload = true,
        Ports = new ByteKeyed<FlowPort>(
        [
            Port("vf0", FlowPortKind.Representor, "15b3:101d"),
            Port("vf1", FlowPortKind.Representor, "15b3:101d"),
            Port("old0", FlowPortKind.Representor, "15b3:1015"),
            Port("old1", FlowPortKind.Representor, "15b3:1015"),
            Port(
                "link0", FlowPortKind.Representor, "15b3:1015",
                port => port with { InlineMode = EswitchInlineMode.Link }),
            Port("network0", FlowPortKind.Representor, "15b3:1015",
                port => port with { InlineMode = EswitchInlineMode.Network }),
            Port(
                "none0", FlowPortKind.Representor, "15b3:1015",
                port => port with { InlineMode = EswitchInlineMode.None }),
            Port("cx5", FlowPortKind.Representor, "15b3:1017"),
            Port("up0", FlowPortKind.Uplink, "15b3:101d"),
            Port("up1", FlowPortKind.Uplink, "15b3:101d"),
            Port("br1", FlowPortKind.Internal, null),
            Port("tap3", FlowPortKind.OutsideNic, null),
            Port("far", FlowPortKind.Representor, "15b3:101d", port => port with { SwitchId = "ff" }),
            Port("legacy", FlowPortKind.Uplink, "15b3:101d", port => port with { Switchdev = false }),
            Port("feature", FlowPortKind.Representor, "15b3:101d", port => port with { HwTcOffload = false }),
            Port("noencap", FlowPortKind.Representor, "15b3:101d", port => port with { Encap = false }),
            Port("vxlan_sys_4789", FlowPortKind.Tunnel, null),
        ]),
        LocalAddresses = new ByteKeyed<TunnelEndpoint>(
        [
            KeyValuePair.Create("192.0.2.1", new TunnelEndpoint("up0", true, false)),
            KeyValuePair.Create("192.0.2.2", new TunnelEndpoint("br1", false, true)),
            KeyValuePair.Create("192.0.2.3", new TunnelEndpoint("eth9", false, false)),
        ]),
    };

    [Theory]
    [InlineData("userspace(pid=1,slow_path(action))", nameof(FlowReason.SlowPath))]
    [InlineData("userspace(pid=1,controller(reason=1,max_len=65535)),ct,recirc(0x1)", nameof(FlowReason.Controller))]
    [InlineData("userspace(pid=1,sFlow(vid=0,pcp=0,output=1)),vf1", nameof(FlowReason.Sampling))]
    [InlineData("userspace(pid=1,ipfix(output_port=1)),vf1", nameof(FlowReason.Sampling))]
    [InlineData("userspace(pid=1,flow_sample(probability=65535)),vf1", nameof(FlowReason.Sampling))]
    [InlineData("sample(sample=9.7%,actions(1)),vf1", nameof(FlowReason.Sampling))]
    [InlineData("psample(group=1),vf1", nameof(FlowReason.Sampling))]
    [InlineData("userspace(pid=1)", nameof(FlowReason.Userspace))]
    [InlineData("br1,vf1", nameof(FlowReason.ToInternalPort))]
    [InlineData("vf1,tap3", nameof(FlowReason.ToPortOutsideNic))]
    [InlineData("vf0", nameof(FlowReason.ToItself))]
    [InlineData("far", nameof(FlowReason.DifferentNics))]
    [InlineData("legacy", nameof(FlowReason.SwitchdevOff))]
    [InlineData("feature", nameof(FlowReason.HwTcOffloadOff))]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", nameof(FlowReason.TooManyOutputs))]
    [InlineData(
        "pop_vlan,push_vlan(vid=1,pcp=0),2,pop_vlan,push_vlan(vid=2,pcp=0),3,pop_vlan,push_vlan(vid=3,pcp=0),4,"
            + "pop_vlan,"
        + "push_vlan(vid=4,pcp=0),5,pop_vlan,push_vlan(vid=5,pcp=0),6,pop_vlan,7", nameof(FlowReason.TooManyActions))]
    [InlineData("hash(l4(0)),recirc(0x1)", nameof(FlowReason.HashAction))]
    [InlineData("lb_output(1)", nameof(FlowReason.LbOutput))]
    [InlineData("clone(ct_clear,vf1),vf1", nameof(FlowReason.Clone))]
    [InlineData("trunc(128),vf1", nameof(FlowReason.Truncation))]
    [InlineData("push_eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),vf1", nameof(FlowReason.EthernetHeader))]
    [InlineData("pop_eth,vf1", nameof(FlowReason.EthernetHeader))]
    [InlineData("push_nsh(flags=0,ttl=63,mdtype=1,np=3,spi=0x1234,si=255),vf1", nameof(FlowReason.Nsh))]
    [InlineData("pop_nsh(),vf1", nameof(FlowReason.Nsh))]
    [InlineData("add_mpls(label=0,tc=0,ttl=64,bos=1,eth_type=0x8847),vf1", nameof(FlowReason.AddMpls))]
    [InlineData("dec_ttl(le_1(userspace(pid=0))),vf1", nameof(FlowReason.DecTtl))]
    [InlineData("tnl_push(tnl_port(4789),header(size=50,type=4),out_port(1))", nameof(FlowReason.UserspaceTunnel))]
    [InlineData("tnl_pop(4789)", nameof(FlowReason.UserspaceTunnel))]
    [InlineData("set(sctp(dst=7)),vf1", nameof(FlowReason.UnsupportedSet))]
    [InlineData("set(arp(op=2)),vf1", nameof(FlowReason.UnsupportedSet))]
    [InlineData("set(ipv6(label=0x7)),vf1", nameof(FlowReason.UnsupportedSet))]
    [InlineData("set(skb_mark(0x1)),vf1", nameof(FlowReason.UnsupportedSet))]
    [InlineData("set(tunnel(tun_id=0x5,src=192.0.2.1,dst=192.0.2.9,tp_src=9,tp_dst=4789)),vxlan_sys_4789",
        nameof(FlowReason.UnsupportedSet))]
    [InlineData("wormhole(3),vf1", nameof(FlowReason.UnsupportedAction))]
    [InlineData("ct(commit,zone=1,helper=ftp),recirc(0x1)", nameof(FlowReason.CtHelper))]
    [InlineData("check_pkt_len(size=200,gt(trunc(9)),le(vf1)),vf1", nameof(FlowReason.Truncation))]
    public void Actions_that_are_not_handed_over_are_named(string actions, string reason) =>
        Expect(Enum.Parse<FlowReason>(reason), Decide("vf0", Tuple, "dp:ovs, ", actions, Host));

    [Theory]
    [InlineData("eth_type(0x86dd),ipv6(proto=17,frag=later)", "vf1", nameof(FlowReason.Ipv6Fragments))]
    [InlineData(
        "eth_type(0x0800),ipv4(proto=17,frag=first)", "set(ipv4(ttl=3)),vf1", nameof(FlowReason.FragmentRewrite))]
    [InlineData("dp_hash(0x3/0xf),eth()", "vf1", nameof(FlowReason.DpHash))]
    [InlineData("skb_mark(0x5),eth()", "vf1", nameof(FlowReason.SkbMark))]
    [InlineData("skb_mark(0/0x1),eth()", "vf1", nameof(FlowReason.SkbMark))]
    [InlineData("skb_priority(0x5/0xff),eth()", "vf1", nameof(FlowReason.SkbPriority))]
    [InlineData("packet_type(ns=1,id=0x894f),eth_type(0x894f)", "vf1", nameof(FlowReason.PacketType))]
    [InlineData(
        "eth_type(0x8100),vlan(vid=16/0xff0,pcp=0/0x0),encap(eth_type(0x0800))", "vf1", nameof(FlowReason.PartialVlan))]
    [InlineData("eth_type(0x8847),mpls(lse0=0x1,lse1=0x2)", "vf1", nameof(FlowReason.MplsStack))]
    [InlineData("eth_type(0x894f),nsh(spi=0x3020,si=255)", "vf1", nameof(FlowReason.Nsh))]
    [InlineData("eth_type(0x86dd),ipv6(proto=58,frag=no),icmpv6(type=136),nd(target=2001:db8::1)", "vf1",
        nameof(FlowReason.UnsupportedMatch))]
    [InlineData("ct_tuple4(src=192.0.2.1,dst=192.0.2.2),eth()", "vf1", nameof(FlowReason.UnsupportedMatch))]
    [InlineData("eth_type(0x86dd),ipv6(label=0x5,frag=no)", "vf1", nameof(FlowReason.UnsupportedMatch))]
    public void Matches_that_are_not_handed_over_are_named(string key, string actions, string reason) =>
        Expect(Enum.Parse<FlowReason>(reason), Decide("vf0", key, "dp:ovs, ", actions, Host));

    [Theory]
    [InlineData(
        "skb_priority(0/0),skb_mark(0/0),ct_state(0/0),ct_zone(0/0),ct_mark(0/0),ct_label(0/0),recirc_id(0),"
            + "dp_hash(0/0)")]
    [InlineData("skb_mark(0/0xffffffff)")]
    [InlineData("skb_mark(0),packet_type(ns=0,id=0),packet_type(ns=0/0,id=0/0)")]
    [InlineData("eth_type(0x86dd),ipv6(src=::/::,dst=::/::,label=0/0,proto=0/0,tclass=0/0,hlimit=0/0,frag=no)")]
    [InlineData("eth_type(0x8100),vlan(vid=100,pcp=0/0x0),encap(eth_type(0x0800))")]
    [InlineData("nd(target=::/::,sll=00:00:00:00:00:00/00:00:00:00:00:00)")]
    public void An_irrelevant_attribute_is_no_reason(string key) =>
        Expect(
            FlowReason.Unknown,
            Decide("vf0", key, "dp:ovs, ", "set(ipv4(ttl=3)),set(eth(src=02:00:00:00:00:01)),vf1", Host));

    [Theory]
    [InlineData("old0", Tuple, "ct(zone=1),old1", nameof(FlowReason.CtNic))]
    [InlineData("cx5", Tuple, "ct(zone=1,nat),vf0,vf1", nameof(FlowReason.CtMirror))]
    [InlineData("cx5", Tuple, "set(tcp(dst=81)),ct(zone=1),recirc(0x1)", nameof(FlowReason.CtAfterSet))]
    [InlineData(
        "vf0", "ct_state(+est+trk),eth_type(0x0800),ipv4(proto=1,frag=no),icmp(type=8)", "vf1",
        nameof(FlowReason.CtIcmp))]
    [InlineData("vf0", "eth_type(0x0800),ipv4(proto=1,frag=no)", "ct(zone=1),recirc(0x1)", nameof(FlowReason.CtIcmp))]
    [InlineData("vf0", "ct_state(+rel+trk),eth()", "vf1", nameof(FlowReason.CtState))]
    [InlineData("vf0", "ct_state(0x34/0x3c),eth()", "vf1", nameof(FlowReason.CtState))]
    [InlineData("old0", Tuple, "meter(3),old1", nameof(FlowReason.Meter))]
    [InlineData(
        "vf0", Tuple,
        "set(tunnel(tun_id=0x5,src=192.0.2.3,dst=192.0.2.9,ttl=64,tp_dst=4789,flags(df|key))),vxlan_sys_4789",
        nameof(FlowReason.TunnelAddress))]
    [InlineData("vxlan_sys_4789", "tunnel(tun_id=0x5,src=192.0.2.9,dst=192.0.2.77,flags(+key)),eth()", "vf1",
        nameof(FlowReason.TunnelAddress))]
    [InlineData(
        "noencap", Tuple, "set(tunnel(tun_id=0x5,src=192.0.2.1,dst=192.0.2.9,ttl=64,tp_dst=4789)),vxlan_sys_4789",
        nameof(FlowReason.EncapOff))]
    [InlineData("vf0", Tuple, "vf1", nameof(FlowReason.NicRefused))]
    [InlineData("vf0", Tuple, "meter(3),vf1", nameof(FlowReason.NicRefused))]
    [InlineData("vf0", Tuple, "set(tunnel(tun_id=0x5,src=192.0.2.2,dst=192.0.2.9,ttl=64,tp_dst=4789)),vxlan_sys_4789",
        nameof(FlowReason.NicRefused))]
    [InlineData("tap3", Tuple, "vf1", nameof(FlowReason.FromPortOutsideNic))]
    [InlineData("br1", Tuple, "vf1", nameof(FlowReason.FromInternalPort))]
    [InlineData("up0", Tuple, "up1", nameof(FlowReason.BetweenUplinks))]
    public void A_refusal_by_the_NIC_is_explained_by_its_features(
        string port, string key, string actions, string reason) =>
        Expect(Enum.Parse<FlowReason>(reason), Decide(port, key, "dp:tc, ", actions, Host));

    [Theory]
    [InlineData("link0", "eth_type(0x0800),ipv4(dst=192.0.2.1,frag=no)", nameof(FlowReason.InlineMode))]
    [InlineData("link0", "eth_type(0x0800),ipv4(proto=6,frag=no)", nameof(FlowReason.InlineMode))]
    [InlineData("link0", "eth_type(0x0800),ipv4(frag=later)", nameof(FlowReason.InlineMode))]
    [InlineData("link0", "eth_type(0x8100),vlan(vid=5),encap(eth_type(0x86dd),ipv6(frag=no),tcp(dst=80))",
        nameof(FlowReason.InlineMode))]
    [InlineData("network0", "eth_type(0x0800),ipv4(proto=17,frag=no),udp(src=7)", nameof(FlowReason.InlineMode))]
    [InlineData("network0", "eth_type(0x0800),ipv4(proto=6,frag=no),tcp_flags(+syn)", nameof(FlowReason.InlineMode))]
    [InlineData("network0", "eth_type(0x0800),ipv4(proto=6,frag=no)", nameof(FlowReason.NicRefused))]
    [InlineData("network0", "eth_type(0x0800),ipv4(frag=no),tcp(src=0/0,dst=0/0),tcp_flags(0/0)",
        nameof(FlowReason.NicRefused))]
    [InlineData("link0", "eth_type(0x0800),ipv4(src=0.0.0.0/0.0.0.0,proto=0/0,tos=0/0,frag=no)",
        nameof(FlowReason.NicRefused))]
    [InlineData("none0", "eth_type(0x0800),ipv4(proto=17,frag=no),udp(src=7)", nameof(FlowReason.NicRefused))]
    [InlineData("vf0", "eth_type(0x0800),ipv4(proto=17,frag=no),udp(src=7)", nameof(FlowReason.NicRefused))]
    public void A_header_that_the_nic_does_not_see_is_named_by_the_inline_mode(
        string port, string key, string reason) =>
        Expect(Enum.Parse<FlowReason>(reason), Decide(port, key, "dp:tc, ", "vf1", Host));

    [Fact]
    public void The_inline_mode_is_confirmed_by_the_kernels_words_and_no_matter_in_software()
    {
        var low = new LoggedRefusal(FlowReason.InlineMode, null, Pf0, "kernel log: due to min inline setting", true);
        ExpectKernel(FlowReason.InlineMode, Decide("link0", Tuple, "dp:tc, ", "vf1", With(logged: [low])));
        Expect(FlowReason.Unknown, Decide("link0", Tuple, "dp:ovs, ", "vf1", Host));
    }

    [Fact]
    public void A_kernel_that_cannot_hand_packets_over_refuses_recirculation()
    {
        FlowReasonFacts facts = With(recircSharing: false);
        Expect(FlowReason.RecircSharing, Decide("vf0", "recirc_id(0x2)," + Tuple, "dp:ovs, ", "vf1", facts));
        Expect(FlowReason.RecircSharing, Decide("vf0", Tuple, "dp:ovs, ", "ct(zone=1),recirc(0x3)", facts));
        Expect(FlowReason.Unknown, Decide("vf0", "recirc_id(0)," + Tuple, "dp:ovs, ", "vf1", facts));
    }

    [Fact]
    public void A_kernel_without_conntrack_offload_refuses_conntrack() => Expect(
        FlowReason.CtKernel, Decide("vf0", Tuple, "dp:ovs, ", "ct(zone=1),vf1", With(conntrack: false)));

    [Fact]
    public void A_setting_takes_precedence_over_other_reasons()
    {
        Expect(
            FlowReason.HwOffloadOff,
            Decide("vf0", Tuple, "dp:ovs, ", "hash(l4(0)),recirc(0x1)", With(hwOffload: false)));
        Expect(FlowReason.TcPolicySkipHw, Decide("vf0", Tuple, "dp:tc, ", "vf1", With(policy: "skip_hw")));
        Expect(FlowReason.CtSkipSoftware, Decide("vf0", Tuple, "dp:ovs, ", "ct(zone=1),vf1", With(policy: "skip_sw")));
    }

    [Fact]
    public void A_flow_of_another_host_is_judged_by_its_line_alone()
    {
        Expect(FlowReason.NicRefused, Decide("vf0", Tuple, "dp:tc, ", "meter(3),vf1", FlowReasonFacts.None));
        Expect(
            FlowReason.HashAction, Decide("vf0", Tuple, "dp:ovs, ", "hash(l4(0)),recirc(0x1)", FlowReasonFacts.None));
        Expect(FlowReason.Unknown, Decide("vf0", Tuple, "dp:ovs, ", "vf1", FlowReasonFacts.None));
        Expect(FlowReason.NicRefused, Decide("vf0", Tuple, "dp:tc, ", "vf1", FlowReasonFacts.None));
    }

    [Fact]
    public void The_userspace_datapath_has_reasons_of_its_own()
    {
        Expect(
            FlowReason.PartialActions, Decide("p1", Tuple, "offloaded:partial, dp:ovs, ", "set(ipv4(ttl=9)),p2", Host));
        Expect(
            FlowReason.UserspaceDatapath,
            Decide("p1", Tuple, "dp:ovs, ", "p2, dp-extra-info:miniflow_bits(2,3)", Host));
        Expect(FlowReason.TooNew,
            Decide(
                "p1", Tuple, "dp:ovs, ", "p2, dp-extra-info:miniflow_bits(2,3)", Host,
                "packets:0, bytes:0, used:never"));
    }

    [Fact]
    public void The_evidence_is_the_part_of_the_line_that_shows_it()
    {
        byte[] line = Line("vf0", Tuple, "dp:ovs, ", "set(eth(src=02:00:00:00:00:01)),hash(l4(0)),recirc(0x1)");
        FlowLine.Read(line, out FlowLine flow);
        Assert.Equal("hash(l4(0))", Encoding.UTF8.GetString(FlowDiagnosis.Decide(flow, Host).Evidence));
    }

    [Fact]
    public void What_the_kernel_says_beats_what_was_inferred()
    {
        var ufid = UInt128.Parse(
            "00112233445566778899aabbccddeeff", global::System.Globalization.NumberStyles.HexNumber);
        FlowReasonFacts Filters(FlowFilterFact fact) =>
            Host.With(new Dictionary<UInt128, FlowFilterFact> { [ufid] = fact });
        ExpectKernel(
            FlowReason.NicRefused, Decide("vf0", Tuple, "dp:tc, ", "vf1", Filters(new("not_in_hw", false, false))));
        ExpectKernel(
            FlowReason.SkipHardwareFlag, Decide("vf0", Tuple, "dp:tc, ", "vf1", Filters(new("skip_hw", true, false))));
        Expect(
            FlowReason.ToInternalPort, Decide("vf0", Tuple, "dp:tc, ", "br1", Filters(new("not_in_hw", false, false))));
    }

    [Fact]
    public void What_a_log_says_of_the_very_flow_beats_what_was_inferred()
    {
        var ufid = UInt128.Parse(
            "00112233445566778899aabbccddeeff", global::System.Globalization.NumberStyles.HexNumber);
        FlowReasonFacts Facts(FlowReason reason)
        {
            var logged = new LoggedRefusal(reason, "vf0", null, "ovs-vswitchd.log: ..", true);
            return new FlowReasonFacts
            {
                TcPolicy = TcPolicy.SkipSw,
                Ports = Host.Ports,
                Logged = [logged, logged with { Reason = FlowReason.KernelRefused }],
                LoggedFlows = new Dictionary<UInt128, LoggedRefusal> { [ufid] = logged },
            };
        }

        ExpectKernel(FlowReason.TableFull, Decide("vf0", Tuple, "dp:ovs, ", "vf1", Facts(FlowReason.TableFull)));
        ExpectKernel(FlowReason.TableFull, Decide("vf0", Tuple, "dp:ovs, ", "br1", Facts(FlowReason.TableFull)));
        ExpectKernel(
            FlowReason.KernelRefused, Decide("vf0", Tuple, "dp:ovs, ", "vf1", Facts(FlowReason.KernelRefused)));
        Expect(FlowReason.ToInternalPort, Decide("vf0", Tuple, "dp:ovs, ", "br1", Facts(FlowReason.KernelRefused)));
        Expect(FlowReason.NicRefused, Decide("vf0", Tuple, "dp:tc, ", "vf1", Facts(FlowReason.TableFull)));
    }

    [Fact]
    public void A_log_confirms_what_the_flow_shows_and_speaks_where_it_shows_nothing()
    {
        var full = new LoggedRefusal(FlowReason.TableFull, null, Pf0, "kernel log: flow table is full", true);
        var hash = new LoggedRefusal(
            FlowReason.DpHash, null, null, "ovs-vswitchd.log: offloading attribute dp_hash", false);
        ExpectKernel(FlowReason.TableFull, Decide("vf0", Tuple, "dp:tc, ", "vf1", With(logged: [full])));
        ExpectKernel(
            FlowReason.DpHash, Decide("vf0", "dp_hash(0x1/0xf),eth()", "dp:ovs, ", "vf1", With(logged: [hash])));
        Expect(FlowReason.Unknown, Decide("vf0", Tuple, "dp:ovs, ", "vf1", With(logged: [hash, full])));
        Expect(FlowReason.Meter, Decide("old0", Tuple, "dp:tc, ", "meter(1),old1", With(logged: [full])));

        var pair = new LoggedRefusal(
            FlowReason.DifferentNics, "vf0", null, "devices vf0 far not on same switch HW", true)
        {
            IsOfPair = true,
        };
        ExpectKernel(FlowReason.DifferentNics, Decide("vf0", Tuple, "dp:tc, ", "far", With(logged: [pair])));
        Expect(FlowReason.NicRefused, Decide("vf0", Tuple, "dp:tc, ", "vf1", With(logged: [pair])));

        LoggedRefusal other = full with { Reason = FlowReason.NicKey };
        ExpectKernel(FlowReason.NicRefused, Decide("vf0", Tuple, "dp:tc, ", "vf1", With(logged: [full, other])));
    }

    [Fact]
    public void Every_reason_has_a_word_of_its_own_and_stands_in_its_place()
    {
        Assert.Equal(Enum.GetValues<FlowReason>(), FlowReasons.All.Select(info => info.Reason));
        Assert.Distinct(FlowReasons.All.Select(info => info.Word));
        Assert.All(FlowReasons.All, info =>
        {
            Assert.Matches("^[a-z0-9]+(_[a-z0-9]+)*$", info.Word);
            Assert.EndsWith(".", info.Sentence, StringComparison.Ordinal);
            Assert.NotEmpty(info.Change);
            Assert.Same(info, FlowReasons.Find(info.Word));
        });
        Assert.True(FlowReasons.All.Length * 3 <= SeenFlow.MaxReasons);
    }

    private static void Expect(FlowReason reason, (FlowReason Reason, ReasonSource Source) got) =>
        Assert.Equal(reason, got.Reason);

    private static void ExpectKernel(FlowReason reason, (FlowReason Reason, ReasonSource Source) got) =>
        Assert.Equal((reason, ReasonSource.Kernel), got);

    private static (FlowReason Reason, ReasonSource Source) Decide(
        string port, string key, string state, string actions, FlowReasonFacts facts,
        string statistics = "packets:5, bytes:300, used:0.5s")
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Line(port, key, state, actions, statistics), out FlowLine flow));
        FlowVerdict verdict = FlowDiagnosis.Decide(flow, facts);
        return (verdict.Reason, verdict.Source);
    }

    private static byte[] Line(
        string port, string key, string state, string actions, string statistics = "packets:5, bytes:300, used:0.5s") =>
        Encoding.UTF8.GetBytes(
            $"ufid:00112233-4455-6677-8899-aabbccddeeff, {key},in_port({port}),eth(), {statistics}, "
                + $"{state}actions:{actions}");

    private static FlowReasonFacts With(
        bool hwOffload = true, string policy = "none", bool recircSharing = true, bool conntrack = true,
        LoggedRefusal[]? logged = null) => new()
        {
            HwOffload = hwOffload,
            TcPolicy = TcPolicies.Of(policy),
            RecircSharing = recircSharing,
            ConntrackOffload = conntrack,
            Ports = Host.Ports,
            LocalAddresses = Host.LocalAddresses,
            Logged = [.. logged ?? []],
        };

    private static KeyValuePair<string, FlowPort> Port(
        string name, FlowPortKind kind, string? nic, Func<FlowPort, FlowPort>? change = null)
    {
        var port = new FlowPort
        {
            Name = name,
            Kind = kind,
            Pf = nic is null ? null : Pf0,
            Nic = nic is null ? null : NicModels.BuiltIn.Find(PciId.Parse(nic)),
            SwitchId = nic is null ? null : "a0",
            Switchdev = nic is null ? null : true,
            HwTcOffload = nic is null ? null : true,
            Encap = nic is null ? null : true,
        };
        return KeyValuePair.Create(name, change?.Invoke(port) ?? port);
    }
}
