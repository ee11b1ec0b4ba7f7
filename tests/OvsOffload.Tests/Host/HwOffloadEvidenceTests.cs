using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Tests.Host;

public class HwOffloadEvidenceTests
{
    private static readonly HostState Host = SampleHost.ConnectX6Dx(1);
    private static readonly Reading<OffloadShow?> NotThere = Reading.Absent<OffloadShow?>("no such command");

    [Theory]
    [InlineData(true, "dpif/offload/show: Globally enabled: true")]
    [InlineData(false, "dpif/offload/show: Globally enabled: false")]
    public void The_daemon_s_own_report_takes_precedence(bool enabled, string evidence)
    {
        var shown =
            Reading.Known<OffloadShow?>(new OffloadShow { Enabled = enabled, Datapaths = [] });

        HwOffloadEffect effect = Judge(Host, shown, enabled ? [] : [2]).Value;

        Assert.Equal((enabled, evidence), (effect.IsActive, effect.Evidence));
    }

    [Fact]
    public void An_ingress_qdisc_on_a_port_shows_that_it_is_in_force() => Assert.Equal(
        (true, $"ingress qdisc on {SampleHost.RepresentorName(0)}"),
        (Judge(Host, NotThere, [10]).Value.IsActive, Judge(Host, NotThere, [10]).Value.Evidence));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_port_without_an_ingress_qdisc_among_others_is_named(bool told)
    {
        Reading<OffloadShow?> shown =
            told ? Reading.Known<OffloadShow?>(new OffloadShow { Enabled = true, Datapaths = [] }) : NotThere;

        Assert.Equal([SampleHost.Uplink], Judge(Host, shown, [10]).Value.PortsWithoutQdisc.Value);
        Assert.Empty(Judge(Host, shown, [2, 10]).Value.PortsWithoutQdisc.Value);
    }

    [Fact]
    public void Ports_without_an_ingress_qdisc_show_that_it_is_not() =>
        Assert.False(Judge(Host, NotThere, [1, 99]).Value.IsActive);

    [Fact]
    public void A_switch_without_ports_shows_nothing() => Assert.True(
        Judge(Host.WithBridges(SampleHost.BridgeOf("br1")), NotThere, [2]).IsAbsent);

    [Fact]
    public void Ports_that_the_daemon_could_not_add_or_has_not_seen_show_nothing()
    {
        HostState host = Host
            .WithInterface(SampleHost.Uplink, row => row with { OfPort = -1 })
            .WithInterface(SampleHost.RepresentorName(0), row => row with { OfPort = null });

        Assert.True(Judge(host, NotThere, [2, 10]).IsAbsent);
    }

    [Fact]
    public void Ports_of_a_userspace_datapath_show_nothing()
    {
        OvsBridge bridge = Host.OpenVSwitch.Database.Value.Bridges[0];

        Assert.True(Judge(Host.WithBridges(bridge with { DatapathType = "netdev" }), NotThere, [2]).IsAbsent);
        Assert.True(Judge(Host.WithBridges(bridge with { DatapathType = "system" }), NotThere, [2]).IsKnown);
    }

    [Fact]
    public void A_tunnel_port_shows_nothing() => Assert.True(Judge(
        Host.WithBridges(SampleHost.BridgeOf("br1") with
        {
            Ports = [SampleHost.PortOf(SampleHost.Uplink, "vxlan")],
        }), NotThere, [2]).IsAbsent);

    [Fact]
    public void A_daemon_that_does_not_answer_makes_it_unknown()
    {
        HostState host = Host.WithSwitch(state => state with { Daemon = Reading.Failed<string>("connection refused") });

        Assert.Equal((true, "connection refused"), Failed(Judge(host, NotThere, [2])));
    }

    [Fact]
    public void Whatever_is_unread_makes_it_unknown_and_says_why()
    {
        Assert.Equal((true, "no db.sock"), Failed(Judge(
            Host.WithSwitch(state => state with { Database = Reading.Absent<OpenVSwitchDatabase>("no db.sock") }),
            NotThere, [])));
        Assert.Equal((true, "no links"), Failed(Judge(
            Host with { Devices = Reading.Failed<ImmutableArray<NetDevice>>("no links") }, NotThere, [])));
        Assert.Equal((true, "no qdiscs"), Failed(HwOffloadEvidence.Of(
            Host.OpenVSwitch.Database, Host.OpenVSwitch.Daemon, NotThere, Host.Devices,
            Reading.Failed<IReadOnlyList<IngressQdisc>>("no qdiscs"))));
    }

    [Fact]
    public void Qdiscs_that_are_unread_are_no_qdiscs_in_place_though_the_daemon_tells_that_it_offloads()
    {
        Reading<HwOffloadEffect> effect = HwOffloadEvidence.Of(
            Host.OpenVSwitch.Database, Host.OpenVSwitch.Daemon,
            Reading.Known<OffloadShow?>(new OffloadShow { Enabled = true, Datapaths = [] }), Host.Devices,
            Reading.Failed<IReadOnlyList<IngressQdisc>>("no qdiscs"));

        Assert.True(effect.Value.IsActive);
        Assert.Equal("no qdiscs", effect.Value.PortsWithoutQdisc.Why);
    }

    private static (bool, string) Failed(Reading<HwOffloadEffect> reading) => (reading.IsFailed, reading.Why);

    private static Reading<HwOffloadEffect> Judge(HostState host, Reading<OffloadShow?> shown, int[] qdiscs) =>
        HwOffloadEvidence.Of(
            host.OpenVSwitch.Database, host.OpenVSwitch.Daemon, shown, host.Devices,
            Reading.Known<IReadOnlyList<IngressQdisc>>(
                [.. qdiscs.Select(index => new IngressQdisc(index, "ingress", null, null))]));
}
