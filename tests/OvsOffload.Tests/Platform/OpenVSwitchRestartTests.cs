using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class OpenVSwitchRestartTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("/usr/lib/systemd/system/openvswitch-switch.service", "openvswitch-switch.service")]
    [InlineData("/lib/systemd/system/openvswitch.service", "openvswitch.service")]
    [InlineData("/etc/systemd/system/ovs-vswitchd.service", "ovs-vswitchd.service")]
    public void The_unit_that_is_there_is_restarted_by_its_reload_if_it_has_one(string file, string unit)
    {
        _host.Dir("/run/systemd/system").File(file, "[Service]\n");

        Assert.Equal(["systemctl", "reload-or-restart", unit], Command().Value);
    }

    [Fact]
    public void The_distributions_unit_goes_before_the_daemons_own()
    {
        _host.Dir("/run/systemd/system").File("/lib/systemd/system/ovs-vswitchd.service", "")
            .File("/lib/systemd/system/openvswitch-switch.service", "");

        Assert.Equal("openvswitch-switch.service", Command().Value[^1]);
    }

    [Fact]
    public void A_masked_unit_is_not_there()
    {
        _host.Dir("/run/systemd/system").File("/lib/systemd/system/openvswitch-switch.service", "")
            .Link("/etc/systemd/system/openvswitch-switch.service", "/dev/null")
            .File("/lib/systemd/system/ovs-vswitchd.service", "");

        Assert.Equal("ovs-vswitchd.service", Command().Value[^1]);
    }

    [Fact]
    public void Without_systemd_the_control_script_is_taken_though_units_are_installed()
    {
        _host.File("/lib/systemd/system/openvswitch-switch.service", "")
            .File(OpenVSwitchRestart.ControlScript, "#!/bin/sh\n");

        Assert.Equal([OpenVSwitchRestart.ControlScript, "--no-ovsdb-server", "restart"], Command().Value);
    }

    [Fact]
    public void A_host_with_nothing_says_what_was_looked_for_and_what_to_set()
    {
        Reading<IReadOnlyList<string>> command = Command();

        Assert.True(command.IsAbsent);
        Assert.Contains("ovs-ctl", command.Why);
        Assert.Contains("openvswitch.restart-command", command.Why);
    }

    [Fact]
    public void The_operators_own_command_wins()
    {
        _host.Dir("/run/systemd/system").File("/lib/systemd/system/openvswitch-switch.service", "");

        Assert.Equal(["docker", "restart", "ovs"], Command("docker", "restart", "ovs").Value);
    }

    private Reading<IReadOnlyList<string>> Command(params string[] configured) =>
        OpenVSwitchRestart.Command(ServiceFacts.Read(_host.Paths), configured);
}
