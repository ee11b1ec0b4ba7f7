using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class InverseTests
{
    public static TheoryData<string> Kinds =>
    [
        .. typeof(StepAction).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(StepAction)) && !type.IsAbstract)
            .Select(type => type.Name),
    ];

    public static TheoryData<string> Restorable =>
    [
        .. SampleActions.All.Where(action => Inverse.Of(action) is [var one] && Inverse.Of(one) is [_])
            .Select(action => action.GetType().Name),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_step_has_a_sample(string type) =>
        Assert.Single(SampleActions.All, action => action.GetType().Name == type);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_step_is_undone_or_known_to_leave_nothing_behind(string type)
    {
        StepAction action = SampleActions.Of(type);

        Assert.Equal(SampleActions.LeaveNothing.Contains(action.GetType()), Inverse.Of(action).IsEmpty);
        Assert.Equal(Inverse.Of(action).IsEmpty ? "nothing to undo" : Inverse.Of(action)[0].Summary,
            Inverse.Describe(action).Split("; ")[0]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_step_belongs_to_its_PF_or_bond_or_to_Open_vSwitch(string type)
    {
        StepAction action = SampleActions.Of(type);
        bool bond = action is SetMtu or SetLinkAddress or MoveAddresses or MoveVlan
            || action is KeepRoutes or MoveRoutes or WaitForRouter || type.Contains("Bond", StringComparison.Ordinal) || type.Contains("VfLag", StringComparison.Ordinal);
        bool named = action is SetHwTcOffload or SetLinkUp || action.GetType().GetProperty("Pf") is not null;

        Assert.Equal(named ? Planned.Pf : null, Scope.Of(action));
        Assert.Equal(bond ? "bond0" : null, Scope.BondOf(action));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_step_has_a_way_to_be_run(string type)
    {
        StepAction action = SampleActions.Of(type);
        Type[] rooms =
        [
            typeof(PciSteps), typeof(EswitchSteps), typeof(LinkSteps), typeof(AddressSteps), typeof(BondSteps),
            typeof(SwitchSteps), typeof(AgentSteps),
        ];

        int ways = rooms.Sum(room => room.GetMethods().Count(
            method => method.GetParameters().Any(parameter => parameter.ParameterType == action.GetType())));

        Assert.Equal(action is PurgeFlows or RestartSwitch ? 0 : 1, ways);
    }

    [Theory]
    [MemberData(nameof(Restorable))]
    public void The_inverse_of_the_inverse_is_the_step_itself(string type)
    {
        StepAction action = SampleActions.Of(type);

        Assert.Equal(action, Inverse.Of(Inverse.Of(action)[0])[0]);
    }

    [Fact]
    public void VFs_that_were_taken_come_back_with_their_addresses_and_drivers()
    {
        HostState before = SampleHost.ConnectX6Dx(3)
            .WithVf(1, vf => vf with { Driver = "vfio-pci", DriverOverride = "vfio-pci", Devices = [] })
            .WithVf(2, vf => vf with { Driver = null, Devices = [] });
        var host = new SimulatedHost(before);
        var taken = new SetVfCount(Planned.Pf, 3, 0, before.KnownFunctions[0].VirtualFunctions);

        host.Run(taken);
        Assert.Empty(host.State.KnownFunctions[0].VirtualFunctions);
        foreach (StepAction action in Inverse.Of(taken))
        {
            host.Run(action);
        }

        Assert.Equal(Told(before), Told(host.State));
        Assert.True(host.State.KnownFunctions[0].DriversAutoprobe.Value);
    }

    [Fact]
    public void Autoprobe_that_was_off_is_off_again_when_VFs_come_back()
    {
        var taken = new SetVfCount(Planned.Pf, 2, 0, SampleHost.ConnectX6Dx().KnownFunctions[0].VirtualFunctions)
        {
            Autoprobe = false,
        };

        Assert.False(Inverse.Of(taken).OfType<SetDriversAutoprobe>().Last().To);
    }

    [Fact]
    public void No_VFs_taken_are_no_VFs_to_make_again() =>
        Assert.Empty(Inverse.Of(new SetVfCount(Planned.Pf, 0, 0, [])));

    [Fact]
    public void An_address_that_was_never_set_cannot_be_unset() => Assert.Empty(
        Inverse.Of(new SetVfMac(Planned.Pf, 0, null, HardwareAddress.Parse("02:00:00:00:00:01"))));

    [Fact]
    public void A_long_way_back_is_told_in_short()
    {
        var taken = new SetVfCount(Planned.Pf, 3, 0, SampleHost.ConnectX6Dx(3).KnownFunctions[0].VirtualFunctions);

        Assert.EndsWith("; and 6 more", Inverse.Describe(taken), StringComparison.Ordinal);
    }

    private static IEnumerable<object> Told(HostState host) => host.KnownFunctions[0].VirtualFunctions
        .Select(vf => (object)(vf.Index, vf.Driver, vf.DriverOverride, vf.Mac));
}
