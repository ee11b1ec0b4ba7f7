using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>
/// A bond of ours without members is a state to mend, and revert knows where what it carries came from.
/// </summary>
public class EmptyBondTests
{
    private static readonly HostState Start = RevertSample.Carrying(BondSample.Fresh())
        .WithDevice(SampleHost.Uplink, device => device with { Mtu = 9000 });

    [Theory]
    [InlineData("lacp")]
    [InlineData("active-backup")]
    public void After_a_kill_at_any_step_the_next_apply_reaches_the_same_state(string profile)
    {
        HostIntent intent = RevertSample.Bonded(profile);
        HostState whole = InterruptedChangesTests.RunToItsEnd(Start, state => Planner.Plan(intent, state), "whole");

        foreach ((string where, HostState killed) in InterruptedChangesTests.Killed(
            Start, state => Planner.Plan(intent, state)))
        {
            HostState after = InterruptedChangesTests.RunToItsEnd(killed, state => Planner.Plan(intent, state), where);

            Assert.Equal(VfLagState.Active, after.FindBond("bond0")!.VfLag.State);
            Same(where, Told(whole), Told(after));
        }
    }

    [Theory]
    [InlineData("lacp")]
    [InlineData("active-backup")]
    public void After_a_kill_at_any_step_revert_restores_the_initial_state(string profile)
    {
        HostIntent intent = RevertSample.Bonded(profile);

        foreach ((string where, HostState killed) in InterruptedChangesTests.Killed(
            Start, state => Planner.Plan(intent, state)))
        {
            HostIntent goal = RevertGoal.Of(intent, killed, only: null);
            HostState after = InterruptedChangesTests.RunToItsEnd(
                killed, state => RevertPlanner.Plan(goal, state), where);

            Same(where, RevertSample.Told(Start), RevertSample.Told(after));
        }
    }

    [Theory]
    [InlineData("lacp")]
    [InlineData("active-backup")]
    public void After_a_kill_at_any_step_of_a_revert_the_next_one_restores_the_initial_state(string profile)
    {
        HostIntent intent = RevertSample.Bonded(profile);
        HostState applied = RevertSample.Applied(Start, intent);

        foreach ((string where, HostState killed) in InterruptedChangesTests.Killed(
            applied, state => RevertPlanner.Plan(RevertGoal.Of(intent, state, only: null), state)))
        {
            HostIntent goal = RevertGoal.Of(intent, killed, only: null);
            HostState after = InterruptedChangesTests.RunToItsEnd(
                killed, state => RevertPlanner.Plan(goal, state), where);

            Same(where, RevertSample.Told(Start), RevertSample.Told(after));
        }
    }

    [Theory]
    [InlineData("lacp", true)]
    [InlineData("lacp", false)]
    [InlineData("active-backup", true)]
    public void Members_that_somebody_took_out_come_back_and_then_the_drivers_of_the_VFs(string profile, bool record)
    {
        HostIntent intent = RevertSample.Bonded(profile);
        HostState applied = RevertSample.Applied(Start, intent);
        HostState empty = Emptied(record ? applied : applied with { Changes = Reading.Known(RecordedChanges.None) });

        string[] kinds = [.. Planner.Plan(intent, empty).Steps.Select(step => step.Action.Kind)];
        HostState after = InterruptedChangesTests.RunToItsEnd(empty, state => Planner.Plan(intent, state), "emptied");

        Assert.Equal(2, kinds.Count(kind => kind == "bond-member"));
        Assert.DoesNotContain("bond-member-remove", kinds);
        Assert.DoesNotContain("link-address", kinds);
        Assert.True(Array.IndexOf(kinds, "vf-unbind") < Array.IndexOf(kinds, "bond-member"));
        Assert.True(Array.IndexOf(kinds, "wait-vf-lag") < Array.LastIndexOf(kinds, "vf-driver"));
        Same("emptied", Told(applied), Told(after));
    }

    [Fact]
    public void The_way_to_this_host_over_an_empty_bond_cannot_be_cut_any_more()
    {
        HostIntent intent = RevertSample.Bonded("lacp") with { Bridges = [] };
        HostState empty = Emptied(RevertSample.Applied(Start, intent)) with
        {
            Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
                [new ProtectedDevice("bond0", "carries the default route via 192.0.2.1")]),
        };

        Assert.Empty(Planner.Plan(intent, empty).Objections);
        Assert.Empty(RevertSample.Revert(empty, intent).Objections);
    }

    [Fact]
    public void A_bond_that_lost_one_member_gets_it_back_and_the_other_stays_in()
    {
        HostIntent intent = RevertSample.Bonded("lacp");
        var host = new SimulatedHost(RevertSample.Applied(Start, intent));
        host.Run(new RemoveBondMember("bond0", new UplinkOf(OvsOffload.Sysfs.PciAddress.Parse(BondSample.Second))));

        Plan plan = Planner.Plan(intent, host.State);

        Assert.Equal($"bond0 {BondSample.Second} uplink", Assert.Single(plan.All<AddBondMember>()).Object);
        Assert.Empty(plan.All<RemoveBondMember>());
        Assert.Empty(plan.Objections);
    }

    [Fact]
    public void A_card_that_offers_no_LAG_is_an_objection_only_once_the_bond_has_its_members()
    {
        HostIntent intent = RevertSample.Bonded("lacp");
        HostState applied = RevertSample.Applied(Start, intent).WithBond(bond => bond with
        {
            VfLag = VfLag.Inactive("the firmware offers no LAG", "no lag"),
            Lag = Reading.Absent<OvsOffload.Sysfs.Mlx5Lag>("no directory lag"),
        });

        Assert.Contains(
            "VF-LAG cannot become active", Planner.Plan(intent, applied).Objection().Text, StringComparison.Ordinal);
        Assert.Empty(Planner.Plan(intent, Emptied(applied)).Objections);
    }

    [Fact]
    public void Of_one_PF_the_bond_goes_also_when_it_has_lost_its_members()
    {
        HostIntent intent = RevertSample.Bonded("lacp");
        HostState empty = Emptied(RevertSample.Applied(Start, intent));

        Plan plan = RevertSample.Revert(empty, intent, BondSample.First);

        Assert.Empty(plan.Objections);
        Assert.Equal("bond0", Assert.Single(plan.All<DeleteBond>()).Name);
    }

    /// <summary>As <c>ip link set DEVICE nomaster</c> leaves it, which no record tells.</summary>
    private static HostState Emptied(HostState host)
    {
        var simulated = new SimulatedHost(host);
        foreach (string pf in (string[])[BondSample.First, BondSample.Second])
        {
            simulated.Run(new RemoveBondMember("bond0", new UplinkOf(OvsOffload.Sysfs.PciAddress.Parse(pf))));
        }

        return simulated.State with { Changes = host.Changes };
    }

    private static IEnumerable<string> Told(HostState host) =>
    [
        .. RevertSample.Told(host),
        .. host.KnownFunctions.SelectMany(
            pf => pf.VirtualFunctions, (pf, vf) => $"{pf} {vf.Index} {vf.Driver} {vf.Mac}"),
        .. host.Devices.Value.Where(device => device.Kind != "openvswitch")
            .Select(device => $"{device.Name} {device.Mtu} {device.Address}").Order(StringComparer.Ordinal),
    ];

    private static void Same(string where, IEnumerable<string> expected, IEnumerable<string> actual) => Assert.True(
        expected.SequenceEqual(actual),
        $"{where}\n- {string.Join("\n- ", expected.Except(actual))}\n+ {string.Join("\n+ ", actual.Except(expected))}");
}
