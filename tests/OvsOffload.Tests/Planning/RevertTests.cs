using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class RevertTests
{
    private static readonly HostState Applied = RevertSample.Applied(RevertSample.Fresh, RevertSample.Plain);

    [Fact]
    public void Revert_undoes_the_steps_in_reverse_order() => Assert.Equal(
        ["addresses", "port-delete", "bridge-delete", "switch-option", "restart", "vf-count", "eswitch-mode"],
        RevertSample.Kinds(RevertSample.Revert(Applied, RevertSample.Plain)));

    [Fact]
    public void A_second_time_there_is_nothing_to_do()
    {
        var host = new SimulatedHost(Applied);
        foreach (Step step in RevertSample.Revert(Applied, RevertSample.Plain).Steps)
        {
            host.Run(step.Action);
        }

        Plan again = RevertSample.Revert(host.State, RevertSample.Plain);

        Assert.True(again.IsEmpty);
        Assert.Empty(again.Notes);
    }

    [Fact]
    public void A_VF_in_use_blocks_the_revert_and_is_named()
    {
        HostState held = Applied.WithHolder(1, HolderKind.Vfio, "vfio of process 4711 (qemu-system-x86)");

        Objection objection = RevertSample.Revert(held, RevertSample.Plain).Objection();

        Assert.Equal((ObjectionKind.Refused, $"{SampleHost.Pf} vf1"), (objection.Kind, objection.Object));
        Assert.Contains("process 4711", objection.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("defaults", objection.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_path_to_this_host_is_not_disrupted()
    {
        HostState reached = Applied with
        {
            Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
            [
                new ProtectedDevice(RevertSample.Bridge, "carries the SSH connection from 192.0.2.99"),
                new ProtectedDevice(SampleHost.Uplink, "carries the SSH connection from 192.0.2.99"),
            ]),
        };

        Plan plan = RevertSample.Revert(reached, RevertSample.Plain);

        Assert.Equal([RevertSample.Bridge, SampleHost.Pf], plan.Objections.Select(objection => objection.Object));
        Assert.All(plan.Objections, objection => Assert.Equal(ObjectionKind.Refused, objection.Kind));
    }

    [Fact]
    public void While_the_database_does_not_answer_nothing_below_its_bridges_is_taken_away()
    {
        HostState unread = Applied.WithSwitch(now => now with
        {
            Database = Reading.Failed<OpenVSwitchDatabase>("ECONNREFUSED"),
        });

        Plan plan = RevertSample.Revert(unread, RevertSample.Plain);

        Assert.Contains(plan.Objections, one => one.Object == "Open vSwitch"
            && one.Text.Contains(
                "bridges or ports of ovs-offload: ECONNREFUSED", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bridge_with_ports_of_others_stays_and_they_are_named()
    {
        HostState shared = Applied.WithDatabase(database => database with
        {
            Bridges = [Ours(database) with { Ports = [.. Ours(database).Ports, SampleHost.PortOf("tap1")] }],
        });

        Objection objection = RevertSample.Revert(shared, RevertSample.Plain).Objection();

        Assert.Equal((ObjectionKind.Refused, RevertSample.Bridge), (objection.Kind, objection.Object));
        Assert.Contains("ovs-vsctl del-port br7 tap1", objection.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("controller", "controller tcp:127.0.0.1:6633")]
    [InlineData("fail-mode", "fail_mode=secure")]
    [InlineData("iface-id", "is claimed by an agent (iface-id=guest-1)")]
    public void An_agent_that_is_in_charge_of_the_bridge_is_asked_first(string sign, string words)
    {
        HostState agents = sign == "iface-id"
            ? Applied.WithInterface(
                Applied.KnownFunctions[0].RepresentorOf(0)!.Device!.Name,
                row => row with { ExternalIds = new Dictionary<string, string> { ["iface-id"] = "guest-1" } })
            : Applied.WithDatabase(database => database with
            {
                Bridges =
                [
                    Ours(database) with
                    {
                        FailMode = sign == "fail-mode" ? "secure" : null,
                        Controllers = sign == "controller" ? [new OvsTarget("tcp:127.0.0.1:6633", true)] : [],
                    },
                ],
            });

        Objection objection = RevertSample.Revert(agents, RevertSample.Plain).Objection();

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains(words, objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unrecorded_setting_is_left_alone_and_reported()
    {
        HostIntent intent = SampleIntent.Switchdev(2);

        Plan plan = RevertSample.Revert(SampleHost.ConnectX6Dx(), intent);

        Assert.Empty(plan.Steps);
        Assert.Empty(plan.Objections);
        Assert.Contains(plan.Notes, note => note.Contains("not set by ovs-offload", StringComparison.Ordinal)
            && note.StartsWith(SampleHost.Pf, StringComparison.Ordinal));
        Assert.Contains(
            plan.Notes, note => note.StartsWith("other_config:hw-offload is true", StringComparison.Ordinal));
    }

    [Fact]
    public void A_setting_that_another_program_has_changed_is_left_alone_and_reported()
    {
        Plan plan = RevertSample.Revert(Applied.WithOption("hw-offload", "false"), RevertSample.Plain);

        Assert.Empty(plan.All<SetSwitchOption>());
        Assert.Contains(plan.Notes, note => note.Contains("changed by another program", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unreadable_record_is_not_treated_as_empty()
    {
        HostState unread = Applied with { Changes = Reading.Failed<RecordedChanges>("/run/x: is damaged") };

        Objection objection = RevertSample.Revert(unread, RevertSample.Plain).Objection();

        Assert.Equal(ObjectionKind.Unreadable, objection.Kind);
        Assert.Contains("is damaged", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_Open_vSwitch_its_settings_cannot_be_put_back()
    {
        HostState down = Applied.WithSwitch(now => now with
        {
            Database = Reading.Absent<OpenVSwitchDatabase>("no socket"),
        });

        Assert.Equal(ObjectionKind.Unreadable, RevertSample.Revert(down, RevertSample.Plain).Objection().Kind);
    }

    [Fact]
    public void An_address_that_was_nowhere_before_is_taken_off_again()
    {
        HostState start = SampleHost.Fresh().WithBridges();
        HostState applied = RevertSample.Applied(start, RevertSample.Plain);

        Plan plan = RevertSample.Revert(applied, RevertSample.Plain);

        Assert.Equal(
            new RemoveAddress(new LocalPortOf(RevertSample.Bridge), RevertSample.Address),
            Assert.Single(plan.All<RemoveAddress>()));
        Assert.Empty(plan.All<MoveAddresses>());
    }

    [Fact]
    public void Of_one_PF_its_bridge_and_its_bond_go_and_the_other_PF_and_the_switch_stay()
    {
        HostIntent intent = RevertSample.Bonded("lacp");
        HostState applied = RevertSample.Applied(RevertSample.Carrying(BondSample.Fresh()), intent);

        Plan plan = RevertSample.Revert(applied, intent, BondSample.Second);

        Assert.Empty(plan.Objections);
        Assert.Equal("bond0", Assert.Single(plan.All<DeleteBond>()).Name);
        Assert.Equal(RevertSample.Bridge, Assert.Single(plan.All<DeleteBridge>()).Name);
        Assert.Equal(BondSample.Second, Assert.Single(plan.All<SetEswitchMode>()).Object);
        Assert.Empty(plan.All<SetVfCount>());
        Assert.Empty(plan.All<SetSwitchOption>());
        Assert.Contains(plan.Steps, step => step.Why == "ovs-offload created the bond, which is deleted as a whole");
    }

    [Fact]
    public void A_bond_that_something_else_stands_on_stays()
    {
        HostIntent intent = RevertSample.Bonded("lacp");
        HostState applied = RevertSample.Applied(RevertSample.Carrying(BondSample.Fresh()), intent);
        HostState upper = applied.WithDevices(devices =>
        [
            .. devices,
            new NetDevice
            {
                Index = 71,
                Name = "macvlan0",
                Kind = "macvlan",
                Lower = devices.First(one => one.Name == "bond0").Index,
            },
        ]);

        Objection objection = RevertSample.Revert(upper, intent).Objection();

        Assert.Equal(("bond0", ObjectionKind.Refused), (objection.Object, objection.Kind));
        Assert.Contains("macvlan0 (macvlan) is on top of it", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bond_that_was_there_before_stays_with_its_members()
    {
        HostState start = BondSample.Bonded() with { Changes = Reading.Known(RecordedChanges.None) };

        Plan plan = RevertSample.Revert(start, BondSample.Intent());

        Assert.Empty(plan.All<DeleteBond>());
        Assert.Empty(plan.All<RemoveBondMember>());
    }

    [Fact]
    public void Files_of_agents_come_first_and_as_they_were()
    {
        HostState host = Applied with
        {
            SecurityGroups = Applied.SecurityGroups with
            {
                Neutron = Reading.Known(new AgentFile("/etc/neutron.ini", "after",
                    new AgentFileRecord("/etc/neutron.ini", "before", "after"))),
                NeutronRestart = Reading.Known(ImmutableArray.Create("restart-it")),
            },
        };
        HostIntent intent = RevertSample.Plain with
        {
            SecurityGroups = new SecurityGroupIntent
            {
                Policy = SecurityGroupPolicy.Disable,
                Backends = [SecurityGroupBackend.Neutron],
            },
        };

        Plan whole = RevertSample.Revert(host, intent);

        Assert.Equal("before", Assert.IsType<SetAgentFile>(whole.Steps[0].Action).To);
        Assert.Empty(RevertSample.Revert(host, intent, SampleHost.Pf).All<SetAgentFile>());
    }

    private static OvsBridge Ours(OpenVSwitchDatabase database) =>
        database.Bridges.Single(bridge => bridge.Name == RevertSample.Bridge);
}
