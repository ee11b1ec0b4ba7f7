using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public class SecurityGroupChecksTests
{
    [Theory]
    [InlineData("15b3:1017", nameof(SecurityGroupPolicy.Auto), nameof(FindingStatus.Warning))]
    [InlineData("15b3:1017", nameof(SecurityGroupPolicy.Keep), nameof(FindingStatus.Info))]
    [InlineData("15b3:101d", nameof(SecurityGroupPolicy.Auto), nameof(FindingStatus.Ok))]
    [InlineData("15b3:101d", nameof(SecurityGroupPolicy.Disable), nameof(FindingStatus.Warning))]
    public void Flows_with_conntrack_are_a_fault_where_security_groups_are_to_be_off(
        string id, string policy, string status)
    {
        HostState host = id == "15b3:1017" ? SampleHost.ConnectX5() : SampleHost.ConnectX6Dx();
        var intent = new HostIntent
        {
            SecurityGroups = new SecurityGroupIntent { Policy = Enum.Parse<SecurityGroupPolicy>(policy) },
        };

        Finding finding = Assert.Single(Examined.One("O28", host, intent, conntrack: 3));

        Assert.Equal(Enum.Parse<FindingStatus>(status), finding.Status);
    }

    [Fact]
    public void OpenFlow_rules_with_conntrack_are_told_with_the_ports_behind_them()
    {
        HostState host = SampleHost.ConnectX5()
            .WithInterface(SampleHost.RepresentorName(0), row => row with { OfPort = 17 });
        var input = new Observation(HostIntent.Observe, host)
        {
            Flows = Examined.Flows(new FlowCounts(10, 0, 0, 0, 0)),
            OpenFlow = Reading.Known<ImmutableArray<ConntrackRules>>(
                [new ConntrackRules(SampleHost.Bridge, 5, [0, 1], ["17", "99"]), new ConntrackRules("br0", 0, [], [])]),
        };

        Finding finding = Assert.Single(Checks.Find("O28")!.Examine(input));

        Assert.Equal(FindingStatus.Warning, finding.Status);
        Assert.Contains($"5 rules with ct in table 0, 1, of {SampleHost.RepresentorName(0)}, port "
            + "99", finding.Evidence);
    }

    [Fact]
    public void Flows_that_were_not_counted_are_skipped_and_never_ok()
    {
        var input = new Observation(HostIntent.Observe, SampleHost.ConnectX5())
        {
            Flows = Reading.Failed<ImmutableArray<DatapathFlows>>("timeout"),
        };

        Finding finding = Assert.Single(Checks.Find("O28")!.Examine(input));

        Assert.Equal(FindingStatus.Skipped, finding.Status);
        Assert.Contains("timeout", finding.Evidence);
    }

    [Fact]
    public void Without_a_backend_what_ought_to_be_is_info()
    {
        Finding finding = Assert.Single(Examined.One("O36", SampleHost.ConnectX5(), HostIntent.Observe));

        Assert.Equal(FindingStatus.Info, finding.Status);
        Assert.Contains("ConnectX-5", finding.Cause);
    }

    [Fact]
    public void An_ifb_beside_a_representor_is_found_and_one_of_another_port_is_not()
    {
        HostState host = SampleHost.ConnectX6Dx().WithDevices(devices =>
        [
            .. devices,
            new NetDevice { Index = 70, Name = $"r{SampleHost.RepresentorName(1)}", Kind = "ifb", HardwareType = 1 },
            new NetDevice { Index = 71, Name = "rtap0", Kind = "ifb", HardwareType = 1 },
        ]);

        Finding finding = Assert.Single(Examined.One("O37", host, HostIntent.Observe));

        Assert.Equal($"{SampleHost.Pf} vf1", finding.Object);
        Assert.Contains("is the ifb of this port", finding.Evidence);
    }

    [Fact]
    public void A_file_of_Neutron_that_overrides_the_one_that_is_written_is_drift_and_named()
    {
        HostState host = SampleHost.ConnectX5() with
        {
            SecurityGroups = new SecurityGroupState
            {
                Neutron = Reading.Known(new AgentFile("/etc/x.ini", "[securitygroup]\n", null)),
                NeutronLater = Reading.Known<ImmutableArray<AgentOverride>>(
                    [new AgentOverride(
                        "/etc/neutron/conf.d/common/1.conf", "[securitygroup]\nfirewall_driver = openvswitch\n")]),
            },
        };
        var intent = new HostIntent
        {
            SecurityGroups = new SecurityGroupIntent { Backends = [SecurityGroupBackend.Neutron] },
        };

        Finding finding = Assert.Single(Examined.One("O36", host, intent));

        Assert.Equal(FindingStatus.Warning, finding.Status);
        Assert.Contains("/etc/neutron/conf.d/common/1.conf", finding.Fix, StringComparison.Ordinal);
    }
}
