using OvsOffload.Host;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>Devices as plans and records name them.</summary>
public class DeviceReferenceTests
{
    private static readonly HostState Host = BondSample.Bonded();

    [Fact]
    public void An_uplink_is_read_back_from_its_entry_in_the_record() => Assert.Equal(
        new UplinkOf(Planned.Pf), DeviceReference.Parse($"{new UplinkOf(Planned.Pf)}", Host));

    [Fact]
    public void A_bond_is_read_back_from_its_entry_in_the_record() => Assert.Equal(
        new DeviceNamed("bond0"), DeviceReference.Parse($"{new DeviceNamed("bond0")}", Host));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bond1")]
    [InlineData("0000:99:00.0 uplink")]
    [InlineData("nonsense uplink")]
    public void An_entry_of_a_device_that_is_gone_names_none(string? text) =>
        Assert.Null(DeviceReference.Parse(text, Host));

    [Fact]
    public void Every_kind_of_device_is_found_on_the_host()
    {
        var host = new SimulatedHost(Host);
        host.Run(new AddBridge("br2"));

        Assert.All(
            new DeviceReference[]
            {
                new UplinkOf(Planned.Pf), new RepresentorOf(Planned.Pf, 0), new DeviceNamed("bond0"),
                new LocalPortOf("br2"),
            },
            reference => Assert.NotNull(reference.In(host.State)));
    }

    [Fact]
    public void The_members_of_a_bond_are_the_uplinks_of_their_PFs() => Assert.Equal(
        [new UplinkOf(Planned.Pf)],
        Host.FindBond("bond0")!.Members.Select(DeviceReference.Of).Where(member => member == new UplinkOf(Planned.Pf)));
}
