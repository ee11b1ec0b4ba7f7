using OvsOffload.Netlink;
using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Tests.Netlink;

public class RdmaQueuePairsTests
{
    // RDMA_NL_GET_TYPE of RDMA_NLDEV_CMD_GET and RDMA_NLDEV_CMD_RES_QP_GET, rdma/rdma_netlink.h.
    private const ushort GetDevice = 5121, GetQueuePair = 5130;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_queue_pairs_of_every_device_are_read_with_who_made_them()
    {
        var kernel = new FakeKernel(request => BitConverter.ToUInt16(request, 4) == GetDevice
            ? [Device(0, "mlx5_0"), Device(3, "mlx5_2"), Done()]
            : Index(request) == 0
                ?
                [
                    QueuePairs(
                        0, "mlx5_0",
                        Entry(1, Attribute(26, 1), Text(29, "ib_core")),
                        Entry(2, Attribute(26, 2), Attribute(28, Int32(4711)))),
                    QueuePairs(0, "mlx5_0", Entry(3, Attribute(26, 2), Text(29, "nvme_rdma"))),
                    Done(),
                ]
                : [QueuePairs(3, "mlx5_2"), Done()]);

        IReadOnlyList<RdmaQueuePair> all = await new RdmaQueuePairs(kernel).AllAsync(Cancellation);

        Assert.Equal(
            [
                new RdmaQueuePair("mlx5_0", 1, null, "ib_core"), new RdmaQueuePair("mlx5_0", 2, 4711, null),
                new RdmaQueuePair("mlx5_0", 2, null, "nvme_rdma"),
            ],
            all);
        Assert.Equal([true, false, false], all.Select(pair => pair.IsOwn));
        Assert.All(kernel.Requests.Skip(1), request => Assert.Equal(GetQueuePair, BitConverter.ToUInt16(request, 4)));
    }

    [Theory]
    [InlineData(0, "ib_core", true)]
    [InlineData(1, "ib_core", true)]
    [InlineData(0xff, "mlx5_ib", true)]
    [InlineData(2, "mlx5_ib", true)]
    [InlineData(4, "ib_ipoib", false)]
    [InlineData(2, "ib_iser", false)]
    [InlineData(2, null, false)]
    public void Queue_pairs_of_the_core_and_the_driver_have_no_user(
        int type, string? module, bool own) =>
        Assert.Equal(own, new RdmaQueuePair("mlx5_0", (byte)type, null, module).IsOwn);

    [Fact]
    public void A_process_that_makes_a_queue_pair_of_the_cores_kind_still_uses_it() =>
        Assert.False(new RdmaQueuePair("mlx5_0", 1, 12, null).IsOwn);

    [Fact]
    public async Task A_refusal_is_not_taken_for_no_users()
    {
        var kernel = new FakeKernel(request => BitConverter.ToUInt16(request, 4) == GetDevice
            ? [Device(0, "mlx5_0"), Done()]
            : [Error(1)]);

        await Assert.ThrowsAsync<NetlinkException>(() => new RdmaQueuePairs(kernel).AllAsync(Cancellation));
    }

    private static int Index(byte[] request) => BitConverter.ToInt32(request, 20);

    private static byte[] Device(int index, string name) =>
        Message(GetDevice, 2, Attribute(1, Int32(index)), Text(2, name), Attribute(3, Int32(1)));

    private static byte[] QueuePairs(int index, string name, params byte[][] entries) => Message(
        GetQueuePair, 2, Attribute(1, Int32(index)), Text(2, name), Nest(19, entries));

    /// <summary>RDMA_NLDEV_ATTR_RES_QP_ENTRY with RES_LQPN first.</summary>
    private static byte[] Entry(int number, params byte[][] attributes) =>
        Nest(20, [Attribute(21, Int32(number)), .. attributes]);
}
