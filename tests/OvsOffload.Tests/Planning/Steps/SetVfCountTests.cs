using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>How VFs that were taken come back, and what cannot be undone.</summary>
public class SetVfCountTests
{
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
        foreach (StepAction action in taken.Inverse)
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

        Assert.False(taken.Inverse.OfType<SetDriversAutoprobe>().Last().To);
    }

    [Fact]
    public void No_VFs_taken_are_no_VFs_to_make_again() =>
        Assert.Empty(new SetVfCount(Planned.Pf, 0, 0, []).Inverse);

    [Fact]
    public void An_address_that_was_never_set_cannot_be_unset() => Assert.Empty(
        new SetVfMac(Planned.Pf, 0, null, HardwareAddress.Parse("02:00:00:00:00:01")).Inverse);

    [Fact]
    public void A_long_way_back_is_told_in_short()
    {
        var taken = new SetVfCount(Planned.Pf, 3, 0, SampleHost.ConnectX6Dx(3).KnownFunctions[0].VirtualFunctions);

        Assert.EndsWith("; and 6 more", taken.Undo, StringComparison.Ordinal);
    }

    private static IEnumerable<object> Told(HostState host) => host.KnownFunctions[0].VirtualFunctions
        .Select(vf => (object)(vf.Index, vf.Driver, vf.DriverOverride, vf.Mac));
}
