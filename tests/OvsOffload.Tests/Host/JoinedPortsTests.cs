using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Tests.Verifying;

namespace OvsOffload.Tests.Host;

public sealed class JoinedPortsTests
{
    private static readonly HostState Apart = SampleHost.ConnectX6Dx();

    [Fact]
    public void Ports_without_bond_and_multiport_are_not_joined() => Assert.False(Of(Apart).Value);

    [Fact]
    public void Multiport_joins_them() => Assert.True(Of(With(Reading.Known(true))).Value);

    [Fact]
    public void A_NIC_without_multiport_needs_a_bond() =>
        Assert.False(Of(With(Reading.Absent<bool>("no such parameter"))).Value);

    [Fact]
    public void Where_multiport_could_not_be_read_it_is_not_known() =>
        Assert.Equal("EIO", Of(With(Reading.Failed<bool>("EIO"))).Why);

    [Fact]
    public void Where_the_bonds_could_not_be_read_it_is_not_known_unless_multiport_joins_them()
    {
        HostState unread = Apart with { Bonds = Reading.Failed<ImmutableArray<BondState>>("EIO") };

        Assert.Equal("EIO", Of(unread).Why);
        Assert.True(Of(With(Reading.Known(true), unread)).Value);
    }

    [Theory]
    [InlineData(false, "Warning")]
    [InlineData(true, "Ok")]
    [InlineData(null, "Skipped")]
    public void A_bridge_with_the_uplink_of_one_and_VFs_of_the_other_is_judged_by_that(bool? multiport, string status)
    {
        Reading<bool> read = multiport is { } on ? Reading.Known(on) : Reading.Failed<bool>("EIO");
        HostState host = FaultySwitches.ByCheck["O41"].Host.WithPlatform(platform => platform with
        {
            Functions = platform.Functions.ToImmutableDictionary(
                one => one.Key, one => one.Value with { Multiport = read }),
        });

        Assert.Equal(status, $"{Assert.Single(Examined.One("O41", host)).Status}");
    }

    private static Reading<bool> Of(HostState state) => JoinedPorts.Of(state, state.KnownFunctions[0]);

    private static HostState With(Reading<bool> multiport, HostState? state = null) =>
        (state ?? Apart).WithAround(around => around with { Multiport = multiport });
}
