using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Neutron;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class SecurityGroupPlanTests
{
    private const string Ini =
        "[ovs]\nbridge_mappings = phys:br1\n[securitygroup]\n# filtering\nenable_security_group = true\n"
        + "firewall_driver = openvswitch\n";

    [Fact]
    public void Without_a_backend_nothing_is_changed_and_it_is_said_with_the_guests_that_would_lose_filtering()
    {
        Plan plan = Planner.Plan(HostIntent.Observe, Claimed(SampleHost.ConnectX5()));

        Assert.Empty(plan.Steps);
        Assert.Empty(plan.Pending);
        string note = Assert.Single(plan.Notes);
        Assert.Contains("ConnectX-5 (15b3:1017)", note);
        Assert.Contains("nothing is changed", note);
        Assert.Contains($"{SampleHost.RepresentorName(0)} (iface-id 5f3c, guest 77aa), {SampleHost.Pf} vf0", note);
    }

    [Theory]
    [InlineData(nameof(SecurityGroupBackend.Cloudpods))]
    [InlineData(nameof(SecurityGroupBackend.Neutron))]
    [InlineData(nameof(SecurityGroupBackend.Command))]
    public void On_a_ConnectX_6_Dx_a_backend_is_left_alone(string backend)
    {
        Plan plan = Planner.Plan(Intent(backend), WithAgents(SampleHost.ConnectX6Dx()));

        Assert.True(plan.IsEmpty);
        Assert.Empty(plan.Notes);
    }

    [Theory]
    [InlineData(nameof(SecurityGroupBackend.Cloudpods))]
    [InlineData(nameof(SecurityGroupBackend.Neutron))]
    [InlineData(nameof(SecurityGroupBackend.Command))]
    public async Task A_backend_is_switched_off_once_and_back_with_policy_keep(string backend)
    {
        HostState before = Claimed(WithAgents(SampleHost.ConnectX5()));
        var host = new FakeHost(before);

        Step step = Assert.Single(Planner.Plan(Intent(backend), before).Steps);
        ApplyReport report = await host.ApplyAsync(Intent(backend));
        Plan after = Planner.Plan(Intent(backend), host.State);
        ApplyReport back = await host.ApplyAsync(Intent(backend, SecurityGroupPolicy.Keep));

        Assert.Contains("is a ConnectX-5", step.Why);
        Assert.Contains(step.Disrupts, text => text.Contains("5f3c", StringComparison.Ordinal));
        Assert.Equal((true, true), (report.Succeeded, back.Succeeded));
        Assert.Empty(after.Steps);
        Assert.Equal(before.SecurityGroups.Neutron.Value, host.State.SecurityGroups.Neutron.Value);
        Assert.Equal(before.SecurityGroups.Cloudpods.Value.Local, host.State.SecurityGroups.Cloudpods.Value.Local);
        Assert.Equal(before.SecurityGroups.Program.Value, host.State.SecurityGroups.Program.Value);
        Assert.Equal(2, host.Ran.Count);
    }

    [Theory]
    [InlineData(nameof(SecurityGroupBackend.Cloudpods))]
    [InlineData(nameof(SecurityGroupBackend.Neutron))]
    [InlineData(nameof(SecurityGroupBackend.Command))]
    public void Security_groups_disabled_by_another_program_are_never_enabled(string backend)
    {
        HostState off = new SimulatedHost(WithAgents(SampleHost.ConnectX5())).RunAll(Intent(backend)).State;
        HostState theirs = off with
        {
            SecurityGroups = off.SecurityGroups with
            {
                Neutron = off.SecurityGroups.Neutron.Map(file => file with { Record = null }),
                Cloudpods = off.SecurityGroups.Cloudpods.Map(
                    cloudpods => cloudpods with { Local = cloudpods.Local with { Record = null } }),
                Program = off.SecurityGroups.Program.Map(program => program with { Record = null }),
            },
        };

        Plan plan = Planner.Plan(Intent(backend, SecurityGroupPolicy.Keep), theirs);

        Assert.Empty(plan.Steps);
        Assert.Contains(plan.Notes, note => note.Contains("by ovs-offload; left unchanged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_was_changed_since_keeps_that_change_on_the_way_back()
    {
        HostIntent intent = Intent(nameof(SecurityGroupBackend.Neutron));
        HostState off = new SimulatedHost(WithAgents(SampleHost.ConnectX5())).RunAll(intent).State;
        HostState edited = off with
        {
            SecurityGroups = off.SecurityGroups with
            {
                Neutron = off.SecurityGroups.Neutron.Map(
                    file => file with { Text = file.Text + "[agent]\nl2_population = true\n" }),
            },
        };

        var step = (SetAgentFile)Assert.Single(
            Planner.Plan(Intent(nameof(SecurityGroupBackend.Neutron), SecurityGroupPolicy.Keep), edited).Steps).Action;

        Assert.Equal(Ini + "[agent]\nl2_population = true\n", step.To);
        Assert.Null(step.RecordTo);
    }

    [Fact]
    public void Drift_is_repaired_and_the_first_content_stays_the_one_that_is_gone_back_to()
    {
        HostIntent intent = Intent(nameof(SecurityGroupBackend.Neutron));
        HostState off = new SimulatedHost(WithAgents(SampleHost.ConnectX5())).RunAll(intent).State;
        HostState drifted = off with
        {
            SecurityGroups = off.SecurityGroups with
            {
                Neutron = off.SecurityGroups.Neutron.Map(file => file with { Text = "[securitygroup]\n" }),
            },
        };

        var step = (SetAgentFile)Assert.Single(Planner.Plan(intent, drifted).Steps).Action;

        Assert.Equal(Ini, step.RecordTo!.Before);
        Assert.Equal("false", IniText.Value(step.To!, "securitygroup", "enable_security_group"));
    }

    [Fact]
    public void Neutron_with_iptables_hybrid_goes_on_filtering_ports_with_a_tap_device()
    {
        HostIntent intent = Intent(nameof(SecurityGroupBackend.Neutron)) with
        {
            SecurityGroups = new SecurityGroupIntent
            {
                Backends = [SecurityGroupBackend.Neutron],
                NeutronDriver = NeutronFirewall.IptablesHybrid,
            },
        };
        HostState host = Claimed(WithAgents(SampleHost.ConnectX5()));
        host = host.WithBridges([.. host.OpenVSwitch.Database.Value.Bridges, SampleHost.BridgeOf("br-int", "tap1")])
            .WithInterface(
                "tap1", row => row with { ExternalIds = new Dictionary<string, string> { ["iface-id"] = "virtio" } });

        Step step = Assert.Single(Planner.Plan(intent, host).Steps);

        Assert.Contains("firewall_driver = iptables_hybrid", ((SetAgentFile)step.Action).To);
        Assert.DoesNotContain(step.Disrupts, text => text.Contains("virtio", StringComparison.Ordinal));
        Assert.Contains(step.Disrupts, text => text.Contains("5f3c", StringComparison.Ordinal));
        Assert.Contains(
            Planner.Plan(Intent(nameof(SecurityGroupBackend.Neutron)), host).Notes,
            note => note.Contains("iptables_hybrid", StringComparison.Ordinal));
    }

    [Fact]
    public void Under_OVN_nothing_is_changed_and_stateless_groups_are_explained()
    {
        HostState host = WithAgents(SampleHost.ConnectX5()).WithDatabase(database => database with
        {
            ExternalIds = new Dictionary<string, string> { ["ovn-remote"] = "tcp:192.0.2.1:6642" },
        });

        Plan plan = Planner.Plan(Intent(nameof(SecurityGroupBackend.Neutron)), host);

        Assert.True(plan.IsEmpty);
        Assert.Contains(plan.Notes, note => note.Contains("--stateless", StringComparison.Ordinal));
    }

    [Fact]
    public void An_agent_that_cannot_be_restarted_by_this_program_is_said_to_wait_for_it()
    {
        HostState host = WithAgents(SampleHost.ConnectX5());
        host = host with
        {
            SecurityGroups = host.SecurityGroups with { NeutronRestart = SecurityGroupState.None.NeutronRestart },
        };

        Plan plan = Planner.Plan(Intent(nameof(SecurityGroupBackend.Neutron)), host);

        Assert.Single(plan.Steps);
        Assert.Contains(plan.Pending, text => text.Contains("restart", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(SecurityGroupBackend.Cloudpods))]
    [InlineData(nameof(SecurityGroupBackend.Neutron))]
    [InlineData(nameof(SecurityGroupBackend.Command))]
    public void A_backend_that_is_not_there_or_not_readable_never_stands_in_the_way_of_NICs(string backend)
    {
        Plan absent = Planner.Plan(Intent(backend), SampleHost.ConnectX5());
        Plan unread = Planner.Plan(
            Intent(backend), SampleHost.ConnectX5() with { SecurityGroups = new SecurityGroupState() });

        Assert.All([absent, unread], plan =>
        {
            Assert.Empty(plan.Objections);
            Assert.Empty(plan.Steps);
            Assert.Contains($"backend {backend.ToLowerInvariant()}", Assert.Single(plan.Pending));
        });
    }

    [Fact]
    public async Task An_agent_that_fails_takes_only_its_own_change_back()
    {
        var host = new FakeHost(WithAgents(SampleHost.Legacy("15b3:1017")))
        {
            Before = action =>
            {
                if (action is CallProgram)
                {
                    throw SimulatedHost.Refused("exit code 7: not today");
                }
            },
        };
        HostIntent intent = SampleIntent.Switchdev(2) with
        {
            SecurityGroups = new SecurityGroupIntent
            {
                Backends = [SecurityGroupBackend.Neutron, SecurityGroupBackend.Command],
                Command = ["/opt/site/groups"],
            },
        };

        ApplyReport report = await host.ApplyAsync(intent);

        Assert.Contains("not today", Assert.Single(report.Failures));
        Assert.True(report.Reached);
        Assert.Equal(OvsOffload.Netlink.EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
        Assert.Equal(Ini, host.State.SecurityGroups.Neutron.Value.Text);
        Assert.Null(host.State.SecurityGroups.Neutron.Value.Record);
    }

    [Fact]
    public void In_cluster_reach_the_ConfigMap_is_changed_and_the_agents_are_rolled_out()
    {
        HostState host = SampleHost.ConnectX5();
        host = host with
        {
            SecurityGroups = host.SecurityGroups with
            {
                ConfigMap = Reading.Known(new AgentFile("ConfigMap default-host", "rack: r1\n", null)),
            },
        };
        HostIntent intent = Intent(nameof(SecurityGroupBackend.Cloudpods));
        intent = intent with { SecurityGroups = intent.SecurityGroups with { Cloudpods = CloudpodsReach.Cluster } };

        var step = (SetConfigMap)Assert.Single(Planner.Plan(intent, host).Steps).Action;

        Assert.Equal("rack: r1\ndisable_security_group: true\n", step.To);
        Assert.Equal("kubectl -n onecloud rollout restart daemonset default-host", string.Join(' ', step.Restart));
    }

    [Fact]
    public void A_common_conf_that_switches_them_off_is_enough()
    {
        HostState host = WithAgents(SampleHost.ConnectX5());
        host = host with
        {
            SecurityGroups = host.SecurityGroups with
            {
                Cloudpods = host.SecurityGroups.Cloudpods.Map(
                    cloudpods => cloudpods with { CommonDisables = Reading.Known<bool?>(true) }),
            },
        };

        Assert.Empty(Planner.Plan(Intent(nameof(SecurityGroupBackend.Cloudpods)), host).Steps);
    }

    private static HostIntent Intent(string backend, SecurityGroupPolicy policy = SecurityGroupPolicy.Auto) => new()
    {
        SecurityGroups = new SecurityGroupIntent
        {
            Policy = policy,
            Backends = [Enum.Parse<SecurityGroupBackend>(backend)],
            Command = ["/opt/site/groups", "--quiet"],
        },
    };

    /// <summary>All three agents, each with its security groups on.</summary>
    private static HostState WithAgents(HostState host) => host with
    {
        SecurityGroups = SecurityGroupState.None with
        {
            Cloudpods = Reading.Known(new CloudpodsState(
                new AgentFile("/etc/yunion/host_local.conf", null, null), Reading.Absent<bool?>("no common.conf"))),
            Neutron = Reading.Known(new AgentFile("/etc/neutron/plugins/ml2/openvswitch_agent.ini", Ini, null)),
            NeutronRestart = Reading.Known<global::System.Collections.Immutable.ImmutableArray<string>>(
                ["systemctl", "restart", "neutron-openvswitch-agent.service"]),
            Program = Reading.Known(new ProgramState(false, null)),
        },
    };

    /// <summary>The first VF's representor is claimed for a guest.</summary>
    private static HostState Claimed(HostState host) =>
        host.WithInterface(SampleHost.RepresentorName(0), row => row with
        {
            ExternalIds = new Dictionary<string, string> { ["iface-id"] = "5f3c", ["vm-uuid"] = "77aa" },
        });
}
