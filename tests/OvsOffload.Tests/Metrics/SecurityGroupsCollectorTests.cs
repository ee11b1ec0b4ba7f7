using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Os;

namespace OvsOffload.Tests.Metrics;

public class SecurityGroupsCollectorTests
{
    [Fact]
    public void Without_a_backend_the_metrics_say_what_ought_to_be() => Assert.Equal(
        ["ovs_offload_security_groups_disabled 1", "ovs_offload_security_groups_info auto,nic_generation, 1"],
        Lines(HostIntent.Observe, SampleHost.ConnectX5()));

    [Fact]
    public void On_a_capable_NIC_security_groups_stay_enabled() => Assert.Equal(
        ["ovs_offload_security_groups_disabled 0", "ovs_offload_security_groups_info auto,nics_able, 1"],
        Lines(HostIntent.Observe, SampleHost.ConnectX6Dx()));

    [Fact]
    public void An_unknown_value_is_omitted_and_never_zero() => Assert.Equal(
        ["ovs_offload_security_groups_info auto,unread, 1"],
        Lines(HostIntent.Observe, SampleHost.ConnectX5().WithUnreadFunctions("no")));

    [Fact]
    public void A_backend_that_differs_is_told_and_one_that_could_not_be_read_has_no_sample()
    {
        var intent = new HostIntent
        {
            SecurityGroups = new SecurityGroupIntent
            {
                Backends = [SecurityGroupBackend.Neutron, SecurityGroupBackend.Cloudpods],
            },
        };
        HostState host = SampleHost.ConnectX5() with
        {
            SecurityGroups = SecurityGroupState.None with
            {
                Neutron = Reading.Known(new AgentFile("/etc/neutron/x.ini", "", null)),
            },
        };

        Assert.Equal(
            [
                "ovs_offload_security_groups_disabled 1",
                "ovs_offload_security_groups_info auto,nic_generation,neutron 1",
                "ovs_offload_security_groups_drift neutron 1",
                "ovs_offload_security_groups_info auto,nic_generation,cloudpods 1",
            ],
            Lines(intent, host));
    }

    private static string[] Lines(HostIntent intent, HostState host) =>
    [
        .. SecurityGroupsCollector.Samples(SecurityGroupFacts.Of(new Observation(intent, host)))
            .Select(sample => string.Join(
                ' ', ((string[])[sample.Family.Name, string.Join(',', sample.Labels), $"{sample.Value}"])
                    .Where(word => word.Length > 0))),
    ];
}
