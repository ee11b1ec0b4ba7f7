using System.Text;
using OvsOffload.Flows;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Flows;

/// <summary>Why flows are not offloaded, as the experts in public threads say it.</summary>
public sealed class FieldReasonTests
{
    private const string Ip = "eth_type(0x0800),ipv4(proto=6,frag=no)";

    private const string MtuCheck = "check_pkt_len(size=1450,gt(drop),le(vf2))";

    private const string MtuCheckWithError = "ct_clear,check_pkt_len(size=1450,gt(sample(sample=100.0%,actions("
        + "userspace(pid=4294967295,controller(reason=1,max_len=65535))))),le(ct(zone=7),recirc(0x9)))";

    [Theory]
    [InlineData("ct_state(0x22/0xa2)")]
    [InlineData("ct_state(0x21/0x61)")]
    [InlineData("ct_state(-new+est-dnat+trk)")]
    [InlineData("ct_state(+est-snat+trk)")]
    public void A_bit_of_NAT_in_the_mask_keeps_a_flow_out_of_tc_set_or_not_on_any_NIC(string state)
    {
        Assert.Equal(
            FlowReason.CtState, Decide("vf1", $"{state},{Ip}", "dp:ovs, ", "vf2", FlowReasonFacts.None).Reason);
        Assert.Equal(FlowReason.CtState, Decide("vf1", $"{state},{Ip}", "dp:ovs, ", "vf2", Dx(TcPolicy.None)).Reason);
    }

    [Fact]
    public void What_the_daemon_found_out_of_tc_counts()
    {
        FlowReasonFacts facts =
            Dx(TcPolicy.None) with { CtStates = new SupportedCtStates(0x27, "ovs_ct_state bits: 0x27") };
        (FlowReason reason, _, string? words) = Decide("vf1", $"ct_state(0x2a/0x2a),{Ip}", "dp:ovs, ", "vf2", facts);
        Assert.Equal((FlowReason.CtState, "ovs_ct_state bits: 0x27"), (reason, words));
        Assert.Equal(
            FlowReason.Unknown, Decide("vf1", $"ct_state(0x22/0x23),{Ip}", "dp:ovs, ", "vf2", facts).Reason);
    }

    [Theory]
    [InlineData("dp:ovs, ", FlowReason.Unknown)]
    [InlineData("dp:tc, ", FlowReason.NicRefused)]
    public void Of_an_unknown_NIC_is_said_only_what_would_have_to_be_known(string state, object reason)
    {
        foreach ((string key, string actions) in (ReadOnlySpan<(string, string)>)
        [
            ($"ct_state(0x22/0x23),{Ip}", "vf2"), (Ip, "ct(zone=1),recirc(0x1)"), (Ip, "meter(1),vf2"),
            (Ip, "set(tcp(dst=81)),ct(zone=1),vf2"), (Ip, "ct(zone=1),vf2,vf3"),
        ])
        {
            (FlowReason Reason, ReasonSource Source, string? Words) found = Decide(
                "v1", key, state, actions, FlowReasonFacts.None);
            Assert.Equal(reason, found.Reason);
            Assert.Contains("is not known", found.Words);
            FlowReasonInfo info = FlowReasons.Of(found.Reason);
            Assert.DoesNotContain("generation", info.Sentence);
            Assert.DoesNotContain("security group", info.Change);
        }
    }

    [Fact]
    public void A_NIC_that_nobody_has_documented_is_unknown_too()
    {
        FlowReasonFacts facts = Of(Port("vf1", "8086:1592", "a"), Port("vf2", "8086:1592", "a"));
        Assert.Equal(FlowReason.NicRefused, Decide("vf1", Ip, "dp:tc, ", "ct(zone=1),vf2", facts).Reason);
    }

    [Theory]
    [InlineData("dp:ovs, ", MtuCheck)]
    [InlineData("dp:tc, ", MtuCheck)]
    [InlineData("dp:ovs, ", MtuCheckWithError)]
    public void A_check_of_the_length_is_a_reason_and_what_its_branches_do_is_none(string state, string actions)
    {
        (FlowReason Reason, ReasonSource Source, string? Words) found = Decide(
            "ext0", $"ct_state(0x2a/0x2f),{Ip}", state, actions, FlowReasonFacts.None);
        Assert.Equal(FlowReason.CheckPktLen, found.Reason);
        FlowReasonInfo info = FlowReasons.Of(found.Reason);
        Assert.Contains("--disable-pkt-mtu-check", info.Change);
        Assert.Contains("gateway_mtu_bypass", info.Change);
    }

    [Theory]
    [InlineData("2.17.9", "5.15", "15b3:101d", MtuCheck, "dp:ovs, ", FlowReason.CheckPktLen)]
    [InlineData("3.3.0", "6.8", "15b3:101d", MtuCheck, "dp:ovs, ", FlowReason.Unknown)]
    [InlineData("3.3.0", "6.8", "15b3:101d", MtuCheckWithError, "dp:ovs, ", FlowReason.CheckPktLen)]
    [InlineData("3.3.0", "6.1", "15b3:101d", MtuCheck, "dp:tc, ", FlowReason.CheckPktLen)]
    [InlineData("3.3.0", "6.8", "15b3:1017", MtuCheck, "dp:tc, ", FlowReason.CheckPktLen)]
    [InlineData("3.3.0", "6.8", "15b3:101d", MtuCheck, "dp:tc, ", FlowReason.NicRefused)]
    [InlineData("3.3.0", "6.8", "15b3:1017", "sample(sample=9.7%,actions(1)),vf2", "dp:ovs, ", FlowReason.Sampling)]
    public void A_check_of_the_length_goes_by_switch_kernel_and_NIC(
        string version, string kernel, string nic, string actions, string state, object reason)
    {
        var number = Version.Parse(kernel);
        FlowReasonFacts facts = Of(Port("vf1", nic, "a"), Port("vf2", nic, "a")) with
        {
            TcPolicy = TcPolicy.None,
            OvsVersion = Version.Parse(version),
            Kernel = new KernelVersion(number.Major, number.Minor),
        };
        Assert.Equal(reason, Decide("vf1", Ip, state, actions, facts).Reason);
    }

    [Theory]
    [InlineData("15b3:1015", "vf1", "vf2", FlowReason.PortsNotBonded)]
    [InlineData("15b3:1017", "vf1", "vf2", FlowReason.NicRefused)]
    [InlineData("15b3:101d", "vf1", "up1", FlowReason.PortsNotBonded)]
    [InlineData("15b3:101d", "up1", "vf1", FlowReason.PortsNotBonded)]
    [InlineData("15b3:101d", "vf2", "up1", FlowReason.NicRefused)]
    [InlineData("15b3:101d", "up0", "up1", FlowReason.BetweenUplinks)]
    public void Two_ports_of_one_card_without_a_bond_are_two_e_switches(
        string nic, string from, string to, object reason)
    {
        FlowReasonFacts Ports(bool? joined) => Of(
            Port("vf1", nic, "a", port => port with { JoinedPorts = joined }),
            Port("vf2", nic, "a", port => port with { Pf = Second, JoinedPorts = joined }),
            Port("up0", nic, "a", port => port with { Kind = FlowPortKind.Uplink, JoinedPorts = joined }),
            Port("up1", nic, "a", port => port with { Pf = Second, Kind = FlowPortKind.Uplink, JoinedPorts = joined }));

        Assert.Equal(reason, Decide(from, Ip, "dp:tc, ", to, Ports(false)).Reason);
        Assert.NotEqual(FlowReason.PortsNotBonded, Decide(from, Ip, "dp:tc, ", to, Ports(true)).Reason);
        Assert.NotEqual(FlowReason.PortsNotBonded, Decide(from, Ip, "dp:tc, ", to, Ports(null)).Reason);
        Assert.NotEqual(FlowReason.PortsNotBonded,
            Decide(from, Ip, "dp:ovs, ", to, Ports(false) with { TcPolicy = TcPolicy.None }).Reason);
    }

    [Theory]
    [InlineData("vf1", "vf9")]
    [InlineData("vf9", "vf1")]
    public void A_port_that_the_switch_keeps_in_software_is_named_with_the_setting(string from, string to)
    {
        FlowReasonFacts facts = Of(
            Port("vf1", "15b3:101d", "a", port => port with { KeptInSoftware = "hw-offload-priority=none" }),
            Port("vf9", "15b3:101d", "a"));
        (FlowReason Reason, ReasonSource Source, string? Words) found = Decide(from, Ip, "dp:ovs, ", to, facts);
        Assert.Equal((FlowReason.PortKeptInSoftware, "hw-offload-priority=none"), (found.Reason, found.Words));
    }

    [Theory]
    [InlineData("match unsupported: ct_state=+new", FlowReason.NewConnection, false)]
    [InlineData("match unsupported: br0: unable to get eswitch mgr port id", FlowReason.FromInternalPort, false)]
    [InlineData("actions unsupported: trunc", FlowReason.ProviderRefused, true)]
    public void What_OVS_DOCA_says_itself_is_the_reason(string words, object reason, bool isFault)
    {
        foreach (string extra in (string[])["", ", dp-extra-info:miniflow_bits(8,3)"])
        {
            FlowLine.Read(
                Line(
                    "p0", Ip, "dp:ovs, ",
                    $"ct(commit),recirc(0x3){extra}, dp-offload-info:{words}"), out FlowLine flow);
            Assert.Equal("ct(commit),recirc(0x3)", Encoding.UTF8.GetString(flow.Actions));
            FlowVerdict verdict = FlowDiagnosis.Decide(flow, FlowReasonFacts.None);
            Assert.Equal((reason, ReasonSource.Switch), (verdict.Reason, verdict.Source));
            Assert.Equal(words, Encoding.UTF8.GetString(verdict.Evidence));
            Assert.Equal(isFault, FlowReasons.Of(verdict.Reason).IsFault);
            Assert.DoesNotContain("datapath_type", FlowReasons.Of(verdict.Reason).Change);
        }
    }

    [Fact]
    public void A_recirculation_id_above_the_chains_of_tc_is_named()
    {
        Assert.Equal(
            FlowReason.RecircIdTooLarge, Decide(
                "vf1", $"recirc_id(0x10000000),{Ip}", "dp:ovs, ", "vf2", Dx(null)).Reason);
        Assert.NotEqual(
            FlowReason.RecircIdTooLarge, Decide(
                "vf1", $"recirc_id(0xfffffff),{Ip}", "dp:ovs, ", "vf2", Dx(null)).Reason);
    }

    [Fact]
    public void A_tunnel_to_an_internal_port_needs_a_kernel_that_can()
    {
        FlowReasonFacts facts = Dx(null) with
        {
            LocalAddresses = new ByteKeyed<TunnelEndpoint>(
                [KeyValuePair.Create("192.0.2.2", new TunnelEndpoint("br1", false, true))]),
        };
        const string Encap = "set(tunnel(tun_id=0x5,src=192.0.2.2,dst=192.0.2.9,ttl=64,tp_dst=6081)),genev_sys_6081";
        Assert.Equal(FlowReason.TunnelAddress,
            Decide("vf1", Ip, "dp:tc, ", Encap, facts with { Kernel = new KernelVersion(5, 15) }).Reason);
        Assert.Equal(FlowReason.NicRefused,
            Decide("vf1", Ip, "dp:tc, ", Encap, facts with { Kernel = new KernelVersion(5, 16) }).Reason);
    }

    private static readonly PciAddress First = PciAddress.Parse("0000:3b:00.0");

    private static readonly PciAddress Second = PciAddress.Parse("0000:3b:00.1");

    private static FlowReasonFacts Dx(TcPolicy? policy) =>
        Of(Port("vf1", "15b3:101d", "a"), Port("vf2", "15b3:101d", "a")) with { TcPolicy = policy };

    private static FlowReasonFacts Of(params KeyValuePair<string, FlowPort>[] ports) => new()
    {
        HwOffload = true,
        RecircSharing = true,
        ConntrackOffload = true,
        Ports = new ByteKeyed<FlowPort>(ports),
    };

    private static KeyValuePair<string, FlowPort> Port(
        string name, string nic, string switchId, Func<FlowPort, FlowPort>? change = null)
    {
        var port = new FlowPort
        {
            Name = name,
            Kind = FlowPortKind.Representor,
            Pf = First,
            Nic = NicModels.BuiltIn.Find(PciId.Parse(nic)),
            SwitchId = switchId,
            Switchdev = true,
            HwTcOffload = true,
            Encap = true,
        };
        return KeyValuePair.Create(name, change?.Invoke(port) ?? port);
    }

    private static (FlowReason Reason, ReasonSource Source, string? Words) Decide(
        string port, string key, string state, string actions, FlowReasonFacts facts)
    {
        Assert.Equal(FlowLineKind.Flow, FlowLine.Read(Line(port, key, state, actions), out FlowLine flow));
        FlowVerdict verdict = FlowDiagnosis.Decide(flow, facts);
        return (verdict.Reason, verdict.Source, verdict.Message);
    }

    private static byte[] Line(string port, string key, string state, string actions) => Encoding.UTF8.GetBytes(
        $"ufid:00112233-4455-6677-8899-aabbccddeeff, {key},in_port({port}),eth(), packets:5, bytes:300, used:0.5s, "
        + $"{state}actions:{actions}");
}
