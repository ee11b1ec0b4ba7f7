using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Host;

/// <summary>Which PFs are ports of one card.</summary>
public class SameCardTests
{
    private static readonly DevlinkHandle Chip = new("devlink_index", "1");

    [Fact]
    public void Devlinks_device_of_the_chip_decides_before_anything_else()
    {
        (PhysicalFunction first, PhysicalFunction second) = Ports("0000:d8:00.0", "aa", "bb");

        Assert.False(first.IsOnSameCard(second));
        Assert.True((first with { Chip = Chip }).IsOnSameCard(second with { Chip = Chip }));
    }

    [Fact]
    public void PFs_of_two_chips_are_of_two_cards_even_with_one_switch_id()
    {
        (PhysicalFunction first, PhysicalFunction second) = Ports("0000:3b:00.1", "aa", "aa");

        Assert.True(first.IsOnSameCard(second));
        Assert.False((first with { Chip = Chip }).IsOnSameCard(
            second with { Chip = Chip with { Device = "2" } }));
    }

    [Fact]
    public void Where_only_one_has_a_chip_the_switch_id_decides()
    {
        (PhysicalFunction first, PhysicalFunction second) = Ports("0000:3b:00.1", "aa", "aa");

        Assert.True((first with { Chip = Chip }).IsOnSameCard(second));
    }

    private static (PhysicalFunction First, PhysicalFunction Second) Ports(string second, string mine, string its)
    {
        PhysicalFunction pf = SampleHost.ConnectX6Dx().KnownFunctions[0];
        return (pf with { SwitchId = mine }, pf with { Address = PciAddress.Parse(second), SwitchId = its });
    }
}
