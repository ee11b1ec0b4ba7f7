using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class BondTests
{
    [Fact]
    public void New_VFs_alone_do_not_make_the_NIC_look_at_a_bond_again_that_it_did_not_take()
    {
        HostState host = BondSample.Bonded(vfs: 0).WithBond(bond => bond with
        {
            VfLag = VfLag.Inactive("mlx5 did not take it", "lag/state: disabled"),
        });

        StepAction[] actions =
            [.. Planner.Plan(BondSample.Intent(vfs: 2), host).Steps.Select(step => step.Action)];

        Assert.Contains(actions, action => action is SetVfCount { To: 2 });
        Assert.Equal(2, actions.Count(action => action is RemoveBondMember));
        Assert.Equal(2, actions.Count(action => action is AddBondMember));
    }

    private static readonly IPNetworkAddress Address = new(IPAddress.Parse("192.0.2.7"), 24);

    public static TheoryData<string> Profiles =>
        ["active-backup", "active-backup-kvm-guest", "balance-xor", "lacp", "lacp-fast-layer3-4"];

    public static TheoryData<string, string> Changes
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (TheoryDataRow<string> from in Profiles)
            {
                foreach (TheoryDataRow<string> to in Profiles)
                {
                    pairs.Add(from.Data, to.Data);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void From_a_fresh_boot_a_bond_comes_into_hardware_and_a_second_plan_is_empty(string profile)
    {
        HostIntent intent = BondSample.Intent(profile, 4);

        HostState after = Applied(intent, BondSample.Fresh());

        Assert.Equal(VfLagState.Active, after.FindBond("bond0")!.VfLag.State);
        Assert.Equal(4, after.KnownFunctions[0].VirtualFunctions.Count(vf => vf.Driver is not null));
        Assert.Contains(
            after.OpenVSwitch.Database.Value.Bridges, bridge => bridge.Ports.Any(port => port.Name == "bond0"));
        Assert.True(Planner.Plan(intent, after).IsEmpty);
    }

    [Fact]
    public void The_order_is_switchdev_VFs_without_driver_bond_proof_drivers_bridge()
    {
        string[] kinds =
            [.. Planner.Plan(BondSample.Intent(vfs: 2), BondSample.Fresh()).Steps.Select(step => step.Action.Kind)];

        int[] places =
        [
            Last("eswitch-mode"), First("vf-count"), First("bond"), First("bond-member"), First("wait-vf-lag"),
            First("vf-driver"), First("port"),
        ];

        Assert.Equal(places.Order(), places);
        Assert.True(Last("bond-member") < First("wait-vf-lag"));

        int First(string kind) => Found(Array.IndexOf(kinds, kind));
        int Last(string kind) => Found(Array.LastIndexOf(kinds, kind));
        int Found(int place)
        {
            Assert.True(place >= 0, string.Join(' ', kinds));
            return place;
        }
    }

    [Fact]
    public void Members_are_down_when_they_join()
    {
        StepAction[] actions = Actions(BondSample.Intent(), BondSample.Switchdev());

        foreach (string pf in (string[])[BondSample.First, BondSample.Second])
        {
            int down = Array.FindIndex(
                actions, action => action is SetLinkUp { To: false } set && set.Object.StartsWith(pf));
            int join = Array.FindIndex(
                actions, action => action is AddBondMember add && add.Object.EndsWith($"{pf} uplink"));
            Assert.InRange(down, 0, join);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_bond_that_is_right_is_left_alone(string profile) =>
        Assert.True(Planner.Plan(BondSample.Intent(profile), BondSample.Bonded(profile)).IsEmpty);

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_of_profile_keeps_VFs_addresses_and_the_bond_s_own_address(string from, string to)
    {
        HostState before = BondSample.Bonded(from).WithDevice("bond0", device => device with { Addresses = [Address] });

        HostState after = Applied(BondSample.Intent(to) with { Bridges = [] }, before);

        Assert.Equal(Told(before), Told(after));
        Assert.Equal(BondSample.Profile(to).Mode, after.FindBond("bond0")!.Mode);
        Assert.Equal(VfLagState.Active, after.FindBond("bond0")!.VfLag.State);
        Assert.True(Planner.Plan(BondSample.Intent(to), after with { OpenVSwitch = before.OpenVSwitch }).Steps.IsEmpty);
    }

    [Fact]
    public void An_option_that_the_kernel_changes_at_once_takes_nothing_apart()
    {
        HostState host = Options(BondSample.Bonded(), options => options with { MiiMonitor = 50 });

        StepAction action = Assert.Single(Actions(BondSample.Intent(), host));

        Assert.Equal("options of bond0: miimon 50ms -> 100ms", action.Summary);
        Assert.False(Assert.IsType<SetBondOptions>(action).Down);
    }

    [Fact]
    public void An_option_that_wants_the_bond_down_takes_it_down_and_no_member_out()
    {
        HostState host = Options(BondSample.Bonded(), options => options with { LacpRate = BondLacpRate.Fast });

        SetBondOptions action = Assert.IsType<SetBondOptions>(Assert.Single(Actions(BondSample.Intent(), host)));

        Assert.True(action.Down);
    }

    [Fact]
    public void An_option_that_wants_no_members_is_told_to_disrupt()
    {
        HostState host = Options(BondSample.Bonded("active-backup"), options => options with
        {
            FailOverMac = BondFailOverMac.Active,
        });

        Plan plan = Planner.Plan(BondSample.Intent("active-backup"), host);

        Assert.Equal(2, plan.Steps.Count(step => step.Action is RemoveBondMember));
        Assert.Contains(
            "bond0 carries nothing until its members are back", plan.Steps.SelectMany(step => step.Disrupts));
    }

    [Fact]
    public void An_option_that_this_kernel_does_not_have_is_no_difference_at_its_default()
    {
        HostState host = Options(
            BondSample.Bonded(), options => options with { CoupledControl = null, LacpActive = null });

        Assert.True(Planner.Plan(BondSample.Intent(), host).IsEmpty);
    }

    [Fact]
    public void An_option_that_this_kernel_does_not_have_is_objected_to_when_it_is_wanted()
    {
        HostState host = Options(BondSample.Bonded(), options => options with { LacpActive = null });
        HostIntent intent = Profile(BondSample.Intent(), options => options with { LacpActive = false });

        Assert.Contains(
            "does not support the bond option lacp_active", Objection(intent, host, ObjectionKind.Unsupported));
    }

    [Fact]
    public void Addresses_of_members_move_to_the_bond_and_are_on_neither_lost_nor_doubled()
    {
        HostState host = BondSample.Switchdev()
            .WithDevice(BondSample.SecondUplink, device => device with { Addresses = [Address] });

        HostState after = Applied(BondSample.Intent() with { Bridges = [] }, host);

        Assert.Equal([Address], after.FindDevice("bond0")!.Addresses);
        Assert.Empty(after.FindDevice(BondSample.SecondUplink)!.Addresses);
    }

    [Fact]
    public void VLANs_on_members_move_to_the_bond_with_their_addresses()
    {
        var vlan = new NetDevice
        {
            Index = 60,
            Name = "vlan7",
            Kind = "vlan",
            Vlan = new VlanTag(7, 0x8100),
            Lower = 3,
            Addresses = [Address],
        };
        HostState host = BondSample.Switchdev().WithDevices(devices => [.. devices, vlan]);

        HostState after = Applied(BondSample.Intent(), host);

        Assert.Equal(after.FindDevice("bond0")!.Index, after.FindDevice("vlan7")!.Lower);
        Assert.Equal([Address], after.FindDevice("vlan7")!.Addresses);
    }

    [Fact]
    public void The_members_MTU_becomes_the_bond_s()
    {
        HostState host = BondSample.Switchdev().WithDevice(SampleHost.Uplink, device => device with { Mtu = 9000 });

        HostState after = Applied(BondSample.Intent(), host);

        Assert.Equal(9000, after.FindDevice("bond0")!.Mtu);
    }

    [Fact]
    public void The_MTU_of_the_configuration_is_set_and_kept()
    {
        HostIntent intent = BondSample.Intent();
        intent = intent with { Bonds = [intent.Bonds[0] with { Mtu = 4000 }] };

        HostState after = Applied(intent, BondSample.Bonded());

        Assert.Equal(4000, after.FindDevice(SampleHost.Uplink)!.Mtu);
    }

    [Fact]
    public void A_third_member_is_taken_out()
    {
        HostState host = BondSample.Bonded();
        var stranger =
            new NetDevice { Index = 77, Name = "tap7", Kind = "tun", Master = host.FindBond("bond0")!.Device.Index };
        host = SimulatedBonds.Judge(host.WithDevices(devices => [.. devices, stranger]) with
        {
            Bonds = host.Bonds.Map<ImmutableArray<BondState>>(bonds =>
            [
                bonds[0] with
                {
                    Members = [.. bonds[0].Members, bonds[0].Members[0] with { Device = stranger, Pf = null }],
                },
            ]),
        });
        Assert.Equal(VfLagState.Inactive, host.FindBond("bond0")!.VfLag.State);

        HostState after = Applied(BondSample.Intent(), host);

        Assert.Equal(VfLagState.Active, after.FindBond("bond0")!.VfLag.State);
        Assert.Null(after.FindDevice("tap7")!.Master);
    }

    [Fact]
    public void A_bond_that_hardware_did_not_take_is_offered_again_where_VF_LAG_is_required()
    {
        HostState host = Lost(BondSample.Bonded());

        Assert.Equal(VfLagState.Active, Applied(BondSample.Intent(), host).FindBond("bond0")!.VfLag.State);
    }

    [Fact]
    public void A_bond_that_hardware_did_not_take_is_left_alone_where_VF_LAG_is_preferred() =>
        Assert.True(
            Planner.Plan(BondSample.Intent(need: VfLagRequirement.Preferred), Lost(BondSample.Bonded())).IsEmpty);

    [Fact]
    public void What_cannot_be_told_is_no_reason_to_take_a_bond_apart()
    {
        HostState host = WithLag(BondSample.Bonded(), VfLag.Undetermined("no debugfs"));

        Assert.True(Planner.Plan(BondSample.Intent(), host).IsEmpty);
    }

    [Theory]
    [InlineData("lacp", "active-backup")]
    [InlineData("active-backup", "lacp")]
    public void A_change_of_mode_is_refused_while_a_VF_is_held(string from, string to)
    {
        HostState host = BondSample.Bonded(from).WithHolder(1, HolderKind.Vfio, "qemu (pid 42) has /dev/vfio/17 open");

        Assert.Contains("qemu (pid 42)", Objection(BondSample.Intent(to), host, ObjectionKind.Refused));
    }

    [Fact]
    public void A_held_VF_is_no_reason_against_a_change_that_the_kernel_makes_at_once()
    {
        HostState host = Options(BondSample.Bonded(), options => options with { MiiMonitor = 50 })
            .WithHolder(1, HolderKind.Vfio, "qemu (pid 42) has /dev/vfio/17 open");

        Assert.Empty(Planner.Plan(BondSample.Intent(), host).Objections);
    }

    [Theory]
    [InlineData(BondSample.First, BondSample.Second)]
    [InlineData(BondSample.Second, BondSample.First)]
    public void The_bond_has_the_address_of_the_first_member(string first, string second)
    {
        HostState after = Applied(BondSample.Intent(members: [first, second]), BondSample.Switchdev());

        Assert.Equal(first == BondSample.First ? "0c:42:a1:00:00:0a" : "0c:42:a1:00:00:0b",
            after.FindDevice("bond0")!.Address.ToString());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Reverting_restores_the_initial_state(string from, string to)
    {
        foreach (HostState start in (HostState[])[BondSample.Switchdev(), BondSample.Bonded(from)])
        {
            var simulated = new SimulatedHost(start);
            var done = new Stack<StepAction>();
            foreach (Step step in Planner.Plan(BondSample.Intent(to) with { Bridges = [] }, start).Steps)
            {
                if (simulated.Run(step.Action))
                {
                    done.Push(step.Action);
                }
            }

            foreach (StepAction back in done.SelectMany(action => action.Inverse))
            {
                simulated.Run(back);
            }

            Assert.Equal(Told(start), Told(simulated.State));
            Assert.Equal(start.FindBond("bond0")?.Mode, simulated.State.FindBond("bond0")?.Mode);
        }
    }

    [Fact]
    public void A_bond_that_somebody_else_manages_is_not_touched()
    {
        HostIntent intent = BondSample.Intent("active-backup");
        intent = intent with { Bonds = [intent.Bonds[0] with { Managed = Management.Observe }] };

        Assert.True(Planner.Plan(intent, BondSample.Bonded()).IsEmpty);
    }

    [Fact]
    public void Before_the_network_is_up_the_bond_is_built_and_no_bridge()
    {
        string[] kinds =
        [
            .. Planner.Plan(BondSample.Intent(), BondSample.Fresh(), Stage.Pre).Steps.Select(step => step.Action.Kind),
        ];

        Assert.Contains("bond", kinds);
        Assert.DoesNotContain("port", kinds);
    }

    private static HostState Lost(HostState host) =>
        WithLag(host, VfLag.Inactive("mlx5 did not take it", "lag/state: disabled"));

    private static HostState WithLag(HostState host, VfLag lag) => host with
    {
        Bonds = host.Bonds.Map<ImmutableArray<BondState>>(bonds => [bonds[0] with { VfLag = lag }]),
    };

    private static HostState Options(HostState host, Func<BondOptions, BondOptions> change) => host with
    {
        Bonds = host.Bonds.Map<ImmutableArray<BondState>>(
            bonds => [bonds[0] with { Options = change(bonds[0].Options) }]),
    };

    private static HostIntent Profile(HostIntent intent, Func<BondOptions, BondOptions> change) => intent with
    {
        Bonds =
        [
            intent.Bonds[0] with
            {
                Settings = intent.Bonds[0].Settings! with { Options = change(intent.Bonds[0].Settings!.Options) },
            },
        ],
    };

    private static string Objection(HostIntent intent, HostState host, ObjectionKind kind)
    {
        Plan plan = Planner.Plan(intent, host);
        Assert.Contains(plan.Objections, objection => objection.Kind == kind);
        return string.Join('\n', plan.Objections);
    }

    private static StepAction[] Actions(HostIntent intent, HostState host)
    {
        Plan plan = Planner.Plan(intent, host);
        Assert.Empty(plan.Objections);
        return [.. plan.Steps.Select(step => step.Action)];
    }

    private static HostState Applied(HostIntent intent, HostState start)
    {
        var simulated = new SimulatedHost(start);
        for (int round = 0; ; round++)
        {
            Plan plan = Planner.Plan(intent, simulated.State);
            Assert.True(plan.Objections.IsEmpty, string.Join('\n', plan.Objections));
            if (plan.Steps.IsEmpty)
            {
                return simulated.State;
            }

            Assert.True(round < 2, string.Join('\n', plan.Steps.Select(step => step.Action.Summary)));
            foreach (Step step in plan.Steps)
            {
                simulated.Run(step.Action);
            }
        }
    }

    private static IEnumerable<string> Told(HostState host) =>
    [
        .. host.KnownFunctions.SelectMany(
            pf => pf.VirtualFunctions, (pf, vf) => $"{pf} {vf.Index} {vf.Driver} {vf.Mac}"),
        .. host.Devices.Value.OrderBy(device => device.Index).Select(device =>
            $"{device.Name} {device.Address} {device.Mtu} {device.Up} {device.Master} "
                + $"{string.Join(',', device.Addresses)}"),
    ];
}
