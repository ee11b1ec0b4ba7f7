using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Verifying;
using static OvsOffload.Tests.Verifying.FaultyParts;

namespace OvsOffload.Tests.Verifying;

/// <summary>Guests that use a tunnel need room for its headers on the way out.</summary>
public class TunnelRoomTests
{
    private const int Guest = 1;

    private static readonly HostIntent SomebodyElsePlugs = SampleIntent.Switchdev(2);

    [Theory]
    [InlineData(1549, 1500, true)]
    [InlineData(1550, 1500, false)]
    [InlineData(1500, 1450, false)]
    [InlineData(1500, 1451, true)]
    public void Where_a_tunnel_carries_guests_full_packets_must_fit_with_its_headers(
        int uplink, int guests, bool isError)
    {
        HostState host = WithMtu(WithTunnel(Healthy), uplink, guests);

        VerifyReport report = Examined.Of(host, SomebodyElsePlugs);

        Assert.Equal((string[])(isError ? ["N20"] : []), report.Findings
            .Where(finding => finding.Status >= FindingStatus.Info).Select(finding => finding.Check.Id));
        if (isError)
        {
            Finding found = Assert.Single(report.Findings, finding => finding.Status == FindingStatus.Error);
            Assert.Contains($"{SampleHost.Uplink} mtu {uplink}; tunnel vxlan0 adds 50 bytes", found.Evidence);
            Assert.Contains("TCP connections stall", found.Cause);
            Assert.Contains($"mtu_request={uplink - 50}", found.Fix);
        }
    }

    [Theory]
    [InlineData("vxlan", "192.0.2.20", false, 50)]
    [InlineData("vxlan", "2001:db8::20", false, 70)]
    [InlineData("geneve", "192.0.2.20", false, 50)]
    [InlineData("geneve", "192.0.2.20", true, 58)]
    [InlineData("gre", "192.0.2.20", false, 38)]
    public void A_tunnel_adds_the_bytes_of_its_headers(string type, string remote, bool ovn, int bytes)
    {
        OvsInterface row = SampleHost.PortOf("tun0", type).Interfaces[0] with
        {
            Options = new Dictionary<string, string> { ["remote_ip"] = remote },
        };
        HostState host = !ovn ? Healthy : Healthy.WithDatabase(database => database with
        {
            ExternalIds = new Dictionary<string, string> { ["ovn-remote"] = "tcp:192.0.2.1:6642" },
        });

        Assert.Equal(bytes, Tunnels.Overhead(row, host));
    }

    [Fact]
    public void Of_the_way_out_the_device_with_the_tunnel_s_address_counts()
    {
        HostState host = WithMtu(WithTunnel(Healthy, "192.0.2.77"), 9000, 1500).WithDevices(devices =>
        [
            .. devices, new NetDevice
            {
                Index = 60,
                Name = "bond0.77",
                Kind = "vlan",
                Lower = 2,
                Up = true,
                Mtu = 1500,
                Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.77"), 24)],
            },
        ]);

        Finding found = Assert.Single(Examined.One("N20", host, SomebodyElsePlugs));

        Assert.Equal(FindingStatus.Error, found.Status);
        Assert.Contains("exceed the MTU of bond0.77", found.Title);
    }

    [Fact]
    public void OVN_s_tunnels_have_the_address_that_OVN_gives_to_all()
    {
        HostState host = WithMtu(WithTunnel(Healthy), 1500, 1500).WithDatabase(database => database with
        {
            ExternalIds = new Dictionary<string, string> { ["ovn-encap-ip"] = "192.0.2.10" },
        }).WithInterface("vxlan0", row => row with { Options = new Dictionary<string, string>() });

        Assert.Equal(FindingStatus.Error, Assert.Single(Examined.One("N20", host, SomebodyElsePlugs)).Status);
    }

    [Fact]
    public void A_tunnel_in_a_bridge_behind_patch_ports_carries_guests_too()
    {
        HostState host = WithMtu(ApartWithTunnel(patched: true), 1500, 1500);

        Assert.Equal(FindingStatus.Error, Assert.Single(Examined.One("N20", host, SomebodyElsePlugs)).Status);
    }

    [Fact]
    public void A_tunnel_that_no_guest_uses_or_whose_way_nobody_knows_is_info()
    {
        HostState[] hosts =
        [
            WithMtu(ApartWithTunnel(patched: false), 1500, 1500),
            WithMtu(WithTunnel(Healthy), 1500, 1500).WithInterface(
                "vxlan0", row => row with { Options = new Dictionary<string, string>() }),
        ];

        Assert.All(hosts, host => Assert.Equal(
            FindingStatus.Info, Assert.Single(Examined.One("N20", host, SomebodyElsePlugs)).Status));
    }

    [Fact]
    public void A_database_that_could_not_be_read_may_have_a_tunnel()
    {
        HostState host = Healthy.WithSwitch(state => state with
        {
            Database = Reading.Failed<OpenVSwitchDatabase>("no reply within 10 s"),
        });

        Finding found = Assert.Single(Examined.One("N20", host, SomebodyElsePlugs));

        Assert.Equal(FindingStatus.Skipped, found.Status);
        Assert.Contains("no reply within 10 s", found.Evidence);
    }

    [Fact]
    public void A_VF_that_the_host_itself_uses_counts_with_its_own_MTU()
    {
        HostState host = WithMtu(WithTunnel(Healthy), 1500, 1450)
            .WithHolder(Guest, HolderKind.Host, "the host has an address on it")
            .WithDevices(devices =>
                [.. devices, new NetDevice { Index = 61, Name = "enp59s0f0v1", Up = true, Mtu = 1500 }]);

        Finding found = Assert.Single(Examined.One("N20", host, SomebodyElsePlugs));

        Assert.Equal(FindingStatus.Error, found.Status);
        Assert.Contains("enp59s0f0v1 mtu 1500", found.Evidence);
    }

    private static HostState WithMtu(HostState host, int uplink, int guests) => host
        .WithDevice(SampleHost.Uplink, device => device with { Mtu = uplink })
        .WithRepresentor(0, device => device with { Mtu = guests })
        .WithRepresentor(1, device => device with { Mtu = guests });

    /// <summary>The tunnel is in a bridge of its own.</summary>
    private static HostState ApartWithTunnel(bool patched)
    {
        HostState host = WithTunnel(Healthy);
        OvsBridge both = host.OpenVSwitch.Database.Value.Bridges[0];
        OvsPort tunnel = both.Ports[^1];
        return host.WithBridges(
            both with { Ports = [.. both.Ports.SkipLast(1), .. patched ? [PatchTo("a", "b")] : (OvsPort[])[]] },
            SampleHost.BridgeOf("br-tun") with { Ports = [tunnel, .. patched ? [PatchTo("b", "a")] : (OvsPort[])[]] });
    }

    private static OvsPort PatchTo(string name, string peer)
    {
        OvsPort plain = SampleHost.PortOf(name, "patch");
        var options = new Dictionary<string, string> { ["peer"] = peer };
        return plain with { Interfaces = [plain.Interfaces[0] with { Options = options }] };
    }
}
