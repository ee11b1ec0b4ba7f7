using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Planning;

public class MtuTests
{
    private static readonly UplinkOf Uplink = new(Planned.Pf);
    private static readonly RepresentorOf First = new(Planned.Pf, 0), Second = new(Planned.Pf, 1);

    [Fact]
    public void The_representors_follow_the_uplink() => Assert.Equal(
        [new SetMtu(Uplink, 1500, 9000), new SetMtu(First, 1500, 9000), new SetMtu(Second, 1500, 9000)],
        Planned.For(SampleHost.ConnectX6Dx(), Wanted(9000)).All<SetMtu>());

    [Fact]
    public void On_the_way_down_the_uplink_comes_last_so_that_no_representor_is_ever_above_it() => Assert.Equal(
        [new SetMtu(First, 9000, 1500), new SetMtu(Second, 9000, 1500), new SetMtu(Uplink, 9000, 1500)],
        Planned.For(Having(9000), Wanted(1500)).All<SetMtu>());

    [Fact]
    public void A_host_that_has_it_needs_no_plan() => Assert.True(Planned.For(Having(9000), Wanted(9000)).IsEmpty);

    [Fact]
    public void Without_the_key_every_MTU_is_left_as_it_is() =>
        Assert.True(Planned.Switchdev(Having(9000), 2).IsEmpty);

    [Fact]
    public void One_representor_that_drifted_is_set_again_alone()
    {
        HostState host = Having(9000).WithRepresentor(1, device => device with { Mtu = 1500 });

        Assert.Equal(
            new SetMtu(Second, 1500, 9000), Assert.Single(Planned.For(host, Wanted(9000)).Steps).Action);
    }

    [Fact]
    public void New_representors_get_it_after_they_are_waited_for()
    {
        Plan plan = Planned.For(SampleHost.Fresh(), Wanted(9000));

        Assert.Equal([Uplink, First, Second], plan.All<SetMtu>().Select(step => step.Device));
        Assert.True(
            plan.Steps.IndexOf(plan.Steps.Single(step => step.Action is WaitForRepresentors))
                < plan.Steps.IndexOf(plan.Steps.First(step => step.Action is SetMtu)));
    }

    [Fact]
    public void New_representors_that_have_it_by_themselves_need_no_step() => Assert.Empty(
        Planned.For(SampleHost.Fresh(), Wanted(SetMtu.OfNewDevice)).All<SetMtu>());

    [Fact]
    public void In_legacy_mode_there_is_only_the_PF() => Assert.Equal(
        [new SetMtu(Uplink, 1500, 9000)],
        Planned.For(
            SampleHost.Legacy(), SampleIntent.Nic(NicMode.Legacy, 2) with { Mtu = 9000 }).All<SetMtu>());

    [Fact]
    public void It_is_set_before_the_network_is_up()
    {
        var intent = new HostIntent { Nics = [Wanted(9000)] };

        Assert.NotEmpty(Planner.Plan(intent, SampleHost.ConnectX6Dx(), Stage.Pre).All<SetMtu>());
        Assert.Empty(Planner.Plan(intent, SampleHost.ConnectX6Dx(), Stage.Post).All<SetMtu>());
    }

    [Fact]
    public void An_observed_PF_keeps_its_own() => Assert.Empty(Planned.For(
        SampleHost.ConnectX6Dx(), Wanted(9000) with { Managed = Management.Observe }).Steps);

    [Fact]
    public void A_lost_link_and_VLAN_devices_that_the_kernel_lowers_with_it_are_told()
    {
        HostState host = Having(9000).WithDevices(devices =>
        [
            .. devices, Vlan("vlan7", 9000), Vlan("vlan8", 1400),
        ]);

        Plan plan = Planned.For(host, Wanted(1500));

        Assert.Equal(
            [
                $"{SampleHost.Uplink} may lose its link for a moment",
                "vlan7 on top of it goes from MTU 9000 to 1500, and undoing this does not raise it again",
            ],
            plan.Steps.Single(step => step.Action == new SetMtu(Uplink, 9000, 1500)).Disrupts);
        Assert.Empty(plan.Steps[0].Disrupts);
    }

    [Fact]
    public void What_Open_vSwitch_is_asked_for_of_a_representor_is_left_and_named()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithInterface(SampleHost.RepresentorName(1), row => row with { MtuRequest = 1450 });

        Plan plan = Planned.For(host, Wanted(9000));

        Assert.Equal([Uplink, First], plan.All<SetMtu>().Select(step => step.Device));
        Assert.Contains($"{SampleHost.RepresentorName(1)} (1450)", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_Open_vSwitch_is_asked_for_and_is_the_same_is_set() => Assert.Contains(
        new SetMtu(Second, 1500, 9000),
        Planned.For(
            SampleHost.ConnectX6Dx()
                .WithInterface(SampleHost.RepresentorName(1), row => row with { MtuRequest = 9000 }),
            Wanted(9000)).All<SetMtu>());

    [Fact]
    public void While_the_database_does_not_answer_representors_are_left_as_they_are()
    {
        HostState host = SampleHost.ConnectX6Dx().WithSwitch(state => state with
        {
            Database = Reading.Failed<OpenVSwitchDatabase>("ECONNREFUSED"),
        });

        Plan plan = Planned.For(host, Wanted(9000));

        Assert.Equal([Uplink], plan.All<SetMtu>().Select(step => step.Device));
        Assert.Contains("ECONNREFUSED", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_PF_that_leaves_its_bond_gets_its_own_after_it_has_left()
    {
        var other = PciAddress.Parse("0000:5e:00.0");
        HostState host = BondSample.Bonded();
        BondMember last = host.FindBond("bond0")!.Members[1];
        NetDevice uplink = last.Device with { Index = 80, Name = "ens5" };
        host = host.WithBond(bond => bond with
        {
            Members = [.. bond.Members, last with { Device = uplink, Pf = other }],
        }).WithDevices(devices => [.. devices, uplink]);
        host = host with
        {
            PhysicalFunctions = host.PhysicalFunctions.Map(all =>
                all.Add(all[1] with { Address = other, Uplink = uplink, SwitchId = "another card" })),
        };
        HostIntent intent = BondSample.Intent();
        intent = intent with { Nics = [.. intent.Nics, BondSample.Nic($"{other}", 0) with { Mtu = 9000 }] };

        Plan plan = Planner.Plan(intent, host);

        Assert.Empty(plan.Objections);
        StepAction[] steps = [.. plan.Steps.Select(step => step.Action)];
        int left = Array.IndexOf(steps, new RemoveBondMember("bond0", new UplinkOf(other)));
        Assert.InRange(left, 0, Array.IndexOf(steps, new SetMtu(new UplinkOf(other), 1500, 9000)));
    }

    private static NicIntent Wanted(int mtu) => SampleIntent.Nic(NicMode.Switchdev, 2) with { Mtu = mtu };

    /// <summary>A host whose uplink and representors have it.</summary>
    private static HostState Having(int mtu) => SampleHost.ConnectX6Dx()
        .WithDevice(SampleHost.Uplink, device => device with { Mtu = mtu })
        .WithRepresentor(0, device => device with { Mtu = mtu })
        .WithRepresentor(1, device => device with { Mtu = mtu });

    private static NetDevice Vlan(string name, int mtu) => new()
    {
        Index = 70 + mtu,
        Name = name,
        Kind = "vlan",
        Mtu = mtu,
        Vlan = new VlanTag(7, 0x8100),
        Lower = 2,
    };
}
