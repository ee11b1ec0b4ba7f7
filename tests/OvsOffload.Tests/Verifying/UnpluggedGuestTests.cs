using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Verifying;
using static OvsOffload.Tests.Verifying.FaultyParts;

namespace OvsOffload.Tests.Verifying;

/// <summary>A guest's VF needs its representor in a bridge.</summary>
public class UnpluggedGuestTests
{
    private const int Guest = 1;

    private static readonly HostIntent SomebodyElsePlugs = SampleIntent.Switchdev(2);

    [Theory]
    [InlineData(nameof(HolderKind.Vfio))]
    [InlineData(nameof(HolderKind.NetworkNamespace))]
    public void A_guest_whose_representor_is_in_no_bridge_is_an_error_whoever_plugs(string kind)
    {
        HostState host = Unplugged().WithHolder(Guest, Enum.Parse<HolderKind>(kind), "qemu (pid 7) has it");

        foreach (HostIntent intent in (HostIntent[])[HostIntent.Observe, SomebodyElsePlugs])
        {
            VerifyReport report = Examined.Of(host, intent);

            Finding found = Assert.Single(report.Findings, finding => finding.Status >= FindingStatus.Warning);
            Assert.Equal(
                ("N12", FindingStatus.Error, "0000:3b:00.0 vf1"), (found.Check.Id, found.Status, found.Object));
            Assert.Contains("no port of that name; qemu (pid 7) has it", found.Evidence);
            Assert.Contains($"ovs-vsctl add-port BRIDGE {SampleHost.RepresentorName(Guest)}", found.Fix);
        }
    }

    [Fact]
    public void An_agent_that_forgot_a_guest_s_representor_is_an_error_too()
    {
        HostState host = Unplugged().WithHolder(Guest, HolderKind.Vfio, "qemu (pid 7) has it")
            .WithInterface(SampleHost.RepresentorName(0), row => row with
            {
                ExternalIds = new Dictionary<string, string> { ["iface-id"] = "5f3c" },
            });

        Assert.Contains(
            Examined.One("N12", host, SomebodyElsePlugs), finding => finding.Status == FindingStatus.Error);
    }

    [Fact]
    public void A_representor_that_is_used_otherwise_or_by_nobody_is_no_fault()
    {
        HostState held = Unplugged().WithHolder(Guest, HolderKind.Vfio, "qemu (pid 7) has it");
        HostState[] hosts =
        [
            Unplugged(),
            Unplugged().WithHolder(Guest, HolderKind.Host, "the host has an address on it"),
            Healthy.WithHolder(Guest, HolderKind.Vfio, "qemu (pid 7) has it"),
            held.WithRepresentor(Guest, device => device with { Master = 77 }),
            held.WithRepresentor(Guest, device => device with
            {
                Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.33"), 24)],
            }),
        ];

        Assert.All(hosts, host => Assert.DoesNotContain(
            Examined.One("N12", host, SomebodyElsePlugs), finding => finding.Status > FindingStatus.Ok));
    }

    [Fact]
    public void Where_DPDK_has_ports_nobody_can_tell_which_representors_are_in_a_bridge()
    {
        OvsPort plain = SampleHost.PortOf("rep3", "dpdk");
        OvsPort port = plain with
        {
            Interfaces =
            [
                plain.Interfaces[0] with
                {
                    Options = new Dictionary<string, string>
                    {
                        ["dpdk-devargs"] = "0000:3b:00.0,representor=[1]",
                    },
                },
            ],
        };
        HostState host = Unplugged().WithHolder(Guest, HolderKind.Vfio, "qemu (pid 7) has it")
            .WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { Ports = [.. bridge.Ports, port] })],
            });

        Assert.DoesNotContain(
            Examined.One("N12", host, SomebodyElsePlugs), finding => finding.Status > FindingStatus.Ok);
    }

    private static HostState Unplugged() => Healthy.WithBridges(
        SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink, SampleHost.RepresentorName(0)));
}
