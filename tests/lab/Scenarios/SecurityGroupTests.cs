using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>Security groups on NICs that cannot offload them, and a host that comes from Cloudpods.</summary>
[Collection(OnServiceMachine.Name)]
public sealed class SecurityGroupTests(ServiceMachine machine) : ProgramScenario(machine)
{
    private const string Ini = "/etc/neutron/plugins/ml2/openvswitch_agent.ini";

    /// <summary>Neutron's agent: its file, and a restart that leaves a trace.</summary>
    private const string Agent =
        $"""
        mkdir -p {Ini}; rmdir {Ini}
        printf '# site\r\n[securitygroup]\r\nenable_security_group = true\r\nfirewall_driver = openvswitch' > {Ini}
        cp {Ini} /root/before.ini
        printf '#!/bin/sh\necho restarted >> /root/restarts\n' > /opt/restart-agent; chmod +x /opt/restart-agent
        """;

    /// <summary>What an agent with conntrack leaves: a claimed port, rules with ct, flows that come of them.</summary>
    private const string Traffic =
        """
        for vf in 0 1; do
          add_guest n$vf 0 $vf 10.0.0.$((vf + 1))/24; plug br1 0 $vf
          ovs-vsctl set Interface $(representor 0 $vf) external_ids:iface-id=guest-$vf
        done
        keep_flows
        port=$(ovs-vsctl get Interface $(representor 0 0) ofport)
        ovs-ofctl add-flow br1 "priority=9,ip,ct_state=-trk,in_port=$port,actions=ct(table=1)"
        ovs-ofctl add-flow br1 "table=1,ip,actions=ct(commit),NORMAL"
        ip netns exec n0 ping -qc 3 -i 0.2 10.0.0.2
        """;

    private static string With(string groups) => Wanted(2, more: groups).Replace("representors: all", "representors: "
        + "none");

    private static string Neutron(string policy) => With(
        $"""
        security-groups:
          policy: {policy}
          backends: [neutron]
          restart-command: [/opt/restart-agent]
        """);

    [Fact]
    [Nic("devid=1017")]
    public async Task On_a_ConnectX_5_they_are_switched_off_what_is_left_of_them_is_found_and_keep_brings_them_back()
    {
        await ConfigureAsync(With(""));
        await RunAsync($"start_openvswitch\n{Agent}");
        await ProgramAsync(0, "apply --yes");
        await RunAsync(Traffic);

        JsonElement observed = await JsonAsync("plan", status: 0);
        await RunAsync($"cmp {Ini} /root/before.ini");
        await WriteFileAsync(Config, Neutron("auto"));
        JsonElement plan = await JsonAsync("plan", status: 3);
        await ProgramAsync(0, "apply --yes");
        LabResult changed = await RunAsync($"cat {Ini}; echo; wc -l < /root/restarts");
        JsonElement left = await JsonAsync("verify --only O28", status: 5);
        await RunAsync("ovs-ofctl del-flows br1; ovs-ofctl add-flow br1 actions=NORMAL; "
            + "ip netns exec n0 ping -qc 3 -i 0.2 10.0.0.2; "
            + "wait_until 20 eval '! ovs-appctl dpctl/dump-flows -m | grep -F \"ct(\"'");
        JsonElement gone = await JsonAsync("verify --only O28,O36", status: 0);
        await RunAsync($"sed -i 's/= false/= true/' {Ini}");
        await ProgramAsync(5, "verify --only O36");
        await ProgramAsync(0, "apply --yes");
        await WriteFileAsync(Config, Neutron("keep"));
        await ProgramAsync(0, "apply --yes");

        Assert.Contains("ConnectX-5", Assert.Single(Texts(observed, "notes")));
        Assert.Contains("iface-id guest-0", Assert.Single(Texts(observed, "notes")));
        JsonElement step = Assert.Single(plan.GetProperty("steps").EnumerateArray());
        Assert.Contains("ConnectX-5", step.GetProperty("why").GetString());
        Assert.Contains(Texts(step, "disrupts"), text => text.Contains("guest-1", StringComparison.Ordinal));
        Assert.Contains("enable_security_group = false", changed.Output);
        Assert.Contains("firewall_driver = noop", changed.Output);
        Assert.Equal("1", changed.Lines[^1]);
        string evidence = string.Join('\n', Checks(left).Select(check => check.GetProperty("evidence").GetString()));
        Assert.Contains("2 rules with ct in table 0, 1", evidence);
        Assert.Contains("flows with ct, from", evidence);
        Assert.All(Checks(gone), check => Assert.Equal("ok", check.GetProperty("status").GetString()));
        await RunAsync($"cmp {Ini} /root/before.ini; [ ! -e /var/lib/ovs-offload/security-groups/neutron.json ]");
    }

    [Fact]
    [Nic("devid=101d")]
    public async Task On_a_ConnectX_6_Dx_nothing_is_changed_unless_the_kernel_offloads_no_conntrack()
    {
        await ConfigureAsync(Neutron("auto"));
        await RunAsync($"start_openvswitch\n{Agent}");

        // Debian's kernel is built without CONFIG_NET_TC_SKB_EXT.
        JsonElement kernel = await JsonAsync("plan", status: 3);
        await RunAsync("config=/boot/config-$(uname -r); cp $config /root/config; rm $config; "
            + "{ cat /root/config; printf 'CONFIG_%s=y\\n' NET_TC_SKB_EXT MLX5_TC_CT NET_ACT_CT NF_FLOW_TABLE; } > "
            + "$config");
        try
        {
            await ProgramAsync(0, "apply --yes");
            await ProgramAsync(0, "plan");
            await RunAsync($"cmp {Ini} /root/before.ini; [ ! -e /root/restarts ]; [ ! -e /var/lib/ovs-offload ]");
        }
        finally
        {
            await RunAsync("ln -sf /usr/lib/modules/$(uname -r)/config /boot/config-$(uname -r)");
        }

        Assert.Contains(kernel.GetProperty("steps").EnumerateArray(), step =>
            step.GetProperty("object").GetString() == Ini
            && step.GetProperty("why").GetString()!.Contains("CONFIG_NET_TC_SKB_EXT", StringComparison.Ordinal));
    }

    [Fact]
    [Nic("devid=1017")]
    public async Task A_host_conf_of_Cloudpods_for_one_NIC_is_imported_planned_and_brought_up()
    {
        await UseProgramAsync();
        await RunAsync(
            """
            start_openvswitch hw-offload=false
            uplink=$(uplink 0); ip link set $uplink down; ip link set $uplink name eth2
            mkdir -p /etc/yunion /etc/ovs-offload
            printf 'networks:\n- eth1/br0/192.168.100.111\n- eth2/br1/bcast0\novs_offload_nics:\n- eth2\n' \
              > /etc/yunion/host.conf
            """);

        LabResult import = await RunAsync(
            $"ovs-offload import host.conf /etc/yunion/host.conf > {Config}; cat {Config}", TimeSpan.FromSeconds(120));
        await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");

        Assert.Contains("not imported: /etc/yunion/host.conf:2:1: networks eth1/br0/192.168.100.111", import.Errors);
        Assert.Contains($"- pf: \"{Pf}\"  # eth2, a ConnectX-5", import.Output);
        string host = await HostAsync();
        Assert.Contains("mode switchdev", host);
        Assert.Contains("hw-offload=\"true\"", host);
        await RunAsync("[ $(ls -d /sys/bus/pci/devices/0000:01:00.0/virtfn* | wc -l) = 8 ]; ovs-vsctl port-to-br "
            + "$(uplink 0) | grep br1");
        await ProgramAsync(0, "plan");
    }

    private static JsonElement[] Checks(JsonElement verify) => [.. verify.GetProperty("checks").EnumerateArray()];

    private static string[] Texts(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
