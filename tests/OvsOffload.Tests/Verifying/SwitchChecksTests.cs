using System.Collections.Immutable;
using System.Net;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Verifying;
using static OvsOffload.Tests.Verifying.FaultyParts;

namespace OvsOffload.Tests.Verifying;

/// <summary>Checks of Open vSwitch whose answer lies in more than one fact.</summary>
public class SwitchChecksTests
{
    [Theory]
    [InlineData(0, 4, 0, 4, 0, nameof(FindingStatus.Skipped))]
    [InlineData(0, 4, 3, 4, 3, nameof(FindingStatus.Skipped))]
    [InlineData(0, 5, 0, 4, 0, nameof(FindingStatus.Error))]
    [InlineData(0, 4, 3, 4, 2, nameof(FindingStatus.Warning))]
    [InlineData(3, 9, 9, 9, 9, nameof(FindingStatus.Ok))]
    [InlineData(3, 9, 9, 7, 9, nameof(FindingStatus.Info))]
    public void The_host_s_own_traffic_is_no_flow_that_the_NIC_rejected(
        long offloaded, long inTc, long inSoftware, long ownInTc, long ownInSoftware, string expected)
    {
        var flows = new DatapathFlows(
            "system@ovs-system",
            new FlowCounts(offloaded, 0, inTc, inSoftware, 0),
            new Dictionary<string, FlowCounts>(),
            false)
        {
            Expected = new FlowCounts(0, 0, ownInTc, ownInSoftware, 0),
        };
        Observation input = Observed(Healthy, Reading.Known<ImmutableArray<DatapathFlows>>([flows]));

        Finding finding = Assert.Single(Checks.Find("O05")!.Examine(input));

        Assert.Equal(expected, finding.Status.ToString());
        Assert.Contains($"{ownInTc + ownInSoftware} of them cannot be offloaded", finding.Evidence);
    }

    [Theory]
    [InlineData("15b3:101d", "6.1.0-56-amd64", nameof(FindingStatus.Ok), "which this NIC and kernel support")]
    [InlineData("15b3:101d", "5.15.0-130-generic", nameof(FindingStatus.Error), "uname -r: 5.15.0-130-generic")]
    [InlineData("15b3:101d", "5.14.0-503.el9.x86_64", nameof(FindingStatus.Skipped), "is not known")]
    [InlineData("15b3:1017", "6.1.0-56-amd64", nameof(FindingStatus.Error), "this NIC generation cannot offload")]
    public void A_tunnel_s_address_on_an_internal_port_needs_a_NIC_and_a_kernel(
        string nic, string release, string expected, string words)
    {
        HostState host = OnInternalPort(nic, release);

        Finding finding = Assert.Single(Examined.One("O15", host));

        Assert.Equal(expected, finding.Status.ToString());
        Assert.Contains(words, $"{finding.Evidence}; {finding.Cause}");
    }

    [Theory]
    [InlineData("15b3:101d", "5.15.0-130-generic", nameof(FindingStatus.Warning))]
    [InlineData("15b3:101d", "5.16.0", nameof(FindingStatus.Ok))]
    [InlineData("15b3:1017", "5.15.0-130-generic", nameof(FindingStatus.Ok))]
    public void A_kernel_is_too_old_for_a_tunnel_on_an_internal_port_where_the_NIC_could(
        string nic, string release, string expected) => Assert.Equal(
        expected, Assert.Single(Examined.One("P12", OnInternalPort(nic, release))).Status.ToString());

    [Fact]
    public void A_kernel_without_police_mtu_is_too_old_where_rules_check_the_length_of_packets()
    {
        HostState host =
            Healthy.WithKernelFacts(facts => facts with { Release = KernelRelease.Parse("6.1.0-56-amd64") });

        Finding checking = Assert.Single(Examined.One("P12", host, lengthChecks: 2));
        Finding without = Assert.Single(Examined.One("P12", host));

        Assert.Equal((FindingStatus.Warning, FindingStatus.Ok), (checking.Status, without.Status));
        Assert.Contains("police mtu) since 6.3", checking.Evidence);
    }

    [Theory]
    [InlineData("6.8.0-45-generic", "it goes into hardware here")]
    [InlineData("5.15.0-130-generic", "it cannot be offloaded here")]
    [InlineData("5.14.0-503.el9.x86_64", "whether it can be offloaded here is not known")]
    public void Whether_checks_of_the_length_are_offloaded_is_not_guessed_from_a_kernel_that_backports(
        string release, string cause)
    {
        HostState host = Healthy.WithKernelFacts(facts => facts with { Release = KernelRelease.Parse(release) });

        Assert.StartsWith(cause, Assert.Single(Examined.One("O43", host, lengthChecks: 2)).Cause);
    }

    [Fact]
    public void What_may_use_a_feature_and_was_not_read_leaves_the_kernel_unjudged()
    {
        HostState old = Healthy.WithKernelFacts(facts => facts with { Release = KernelRelease.Parse("5.15.0") });
        var unread = new Observation(HostIntent.Observe, old)
        {
            OpenFlow = Reading.Failed<ImmutableArray<ConntrackRules>>("no reply"),
        };
        Observation[] inputs =
        [
            unread,
            Observed(
                old.WithSwitch(state => state with { Database = Reading.Failed<OpenVSwitchDatabase>("no reply") }),
                Reading.Known(ImmutableArray<DatapathFlows>.Empty)),
        ];

        Assert.All(inputs, input =>
        {
            Finding finding = Assert.Single(Checks.Find("P12")!.Examine(input));
            Assert.Equal((FindingStatus.Skipped, true), (finding.Status, finding.Evidence.Contains("no reply")));
        });
    }

    [Theory]
    [InlineData("3.3.9", "upgrade Open vSwitch to 3.3.10 or 4.0", "reads only 16 actions")]
    [InlineData("3.7.1-1.fc43", "upgrade Open vSwitch to 3.7.2 or 4.0", "reads only 16 actions")]
    [InlineData("2.17.9", "upgrade Open vSwitch to 3.3.10, 3.4.7, 3.5.5, 3.6.4, 3.7.2 or 4.0", "reads only 16 actions")]
    [InlineData("3.5.5", "vlog/set tc:file:dbg", "keeps another rule")]
    [InlineData("4.0.0", "vlog/set tc:file:dbg", "keeps another rule")]
    public void Whether_a_mismatch_of_flows_is_false_lies_in_the_version(string version, string fix, string cause)
    {
        HostState host = FaultyHosts.ByCheck["O44"].Host
            .WithSwitch(state => state with { Daemon = Reading.Known(version) });

        Finding finding = Assert.Single(Examined.One("O44", host));

        Assert.Equal(FindingStatus.Warning, finding.Status);
        Assert.Contains(fix, finding.Fix);
        Assert.Contains(cause, finding.Cause);
    }

    [Fact]
    public void A_mismatch_of_flows_in_an_unknown_version_may_be_false_or_true()
    {
        HostState host = FaultyHosts.ByCheck["O44"].Host
            .WithSwitch(state => state with { Daemon = Reading.Failed<string>("no reply") })
            .WithDatabase(database => database with { OvsVersion = null });

        Assert.Contains(", or Open vSwitch misreads", Assert.Single(Examined.One("O44", host)).Cause);
    }

    private static Observation Observed(HostState host, Reading<ImmutableArray<DatapathFlows>> flows) =>
        new(HostIntent.Observe, host) { Flows = flows };

    /// <summary>A tunnel whose address is on the bridge's own port.</summary>
    private static HostState OnInternalPort(string nic, string release) => WithTunnel(
        (nic == "15b3:1017" ? SampleHost.ConnectX5() : Healthy)
            .WithKernelFacts(facts => facts with { Release = KernelRelease.Parse(release) })
            .WithDevices(devices =>
            [
                .. devices, new NetDevice
                {
                    Index = 41,
                    Name = SampleHost.Bridge,
                    Kind = "openvswitch",
                    Up = true,
                    Mtu = 1600,
                    Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.9"), 24)],
                },
            ]),
        "192.0.2.9");
}
