using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class RevertMtuTests
{
    private static readonly HostIntent Intent =
        new() { Nics = [SampleIntent.Nic(NicMode.Switchdev, 2) with { Mtu = 9000 }] };

    /// <summary>A host that was in switchdev mode with VFs before, so that its representors stay.</summary>
    private static readonly HostState Applied = RevertSample.Applied(SampleHost.ConnectX6Dx(), Intent);

    [Fact]
    public void Uplink_and_representors_get_back_what_they_had()
    {
        Plan plan = RevertSample.Revert(Applied, Intent);

        Assert.Equal(
            [
                new SetMtu(new UplinkOf(Planned.Pf), 9000, 1500),
                new SetMtu(new RepresentorOf(Planned.Pf, 0), 9000, 1500),
                new SetMtu(new RepresentorOf(Planned.Pf, 1), 9000, 1500),
            ],
            plan.Steps.Select(step => step.Action));
        Assert.All(plan.Steps, step => Assert.Equal("it was 1500 before ovs-offload changed it", step.Why));
        Assert.Equal([$"{SampleHost.Uplink} may lose its link for a moment"], plan.Steps[0].Disrupts);
    }

    [Fact]
    public void After_it_nothing_is_on_the_record()
    {
        var host = new SimulatedHost(Applied);
        foreach (Step step in RevertSample.Revert(Applied, Intent).Steps)
        {
            host.Run(step.Action);
        }

        Assert.Empty(host.State.Changes.Value.All);
        Assert.Equal(1500, host.State.KnownFunctions[0].Uplink!.Mtu);
    }

    [Fact]
    public void Representors_that_came_with_the_mode_go_with_it_and_only_the_uplink_is_on_the_record()
    {
        HostState applied = RevertSample.Applied(SampleHost.Fresh(), Intent);

        Assert.Equal(
            ["0000:3b:00.0 uplink"],
            applied.Changes.Value.All.Where(change => change.Kind == ChangeKind.Mtu).Select(change => change.Object));
        Assert.Equal(
            [new SetMtu(new UplinkOf(Planned.Pf), 9000, 1500)],
            RevertSample.Revert(applied, Intent).All<SetMtu>());
    }

    [Fact]
    public void What_another_program_set_since_is_left()
    {
        HostState host = Applied.WithDevice(SampleHost.Uplink, device => device with { Mtu = 4000 });

        Assert.All(
            RevertSample.Revert(host, Intent).All<SetMtu>(), step => Assert.IsType<RepresentorOf>(step.Device));
    }

    [Fact]
    public void The_way_to_this_host_keeps_its_MTU()
    {
        HostState host = Applied with
        {
            Protected = Reading.Known<ImmutableArray<ProtectedDevice>>(
                [new ProtectedDevice(SampleHost.Uplink, "carries the default route")]),
        };

        Objection objection = RevertSample.Revert(host, Intent).Objection();

        Assert.Equal((ObjectionKind.Refused, SampleHost.Pf), (objection.Kind, objection.Object));
        Assert.Contains("changing its MTU may cut it", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_gets_it_back_when_it_has_left_the_bond_that_ovs_offload_made()
    {
        // The uplink had an MTU of its own first; the configuration made it a member later.
        HostState host = Recorded(RevertSample.Applied(BondSample.Fresh(), BondSample.Intent()));

        Plan plan = RevertSample.Revert(host, BondSample.Intent());

        Assert.Empty(plan.Objections);
        StepAction[] steps = [.. plan.Steps.Select(step => step.Action)];
        int left = Array.IndexOf(steps, new RemoveBondMember("bond0", new UplinkOf(Planned.Pf)));
        Assert.InRange(left, 0, Array.IndexOf(steps, new SetMtu(new UplinkOf(Planned.Pf), 9000, 1500)));
    }

    [Fact]
    public void A_member_of_a_bond_that_stays_is_left_and_named()
    {
        HostState host = Recorded(BondSample.Bonded() with { Changes = Reading.Known(RecordedChanges.None) });

        Plan plan = RevertSample.Revert(host, new HostIntent());

        Assert.Empty(plan.All<SetMtu>());
        Assert.Contains(
            $"the MTU of {SampleHost.Uplink} was 1500 before ovs-offload changed it; left unchanged, because it is a "
                + "member of bond0", plan.Notes);
    }

    private static HostState Recorded(HostState host) => host with
    {
        Changes = host.Changes.Map(changes =>
            changes.With(ChangeKind.Mtu, $"{new UplinkOf(Planned.Pf)}", "1500", "9000")),
    };
}
