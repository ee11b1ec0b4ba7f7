using System.Net;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public class NeighboursTests
{
    private const string Table =
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        + "192.0.2.20       0x1         0x2         0c:42:a1:00:00:01     *        enp59s0f0np0\n"
        + "192.0.2.21       0x1         0x0         00:00:00:00:00:00     *        enp59s0f0np0\n";

    [Fact]
    public void An_entry_is_resolved_when_it_is_complete() => Assert.Equal(
    [
        new Neighbour(IPAddress.Parse("192.0.2.20"), true, "enp59s0f0np0"),
        new Neighbour(IPAddress.Parse("192.0.2.21"), false, "enp59s0f0np0"),
    ], Neighbours.Parse(Table));

    [Fact]
    public void Cut_or_mutated_anywhere_it_never_throws_and_tells_no_more_than_it_holds()
    {
        for (int position = 0; position < Table.Length; position++)
        {
            Assert.True(Neighbours.Parse(Table[..position]).Count <= 2);
            Assert.True(Neighbours.Parse(Table[..position] + '\uFFFD' + Table[(position + 1)..]).Count <= 2);
        }
    }
}
