namespace OvsOffload.LabTests.Scenarios;

/// <summary>Wrong configurations and broken sockets: one clear error each, and nothing changed.</summary>
[Collection(OnServiceMachine.Name)]
public sealed class BadInputTests(ServiceMachine machine) : ProgramScenario(machine)
{
    [Theory]
    [InlineData("unknown key", "mode: switchdev", "mdoe: switchdev", 2, "config.yaml:4:", "mode")]
    [InlineData("wrong type", "vfs: 4", "vfs: many", 2, "config.yaml:5:", "vfs")]
    [InlineData("absent PF", "0000:01:00.0", "0000:7f:00.0", 2, "config.yaml:3:", "no such physical function")]
    [InlineData("above the limit", "vfs: 4", "vfs: 99", 2, "config.yaml:5:", "sriov_totalvfs")]
    public async Task A_wrong_configuration_is_one_error_with_its_place(
        string what, string right, string wrong, int status, string place, string words)
    {
        await ConfigureAsync(NicOnly().Replace(right, wrong));
        string before = await HostAsync();

        LabResult result = await ProgramAsync("apply --yes");

        Assert.True(result.ExitCode == status, $"{what}\n{result}");
        string error = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(place, error);
        Assert.Contains(words, error);
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task A_VF_is_no_PF()
    {
        await ConfigureAsync(NicOnly());
        await RunAsync("echo 2 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs; "
            + "sed -i \"s/0000:01:00.0/$(basename \"$(vf_path 0 1)\")/\" /etc/ovs-offload/config.yaml");
        string before = await HostAsync();

        LabResult result = await ProgramAsync(2, "apply --yes");

        Assert.Contains("this is VF 1 of 0000:01:00.0", result.Errors);
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    [Nic("ib_ports=1")]
    public async Task An_InfiniBand_port_is_told_as_such()
    {
        await ConfigureAsync(NicOnly());

        LabResult result = await ProgramAsync(2, "apply --yes");

        Assert.Contains("the port is InfiniBand", result.Errors);
        Assert.Contains("LINK_TYPE_P1=2", result.Errors);
    }

    [Fact]
    public async Task The_same_PF_under_two_names_is_told_with_both_places()
    {
        await ConfigureAsync(NicOnly());
        await RunAsync($"printf '\\n  - pf: %s\\n    mode: switchdev\\n' \"$(uplink 0)\" >> {Config}");

        LabResult result = await ProgramAsync(2, "apply --yes");

        Assert.Contains("already named at /etc/ovs-offload/config.yaml:3:", result.Errors);
    }

    [Fact]
    public async Task A_bridge_on_a_PF_that_stays_in_legacy_mode_is_refused()
    {
        await ConfigureAsync(Wanted().Replace("mode: switchdev", "mode: legacy"));
        await RunAsync("start_openvswitch hw-offload=false");
        string before = await HostAsync();

        LabResult result = await ProgramAsync(2, "apply --yes");

        Assert.Contains("is not in switchdev mode", result.Errors);
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task All_representors_are_not_plugged_where_an_agent_is_in_charge()
    {
        await ConfigureAsync(Wanted());
        await RunAsync(
            "start_openvswitch hw-offload=false; "
                + "ovs-vsctl set Open_vSwitch . external_ids:ovn-remote=tcp:192.0.2.1:6642");

        LabResult result = await ProgramAsync(6, "apply --yes");

        Assert.Contains("OVN (ovn-remote=tcp:192.0.2.1:6642)", result.Errors);
        await RunAsync(
            "[ -z \"$(ovs-vsctl list-br)\" ]; devlink dev eswitch show pci/0000:01:00.0 | grep -q 'mode switchdev'");
    }

    [Theory]
    [InlineData("absent", null, "no socket")]
    [InlineData("hangs", "sleep 3600", "no reply within 10 s")]
    [InlineData("garbage", "echo nonsense", "malformed reply")]
    public async Task A_database_that_does_not_answer_is_said_and_the_NIC_is_done_without_it(
        string what, string? daemon, string words)
    {
        await ConfigureAsync(Wanted());
        if (daemon is not null)
        {
            await RunAsync(
                "mkdir -p /run/openvswitch; setsid socat UNIX-LISTEN:/run/openvswitch/db.sock,fork "
                    + $"EXEC:'{daemon}' > /dev/null 2>&1 & wait_until 20 test -S /run/openvswitch/db.sock");
        }

        LabResult result = await ProgramAsync("apply --yes");

        Assert.True(result.ExitCode == 6, $"{what}\n{result}");
        Assert.Contains(words, result.Errors);
        await RunAsync("devlink dev eswitch show pci/0000:01:00.0 | grep -q 'mode switchdev'");
        await RunAsync("pkill socat || true; rm -f /run/openvswitch/db.sock");
    }
}
