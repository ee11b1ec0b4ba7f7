using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Planning;

/// <summary>What an objection does not concern is planned all the same.</summary>
public class ObjectionScopeTests
{
    private static readonly PciAddress Other = PciAddress.Parse(BondSample.Second);

    private static readonly HostIntent Two = SampleIntent.Switchdev(2) with
    {
        Nics = [BondSample.Nic(BondSample.First, 2), BondSample.Nic(BondSample.Second, 2)],
        Bridges =
        [
            Bridge("br1", BondSample.First),
            Bridge("br2", BondSample.Second),
        ],
    };

    [Fact]
    public void A_held_VF_on_one_PF_does_not_stop_the_other()
    {
        Plan plan = Planner.Plan(Two, HeldOnFirst());

        Assert.Equal(ObjectionKind.Refused, plan.Objection().Kind);
        Assert.Equal((true, false), (plan.IsPartial, plan.IsRefused));
        Assert.Equal([Planned.Pf.ToString(), "br1"], plan.Skipped.Names);
        Assert.Equal([Other], plan.All<SetEswitchMode>().Select(step => step.Pf));
        Assert.Equal(["br2"], plan.All<AddPort>().Select(step => step.Bridge).Distinct());
        Assert.Equal("true", Assert.Single(plan.All<SetSwitchOption>()).To);
        Assert.DoesNotContain(plan.Steps, step => plan.Skipped.Contains(step.Action.Scope));
    }

    [Fact]
    public void A_PF_that_carries_the_way_to_the_host_does_not_stop_the_other()
    {
        HostState host = SampleHost.Fresh().WithSecondPort() with
        {
            Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
                [new ProtectedDevice(SampleHost.Uplink, "carries the default route via 192.0.2.1")]),
        };

        Plan plan = Planner.Plan(Two, host);

        Assert.Contains("carries the default route", plan.Objections[0].Text);
        Assert.Equal([Other], plan.All<SetEswitchMode>().Select(step => step.Pf));
        Assert.DoesNotContain(plan.Steps, step => plan.Skipped.Contains(step.Action.Scope));
    }

    [Fact]
    public void A_missing_card_does_not_block_the_others()
    {
        HostIntent intent = Two with
        {
            Nics = [.. Two.Nics, BondSample.Nic("0000:af:00.0", 2)],
            Bridges = [.. Two.Bridges, Bridge("br3", "0000:af:00.0")],
        };

        Plan plan = Planner.Plan(intent, SampleHost.Fresh().WithSecondPort());

        Assert.Equal("0000:af:00.0", plan.Objection().Object);
        Assert.Equal(["0000:af:00.0", "br3"], plan.Skipped.Names);
        Assert.Equal([Planned.Pf, Other], plan.All<SetEswitchMode>().Select(step => step.Pf));
        Assert.True(plan.IsPartial);
    }

    [Fact]
    public void A_member_in_use_blocks_its_bond_the_other_member_and_the_bridge_only()
    {
        HostIntent intent = BondSample.Intent() with
        {
            Nics = [.. BondSample.Intent().Nics, BondSample.Nic("0000:d8:00.0", 0)],
            Bridges = [.. BondSample.Intent().Bridges, Bridge("br7", "0000:d8:00.0")],
        };
        HostState host = SampleHost.Legacy().WithHolder(0, HolderKind.Vfio, "a guest").WithSecondPort();
        host = WithCard(host, "0000:d8:00.0", "enp216s0np0");

        Plan plan = Planner.Plan(intent, host);

        Assert.Equal([BondSample.First, BondSample.Second, "bond0", SampleHost.Bridge], plan.Skipped.Names);
        Assert.Empty(plan.Steps.Where(step => step.Action.Scope is Scope.OfBond));
        Assert.Equal(["0000:d8:00.0"], plan.All<SetEswitchMode>().Select(step => step.Pf.ToString()));
        Assert.Equal(["br7"], plan.All<AddPort>().Select(step => step.Bridge));
        Assert.Single(plan.All<SetSwitchOption>());
    }

    [Fact]
    public void A_bond_that_is_objected_to_keeps_its_members_back_and_where_they_are_all_also_Open_vSwitch()
    {
        BondIntent unread = BondSample.Bond("lacp", VfLagRequirement.Required, BondSample.First, BondSample.Second);

        Plan plan = Planner.Plan(
            BondSample.Intent() with { Bonds = [unread with { Settings = null }] }, BondSample.Fresh());

        Assert.Equal(new Scope.OfBond("bond0"), plan.Objection().Scope);
        Assert.Equal([Planned.Pf, Other], plan.Skipped.Pfs.Order());
        Assert.Equal((0, false), (plan.Steps.Length, plan.IsPartial));
    }

    [Fact]
    public void A_member_that_only_the_host_knows_is_held_back_with_the_bond()
    {
        HostIntent intent = BondSample.Intent(members: [BondSample.First, "0000:3b:00.7"]) with
        {
            Nics = [BondSample.Nic(BondSample.First, 2), BondSample.Nic(BondSample.Second, 2)],
        };

        Plan plan = Planner.Plan(intent, BondSample.Bonded());

        Assert.Equal("0000:3b:00.7", plan.Objections[0].Object);
        Assert.Contains(Other, plan.Skipped.Pfs);
        Assert.Empty(plan.Steps);
    }

    [Fact]
    public void An_Open_vSwitch_that_does_not_answer_leaves_the_NICs()
    {
        HostState host = SampleHost.Fresh().WithSecondPort().WithSwitch(now => now with
        {
            Database = Reading.Failed<OpenVSwitchDatabase>("ECONNREFUSED"),
        });

        Plan plan = Planner.Plan(Two, host);

        Assert.Contains("ECONNREFUSED", plan.Objection().Text);
        Assert.Equal([Planned.Pf, Other], plan.All<SetEswitchMode>().Select(step => step.Pf));
        Assert.Equal(["br1", "br2", "Open vSwitch"], plan.Skipped.Names);
    }

    [Fact]
    public void A_bridge_that_cannot_be_made_leaves_the_settings_and_the_other_bridge()
    {
        HostState host = SampleHost.Fresh().WithSecondPort().WithDevice(SampleHost.Uplink, device => device with
        {
            Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.7"), 24)],
        });

        Plan plan = Planner.Plan(Two, host);

        Assert.Contains("stops working", plan.Objection().Text);
        Assert.Equal(["br1"], plan.Skipped.Names);
        Assert.Equal(["br2"], plan.All<AddPort>().Select(step => step.Bridge).Distinct());
        Assert.Equal([Planned.Pf, Other], plan.All<SetEswitchMode>().Select(step => step.Pf));
        Assert.Single(plan.All<SetSwitchOption>());
    }

    [Fact]
    public void A_bridge_on_a_PF_for_which_the_file_asks_for_legacy_mode_is_a_wrong_file_and_nothing_is_applied()
    {
        HostIntent intent = Two with { Nics = [Two.Nics[0], Two.Nics[1] with { Mode = NicMode.Legacy }] };

        Plan plan = Planner.Plan(intent, SampleHost.Fresh().WithSecondPort());

        Assert.Equal(ObjectionKind.Configuration, plan.Objection().Kind);
        Assert.Equal((true, false), (plan.IsRefused, plan.IsPartial));
    }

    [Fact]
    public void PFs_that_cannot_be_listed_stop_everything()
    {
        Plan plan = Planner.Plan(Two, SampleHost.Fresh().WithUnreadFunctions("EIO"));

        Assert.Equal((true, false), (plan.IsRefused, plan.IsPartial));
    }

    [Fact]
    public void All_objections_are_reported_at_once()
    {
        HostState host = HeldOnFirst().WithPf(pf => pf with { Driver = null }, index: 1);

        Plan plan = Planner.Plan(Two, host);

        Assert.Equal([$"{Planned.Pf} vf0", $"{Other}"], plan.Objections.Select(objection => objection.Object));
        Assert.Equal((0, false, false), (plan.Steps.Length, plan.IsPartial, plan.IsRefused));
    }

    [Fact]
    public void A_NIC_that_is_left_out_still_decides_over_security_groups()
    {
        HostIntent intent = Two with
        {
            SecurityGroups = new SecurityGroupIntent
            {
                Backends = [SecurityGroupBackend.Command],
                Command = ["/usr/local/bin/groups"],
            },
        };
        HostState host = HeldOnFirst("15b3:1017") with
        {
            SecurityGroups = SecurityGroupState.None with { Program = Reading.Known(new ProgramState(true, null)) },
        };
        host = host.WithPf(
            pf => pf with { Model = NicModels.BuiltIn.Find(PciId.Parse("15b3:101d")) }, index: 1);

        Plan plan = Planner.Plan(intent, host);

        Assert.Contains(Planned.Pf, plan.Skipped.Pfs);
        Assert.DoesNotContain(plan.Steps, step => step.Action is AgentAction);
        Assert.DoesNotContain(
            plan.Notes, note => note.Contains("by ovs-offload; left unchanged", StringComparison.Ordinal));
    }

    private static HostState HeldOnFirst(string id = "15b3:101d") =>
        SampleHost.Legacy(id).WithHolder(0, HolderKind.Vfio, "a guest").WithSecondPort();

    private static BridgeIntent Bridge(string name, string pf) =>
        new() { Name = name, Uplink = new BridgeUplink(null, SampleIntent.Reference(pf)) };

    /// <summary>Adds a PF of another card.</summary>
    private static HostState WithCard(HostState host, string address, string device)
    {
        HostState more = host.WithSecondPort(pf => pf with
        {
            Address = PciAddress.Parse(address),
            SwitchId = "0102030405060708",
            PfNumber = 0,
            Uplink = pf.Uplink! with { Index = 77, Name = device, ParentDevice = address },
        });
        return more;
    }
}
