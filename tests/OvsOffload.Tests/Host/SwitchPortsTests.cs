using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Host;

public class SwitchPortsTests
{
    private static readonly NetDevice Bridge = new() { Index = 6, Name = "br0", Kind = "openvswitch" };
    private static readonly NetDevice Tun = new() { Index = 7, Name = "br0", Kind = "tun" };
    private static readonly NetDevice Nic = new() { Index = 2, Name = "eth0" };

    [Fact]
    public void The_database_tells_bridges_of_one_datapath_apart() => Assert.Equal(
        ["br0", "eth0"],
        (SamplePorts.Of(["br0", "eth0"], ["br1", "eth1"]) with
        {
            Datapaths = SamplePorts.InKernel("ovs-system", "br0", "br1", "eth0", "eth1").Datapaths,
        }).EgressPorts(Bridge).Value.Order().Except(["ovs-system"]));

    [Fact]
    public void A_port_that_only_the_kernel_has_may_belong_to_any_bridge() => Assert.Contains(
        "eth7",
        (SamplePorts.Of(["br0"]) with
        {
            Datapaths = SamplePorts.InKernel("ovs-system", "br0", "eth7").Datapaths,
        }).EgressPorts(Bridge).Value);

    [Fact]
    public void A_bridge_that_the_database_has_no_more_still_forwards_in_the_kernel() => Assert.Contains(
        "eth7",
        (SamplePorts.Of(["br9"]) with
        {
            Datapaths = SamplePorts.InKernel("ovs-system", "br0", "eth7").Datapaths,
        }).EgressPorts(Bridge).Value);

    [Fact]
    public void An_internal_port_that_is_in_no_datapath_is_unknown() =>
        Assert.True(SamplePorts.InKernel("ovs-system", "br1").EgressPorts(Bridge).IsFailed);

    [Fact]
    public void The_database_is_enough_where_the_kernel_does_not_answer() => Assert.Contains(
        "eth0",
        (SamplePorts.Of(["br0", "eth0"]) with
        {
            Datapaths = Reading.Failed<ImmutableArray<KernelDatapath>>("EPERM"),
        }).EgressPorts(Bridge).Value);

    [Fact]
    public void A_tun_device_is_no_port_while_no_daemon_runs() =>
        Assert.Empty(SamplePorts.InKernel().EgressPorts(Tun).Value);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tun_device_may_be_a_port_while_the_daemon_runs_or_its_state_is_unknown(bool runs)
    {
        SwitchPorts ports = SamplePorts.InKernel() with
        {
            DaemonRuns = runs ? Reading.Known(true) : Reading.Failed<bool>("a PID namespace of its own"),
        };

        Assert.True(ports.EgressPorts(Tun).IsFailed);
        Assert.Contains(
            runs ? "ovs-vswitchd runs"
                : "a PID namespace of its own", ports.EgressPorts(Tun).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tun_device_that_the_database_does_not_have_is_no_port() => Assert.Empty(
        (SamplePorts.Of(["br1", "eth0"]) with { DaemonRuns = Reading.Known(true) }).EgressPorts(Tun).Value);

    [Fact]
    public void Either_source_tells_whether_a_NIC_is_a_port()
    {
        Assert.True(SamplePorts.Of(["br0", "eth0"]).Has(Nic).Value);
        Assert.True(SamplePorts.InKernel("ovs-system", "eth0").Has(Nic).Value);
        Assert.False(SamplePorts.Of(["br0"]).Has(Nic).Value);
        Assert.False(SamplePorts.InKernel("ovs-system").Has(Nic).Value);
        Assert.False(SwitchPorts.None.Has(Nic).Value);
    }

    [Fact]
    public void Whether_a_NIC_is_a_port_of_a_datapath_in_user_space_only_the_database_tells()
    {
        Assert.True((SamplePorts.InKernel() with { DaemonRuns = Reading.Known(true) }).Has(Nic).IsFailed);
        Assert.True((SamplePorts.InKernel() with
        {
            Datapaths = Reading.Failed<ImmutableArray<KernelDatapath>>("EPERM"),
        }).Has(Nic).IsFailed);
    }
}
