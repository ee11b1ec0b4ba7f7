using System.Runtime.InteropServices;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public sealed class LinkStatisticsTests
{
    private const ushort NewStatistics = 92;

    [Fact]
    public async Task A_representors_slow_path_is_told_apart_from_its_total()
    {
        var total = new LinkTraffic(1000, 2000, 100_000, 200_000, 1, 2, 3, 4);
        var slowPath = new LinkTraffic(8, 13, 656, 1082, 0, 0, 0, 0);
        var kernel = FakeKernel.WithAnswers(Bytes.Datagram(
            Message(9, Structure(1, total), Bytes.Nest(4, Structure(1, slowPath))),
            Message(4, Structure(1, total)),
            Message(5, Structure(1, total), Bytes.Nest(4, Bytes.Nest(2, Bytes.Attribute(1, 0)))),
            Bytes.Done()));

        IReadOnlyDictionary<int, LinkCounters> counters = await new LinkStatistics(kernel)
            .ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new LinkCounters(total, slowPath), counters[9]);
        Assert.Equal(new LinkCounters(total, null), counters[4]);
        Assert.Equal(new LinkCounters(total, null), counters[5]);
        Assert.Equal(
            Bytes.FromHex("1c000000 5e000103 00000000 00000000 00000000 00000000 09000000"), kernel.Requests[0]);
    }

    [Fact]
    public async Task A_link_without_counters_is_malformed_and_not_zero()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Datagram(Message(9), Bytes.Done()));

        await Assert.ThrowsAsync<NetlinkMalformedException>(
            () => new LinkStatistics(kernel).ReadAsync(TestContext.Current.CancellationToken));
    }

    private static byte[] Message(int index, params byte[][] attributes) => Bytes.Message(
        NewStatistics, 2, [[0, 0, 0, 0, .. Bytes.Int32(index), 9, 0, 0, 0], .. attributes]);

    /// <summary>As long as the kernel's structure, of which ours is the front.</summary>
    private static byte[] Structure(ushort type, LinkTraffic traffic)
    {
        byte[] bytes = new byte[25 * sizeof(ulong)];
        MemoryMarshal.Write(bytes, traffic);
        return Bytes.Attribute(type, bytes);
    }
}
