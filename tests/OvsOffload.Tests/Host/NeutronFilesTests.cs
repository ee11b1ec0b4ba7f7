using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Host;

/// <summary>What Neutron's agent reads, and in which order, as the distributions install it.</summary>
public sealed class NeutronFilesTests : IDisposable
{
    private const string Ini = "/etc/neutron/plugins/ml2/openvswitch_agent.ini";

    private const string On = "[securitygroup]\nenable_security_group = true\nfirewall_driver = openvswitch\n";

    private const string Off = "[securitygroup]\nenable_security_group = false\nfirewall_driver = noop\n";

    private const string RdoUnit =
        "[Service]\nExecStart=/usr/bin/neutron-openvswitch-agent --config-file /usr/share/neutron/neutron-dist.conf "
        + "--config-file /etc/neutron/neutron.conf --config-file /etc/neutron/plugins/ml2/openvswitch_agent.ini "
        + "--config-dir /etc/neutron/conf.d/common --config-dir /etc/neutron/conf.d/neutron-openvswitch-agent "
        + "--log-file /var/log/neutron/openvswitch-agent.log\n";

    private const string DebianUnit =
        "[Service]\nExecStart=/etc/init.d/neutron-openvswitch-agent systemd-start\n";

    private const string UbuntuUnit =
        "[Service]\nExecStart=/usr/bin/neutron-openvswitch-agent --config-file=/etc/neutron/neutron.conf "
        + "--config-file=/etc/neutron/plugins/ml2/openvswitch_agent.ini\n";

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Of_RDO_both_directories_are_read_after_the_ini_in_the_order_of_names()
    {
        _host.File(Ini, On).File("/usr/lib/systemd/system/neutron-openvswitch-agent.service", RdoUnit)
            .File("/etc/neutron/conf.d/neutron-openvswitch-agent/20-b.conf", "b")
            .File("/etc/neutron/conf.d/neutron-openvswitch-agent/10-a.conf", "a")
            .File("/etc/neutron/conf.d/neutron-openvswitch-agent/.hidden.conf", "no")
            .File("/etc/neutron/conf.d/neutron-openvswitch-agent/10-a.conf~", "no")
            .File("/etc/neutron/conf.d/common/99-c.conf", "c")
            .File("/etc/neutron/conf.d/neutron-l3-agent/99.conf", "no");

        Assert.Equal(
            [
                "/etc/neutron/conf.d/common/99-c.conf",
                "/etc/neutron/conf.d/neutron-openvswitch-agent/10-a.conf",
                "/etc/neutron/conf.d/neutron-openvswitch-agent/20-b.conf",
            ],
            (await ReadAsync()).NeutronLater.Value.Select(file => file.Path));
    }

    [Theory]
    [InlineData(DebianUnit)]
    [InlineData(UbuntuUnit)]
    public async Task Of_Debian_and_Ubuntu_nothing_is_read_after_it(string unit)
    {
        _host.File(Ini, On).File("/lib/systemd/system/neutron-openvswitch-agent.service", unit)
            .File("/etc/neutron/conf.d/neutron-openvswitch-agent/10.conf", Off)
            .File("/etc/neutron/neutron.conf.d/10.conf", Off);

        Assert.Empty((await ReadAsync()).NeutronLater.Value);
    }

    [Fact]
    public async Task A_drop_in_that_names_another_file_is_seen()
    {
        _host.File(Ini, On).File("/lib/systemd/system/neutron-openvswitch-agent.service", UbuntuUnit)
            .File("/etc/systemd/system/neutron-openvswitch-agent.service.d/site.conf",
                "[Service]\nExecStart=\n" + UbuntuUnit["[Service]\n".Length..].TrimEnd()
                + " --config-file=/etc/neutron/plugins/ml2/site.ini\n")
            .File("/etc/neutron/plugins/ml2/site.ini", Off);

        Assert.Equal(
            new AgentOverride("/etc/neutron/plugins/ml2/site.ini", Off),
            Assert.Single((await ReadAsync()).NeutronLater.Value));
    }

    [Fact]
    public async Task An_unreadable_directory_is_not_treated_as_empty()
    {
        _host.File(Ini, On).File("/lib/systemd/system/neutron-openvswitch-agent.service",
            UbuntuUnit.TrimEnd() + " --config-dir /opt/site/neutron\n");

        Reading<ImmutableArray<AgentOverride>> later = (await ReadAsync()).NeutronLater;

        Assert.True(later.IsFailed);
        Assert.Contains("/opt/site/neutron", later.Why, StringComparison.Ordinal);
        Assert.Contains("/opt/site/neutron", (await StandingAsync()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_file_that_enables_security_groups_is_drift_and_is_named()
    {
        _host.File(Ini, Off).File("/usr/lib/systemd/system/neutron-openvswitch-agent.service", RdoUnit)
            .File("/etc/neutron/conf.d/common/10.conf", On);

        BackendStatus status = await StandingAsync();

        Assert.Null(status.Action);
        Assert.True(status.HasDrift);
        Assert.Contains("/etc/neutron/conf.d/common/10.conf is read after", status.Problem, StringComparison.Ordinal);
        Assert.Contains("10.conf: enable_security_group=true", status.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_file_wins_and_one_that_agrees_needs_no_change()
    {
        _host.File(Ini, On).File("/usr/lib/systemd/system/neutron-openvswitch-agent.service", RdoUnit)
            .File("/etc/neutron/conf.d/common/10.conf", On)
            .File("/etc/neutron/conf.d/neutron-openvswitch-agent/10.conf", Off);

        BackendStatus status = await StandingAsync();

        Assert.Null(status.Problem);
        Assert.False(status.HasDrift);
    }

    [Fact]
    public async Task A_later_file_with_other_options_does_not_matter()
    {
        _host.File(Ini, On).File("/usr/lib/systemd/system/neutron-openvswitch-agent.service", RdoUnit)
            .File("/etc/neutron/conf.d/common/10.conf", "[ovs]\nenable_security_group = true\n");

        BackendStatus status = await StandingAsync();

        Assert.Equal(Ini, Assert.IsType<SetAgentFile>(status.Action).Path);
        Assert.True(status.HasDrift);
    }

    private Task<SecurityGroupState> ReadAsync() => new SecurityGroupSource(
            _host.Paths, new ProcessRunner(TimeProvider.System))
        .ReadAsync(new SecurityGroupIntent(), TestContext.Current.CancellationToken);

    private async Task<BackendStatus> StandingAsync() => NeutronBackend.Evaluate(
        new SecurityGroupIntent(), SampleHost.ConnectX5() with { SecurityGroups = await ReadAsync() }, off: true);
}
