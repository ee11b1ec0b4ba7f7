using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class RepresentorTests
{
    private static readonly Reading<OffloadFeature> Off = Reading.Known(new OffloadFeature(false, false));
    private static readonly Reading<OffloadFeature> Fixed = Reading.Known(new OffloadFeature(false, true));

    [Fact]
    public void Tc_offload_that_is_off_is_switched_on_at_the_uplink_and_at_representors()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithDevice(SampleHost.Uplink, device => device with { HwTcOffload = Off })
            .WithRepresentor(1, device => device with { HwTcOffload = Off });

        Assert.Equal(
            [new UplinkOf(Planned.Pf), new RepresentorOf(Planned.Pf, 1)],
            Planned.Switchdev(host, 2).All<SetHwTcOffload>().Select(step => step.Device));
    }

    [Fact]
    public void Tc_offload_that_a_representor_cannot_have_is_an_objection()
    {
        HostState host = SampleHost.ConnectX6Dx().WithRepresentor(0, device => device with { HwTcOffload = Fixed });

        Objection objection = Planned.Switchdev(host, 2).Objection();

        Assert.Equal(ObjectionKind.Unsupported, objection.Kind);
        Assert.Contains("CONFIG_NET_TC_SKB_EXT", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tc_offload_that_an_uplink_cannot_have_is_passed_over() => Assert.True(Planned.Switchdev(
        SampleHost.ConnectX6Dx().WithDevice(SampleHost.Uplink, device => device with { HwTcOffload = Fixed }), 2)
        .IsEmpty);

    [Fact]
    public void Representors_and_an_uplink_that_are_down_are_set_up()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithDevice(SampleHost.Uplink, device => device with { Up = false })
            .WithRepresentor(0, device => device with { Up = false });

        Assert.Equal(
            [
                new SetLinkUp(new UplinkOf(Planned.Pf), false, true),
                new SetLinkUp(new RepresentorOf(Planned.Pf, 0), false, true),
            ],
            Planned.Switchdev(host, 2).Steps.Select(step => step.Action));
    }

    [Fact]
    public void A_representor_that_is_down_is_left_so_where_an_agent_is_in_charge()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithRepresentor(0, device => device with { Up = false, HwTcOffload = Off })
            .WithSwitch(state => state with { Agents = ["OVN"] });

        Assert.Equal("hw-tc-offload", Planned.Switchdev(host, 2).Order());
    }

    [Fact]
    public void New_representors_are_not_set_up_where_an_agent_is_in_charge() => Assert.Empty(Planned.Switchdev(
        SampleHost.Fresh().WithSwitch(state => state with { Agents = ["OVN"] }), 2).All<SetLinkUp>());

    [Fact]
    public void Representors_that_are_still_to_come_are_waited_for()
    {
        Plan plan = Planned.Switchdev(SampleHost.ConnectX6Dx(3).WithoutRepresentor(1), 3);

        Assert.Equal(new WaitForRepresentors(Planned.Pf, 3), Assert.Single(plan.Steps).Action);
        Assert.StartsWith("1 of 3 VFs", plan.Steps[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Representors_of_other_hosts_and_of_sub_functions_are_none_of_our_VFs()
    {
        HostState host = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            Representors = pf.Representors.Map<ImmutableArray<Representor>>(all =>
            [
                all[0] with { External = true, Controller = 1 },
                all[0],
                all[1],
                new Representor { Function = "sf7", PortIndex = 9 },
            ]),
        });

        Assert.True(Planned.Switchdev(host, 2).IsEmpty);
    }

    [Fact]
    public void Representors_that_could_not_be_listed_are_not_waited_for() => Assert.Empty(Planned.Switchdev(
        SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            Representors = Reading.Failed<ImmutableArray<Representor>>("EIO"),
        }), 2).Steps);
}
