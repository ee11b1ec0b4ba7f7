namespace OvsOffload.LabTests.Scenarios;

/// <summary>What was applied is taken away again, and nothing else.</summary>
[Collection(OnApplyMachine.Name)]
public sealed class RevertTests(ApplyMachine machine) : ProgramScenario(machine)
{
    private const string Ini = "/etc/neutron/plugins/ml2/openvswitch_agent.ini";

    private static readonly string Everything = Wanted(
        2, more:
        """
        security-groups:
          policy: disable
          backends: [neutron]
          restart-command: [/opt/restart-agent]
        """).Replace("representors: all", "representors: all\n    addresses: [\"10.0.0.9/24\"]")
        .Replace("vf-macs: stable", "vf-macs: stable\n    mtu: 9000");

    /// <summary>All that an apply may change, and more.</summary>
    private const string Tell =
        $"""
        ip -j addr | jq -c 'sort_by(.ifname)[] | [.ifname, .mtu, .address, .master, (.flags | index("UP") != null),
          [.addr_info[] | select(.scope == "global") | "\(.local)/\(.prefixlen)"]]'
        ip route; ovs-vsctl show; stat -c '%a %U' {Ini}; sha256sum < {Ini}
        """;

    /// <summary>The MTU of the uplink and of both representors.</summary>
    private const string Mtus =
        "for device in $(uplink 0) $(representor 0 0) $(representor 0 1); do cat /sys/class/net/$device/mtu; done";

    [Fact]
    public async Task A_host_that_was_applied_is_as_it_was_after_revert_and_apply_brings_it_back()
    {
        await ConfigureAsync(Everything);
        await RunAsync(
            $"""
            start_openvswitch hw-offload=false; ovs-vsctl remove Open_vSwitch . other_config hw-offload
            mkdir -p {Ini}; rmdir {Ini}
            printf '# site\r\n[securitygroup]\r\nenable_security_group = true' > {Ini}; chmod 640 {Ini}
            printf '#!/bin/sh\necho restarted >> /root/restarts\n' > /opt/restart-agent; chmod +x /opt/restart-agent
            ip addr add 10.0.0.9/24 dev $(uplink 0); ip link set $(uplink 0) up
            ip route add 203.0.113.0/24 via 10.0.0.200 metric 77
            """);
        string before = await StateAsync();

        await ProgramAsync(0, "apply --yes");
        LabResult mtus = await RunAsync(Mtus);
        await RunAsync("ip link set $(representor 0 1) mtu 1500");
        LabResult drift = await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");
        LabResult repaired = await RunAsync(Mtus);
        await RunAsync("add_guest n1 0 1 10.9.9.1/24");
        string applied = await StateAsync();
        LabResult held = await ProgramAsync(4, "revert --yes");
        Assert.Equal(applied, await StateAsync());
        await RunAsync("ip netns del n1; wait_until 5 vf_netdev 0 1");
        await StartServiceAsync();
        LabResult served = await ProgramAsync(4, "revert --yes");
        await RunAsync("kill $(pidof ovs-offload); wait_until 20 eval '! pidof ovs-offload'");

        LabResult reverted = await ProgramAsync(7, "revert --yes");
        string after = await StateAsync();
        LabResult again = await ProgramAsync(0, "revert --yes");
        await ProgramAsync(0, "apply --yes");

        Assert.Equal(["9000", "9000", "9000"], mtus.Lines);
        Assert.Contains("1. MTU of 0000:01:00.0 vf1 representor: 1500 -> 9000", drift.Output);
        Assert.Equal(["9000", "9000", "9000"], repaired.Lines);
        Assert.Contains("0000:01:00.0 vf1", held.Output + held.Errors);
        Assert.Contains("the service is running", served.Errors);
        Assert.Contains("restart of ovs-vswitchd", reverted.Output + reverted.Errors);
        Assert.Equal(before, after);
        Assert.Contains("Nothing to do: no recorded changes left to revert", again.Output);
        await ProgramAsync(0, "plan");
    }

    private async Task<string> StateAsync() => await HostAsync() + (await RunAsync(Tell)).Output;
}
