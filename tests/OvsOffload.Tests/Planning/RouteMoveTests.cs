using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Planning;

public class RouteMoveTests
{
    /// <summary>203.0.113.0/24 via 192.0.2.1 metric 77.</summary>
    private static readonly IPEntry Static = Entry(
        "route 02180000fe03000100000000 15=fe000000 1=203.0.113.0 6=4d000000 5=192.0.2.1 4=00000000");

    private static readonly IPEntry IPv6Default = Entry(
        "route 0a000000fe03000100000000 15=fe000000 6=00040000 20=00 5=fe80::1 4=00000000");

    private static readonly IPEntry Nexthop = Entry("nexthop 0200000000000000 1=0a000000 5=00000000 6=192.0.2.1");

    private static readonly IPEntry OnNexthop = Entry(
        "route 02180000fe03000100000000 15=fe000000 1=198.51.100.0 30=0a000000");

    private static readonly UplinkOf First = new(Planned.Pf);
    private static readonly DeviceNamed Bond = new("bond0");

    [Fact]
    public void Routes_are_recorded_before_anything_changes_and_are_on_the_bond_once_it_has_its_members()
    {
        HostState host = With(BondSample.Fresh(), SampleHost.Uplink, Static, IPv6Default, Nexthop, OnNexthop);

        StepAction[] steps = Steps(Planner.Plan(BondSample.Intent("lacp"), host));

        int keep = Array.FindIndex(steps, step => step is SaveRoutes);
        int move = Array.FindIndex(steps, step => step is MoveRoutes);
        Assert.Equal(4, Assert.IsType<SaveRoutes>(steps[keep]).Entries.Length);
        Assert.Equal((First, Bond), (((MoveRoutes)steps[move]).From, ((MoveRoutes)steps[move]).To));
        Assert.True(keep < Array.FindIndex(steps, step => step is SetLinkUp { To: false } or AddBondMember));
        Assert.True(move > Array.FindLastIndex(steps, step => step is AddBondMember));
        Assert.Equal("record 3 routes and 1 nexthop object of 0000:3b:00.0 uplink", steps[keep].Summary);
    }

    [Fact]
    public void What_is_undone_puts_routes_back_after_the_device_that_had_them_is_up()
    {
        HostState host = With(BondSample.Fresh(), SampleHost.Uplink, Static, Nexthop);

        StepAction[] undo =
        [
            .. Steps(Planner.Plan(BondSample.Intent("lacp"), host)).AsEnumerable().Reverse()
                .SelectMany(step => step.Inverse),
        ];

        int back = Array.FindIndex(undo, step => step is MoveRoutes { To: UplinkOf });
        Assert.True(back > Array.FindIndex(undo, step => step is RemoveBondMember));
        Assert.True(back > Array.FindLastIndex(undo, step => step is SetLinkUp { Device: UplinkOf, To: true }));
        Assert.True(back < Array.FindIndex(undo, step => step is DeleteBond));
    }

    [Fact]
    public void A_revert_gives_each_member_the_routes_that_it_had_and_the_record_is_empty_after()
    {
        IPEntry other = Entry(
            "route 02180000fe03000100000000 15=fe000000 1=203.0.113.0 6=4e000000 5=192.0.2.1 4=00000000");
        HostState start = With(BondSample.Fresh(), SampleHost.Uplink, Static, Nexthop, OnNexthop);
        start = With(start, BondSample.SecondUplink, other);
        HostState applied = RevertSample.Applied(start, BondSample.Intent("lacp"));
        Assert.Equal(4, Of(applied, "bond0").Length);
        Assert.Equal(4, applied.Changes.Value.All.Count(change => change.Kind == ChangeKind.Route));

        var host = new SimulatedHost(applied);
        Plan plan = RevertPlanner.Plan(RevertGoal.Of(BondSample.Intent("lacp"), applied, null), applied);
        RecordedChanges changes = applied.Changes.Value;
        foreach (StepAction step in Steps(plan))
        {
            host.Run(step);
            changes = step.Record(changes);
        }

        Assert.Equal([Static, Nexthop, OnNexthop], Of(host.State, SampleHost.Uplink));
        Assert.Equal([other], Of(host.State, BondSample.SecondUplink));
        Assert.DoesNotContain(changes.All, change => change.Kind == ChangeKind.Route);
    }

    [Fact]
    public void What_a_run_that_was_cut_off_had_taken_is_put_back_by_the_next_apply_and_by_revert()
    {
        HostState applied = RevertSample.Applied(BondSample.Fresh(), BondSample.Intent("lacp"));
        RecordedChanges changes = new SaveRoutes(First, Bond, [Nexthop, OnNexthop]).Record(applied.Changes.Value);
        HostState cut = applied with { Changes = Reading.Known(changes) };

        MoveRoutes again = Assert.Single(Steps(Planner.Plan(BondSample.Intent("lacp"), cut)).OfType<MoveRoutes>());
        Assert.Equal((Bond, 2), (again.To, again.Entries.Length));

        Plan revert = RevertPlanner.Plan(RevertGoal.Of(BondSample.Intent("lacp"), cut, null), cut);
        MoveRoutes back = Assert.Single(Steps(revert).OfType<MoveRoutes>());
        Assert.Equal((First, 2), (back.To, back.Entries.Length));
        Assert.DoesNotContain(back.Record(again.Record(changes)).All, change => change.Kind == ChangeKind.Route);
    }

    [Fact]
    public void A_bond_that_loses_its_carrier_for_a_moment_gets_its_own_routes_back()
    {
        HostState host = With(BondSample.Bonded("active-backup"), "bond0", Static, Nexthop);

        StepAction[] steps = Steps(Planner.Plan(BondSample.Intent("lacp"), host));

        Assert.Equal((Bond, Bond), steps.OfType<SaveRoutes>().Select(step => (step.From, step.To)).Single());
        Assert.True(Array.FindIndex(steps, step => step is MoveRoutes)
            > Array.FindLastIndex(steps, step => step is AddBondMember or SetBondOptions));
    }

    [Theory]
    [InlineData(
        "dhclient", "dhclient|-4|enp59s0f0np0", "dhclient (process 77) renews it on enp59s0f0np0; stop it first")]
    [InlineData("dhcpcd", "dhcpcd||[manager]", "dhcpcd (process 77) renews it")]
    [InlineData("dhclient", "dhclient|enp59s0f1np1", "no DHCP client is known to run for enp59s0f0np0")]
    [InlineData("udhcpc", "udhcpc|-b", "no DHCP client is known to run for enp59s0f0np0")]
    public void An_address_with_a_lease_is_not_moved_and_its_client_is_named(string program, string words, string said)
    {
        HostState host = Leased() with
        {
            DhcpClients = Reading.Known<ImmutableArray<DhcpClient>>(
                [new DhcpClient(program, 77, [.. words.Split('|')])]),
        };

        Objection objection = Of(host);

        Assert.Equal(ObjectionKind.Refused, objection.Kind);
        Assert.Contains("has 192.0.2.7/24, which ends in 600 s", objection.Text, StringComparison.Ordinal);
        Assert.Contains(said, objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manager_that_renews_a_lease_is_named_and_an_unread_one_is_no_missing_one()
    {
        HostState host = Leased();
        int index = host.FindDevice(SampleHost.Uplink)!.Index;
        HostState managed = host with
        {
            Platform = host.Platform with
            {
                ManagedDevices = Reading.Known<IReadOnlyList<ManagedDevice>>(
                    [new ManagedDevice(
                        "systemd-networkd", index, "/run/systemd/netif/links/3: ADMIN_STATE=configured")]),
            },
        };

        Assert.Contains("systemd-networkd renews it", Said(managed), StringComparison.Ordinal);
        Assert.Contains(
            "cannot be determined: /proc: no",
            Said(host with { DhcpClients = Reading.Failed<ImmutableArray<DhcpClient>>("/proc: no") }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_that_could_not_be_read_are_not_taken_for_none()
    {
        HostState host = BondSample.Fresh() with { Routing = Reading.Failed<RoutingState>("ip route show: EPERM") };

        Assert.All(Planner.Plan(BondSample.Intent("lacp"), host).Objections, objection =>
            Assert.Equal(ObjectionKind.Unreadable, objection.Kind));
        Assert.NotEmpty(Planner.Plan(BondSample.Intent("lacp"), host).Objections);
    }

    [Fact]
    public void A_rule_that_names_the_device_is_said_and_a_router_is_waited_for()
    {
        HostState host = BondSample.Fresh();
        int index = host.FindDevice(SampleHost.Uplink)!.Index;
        host = host with
        {
            Routing = Reading.Known(new RoutingState(
                ImmutableDictionary<int, LinkIPState>.Empty.Add(index, LinkIPState.None with { HasRouter = true }),
                [new PolicyRule(1000, SampleHost.Uplink, null, 100)])),
        };

        Plan plan = Planner.Plan(BondSample.Intent("lacp"), host);

        Assert.Contains(plan.Notes, note => note.Contains(
            "\"1000: iif enp59s0f0np0 lookup 100\" names enp59s0f0np0", StringComparison.Ordinal));
        StepAction[] steps = Steps(plan);
        Assert.True(Array.FindIndex(steps, step => step is WaitForRouter { Device: DeviceNamed { Name: "bond0" } })
            > Array.FindLastIndex(steps, step => step is AddBondMember));
    }

    private static string Said(HostState host) => Of(host).Text;

    /// <summary>The objection to the bond; the bridge on it has one of its own.</summary>
    private static Objection Of(HostState host) => Assert.Single(
        Planner.Plan(BondSample.Intent("lacp"), host).Objections, objection => objection.Object == "bond0");

    private static HostState Leased() => BondSample.Fresh().WithDevice(SampleHost.Uplink, device => device with
    {
        Addresses = [RevertSample.Address],
        Leases = [new AddressLease(RevertSample.Address, TimeSpan.FromSeconds(600))],
    });

    private static HostState With(HostState host, string device, params ImmutableArray<IPEntry> entries) => host with
    {
        Routing = host.Routing.Map(routing => routing with
        {
            Links = routing.Links.SetItem(host.FindDevice(device)!.Index, new LinkIPState(entries)),
        }),
    };

    private static ImmutableArray<IPEntry> Of(HostState host, string device) =>
        host.Routing.Value.Of(host.FindDevice(device)).Entries;

    private static StepAction[] Steps(Plan plan)
    {
        Assert.Empty(plan.Objections);
        return [.. plan.Steps.Select(step => step.Action)];
    }

    private static IPEntry Entry(string text) => IPEntryText.Parse(text)!;
}
