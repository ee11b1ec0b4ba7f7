using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Host;

public sealed class RdmaUsersTests : IDisposable
{
    private const string Address = "0000:3b:00.0";

    private readonly HostTree _host = new();

    // The tree looks like a host on which all processes are seen.
    public RdmaUsersTests() => _host.Link("/proc/self/ns/pid", "pid:[4026531836]").Dir("/proc/1/fd");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_process_with_the_verbs_node_open_uses_it()
    {
        WithRdma().File("/proc/4242/comm", "fio\n").Link("/proc/4242/fd/5", "/dev/infiniband/uverbs0");

        Holder user = (await UserAsync(_ => [Bytes.Done()])).Value;

        Assert.Equal(
            (HolderKind.Rdma, "fio (pid 4242) has /dev/infiniband/uverbs0 open"), (user.Kind, user.Description));
        Assert.Equal([4242], user.Processes);
    }

    [Fact]
    public async Task A_verbs_node_of_another_card_is_ignored()
    {
        WithRdma().File("/proc/4242/comm", "fio\n").Link("/proc/4242/fd/5", "/dev/infiniband/uverbs7");

        Assert.True((await UserAsync(_ => [Bytes.Done()])).IsAbsent);
    }

    /// <summary>A container may have the host's second device as its first.</summary>
    [Fact]
    public async Task Which_node_is_open_the_number_of_its_device_says_and_not_its_name()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "to make a device takes root");
        WithRdma().Dir("/dev/infiniband").File("/sys/class/infiniband_verbs/uverbs0/dev", "1:3\n")
            .File("/sys/class/infiniband_verbs/uverbs7/dev", "1:5\n").File("/proc/4242/comm", "fio\n")
            .Link("/proc/4242/fd/5", "/dev/infiniband/uverbs7");
        await new ProcessRunner(TimeProvider.System).RunAsync(
            new ProcessRequest(["mknod", _host.At("/dev/infiniband/uverbs7"), "c", "1", "3"]),
            TestContext.Current.CancellationToken);

        Assert.Equal(
            "fio (pid 4242) has /dev/infiniband/uverbs0 open",
            (await UserAsync(_ => [Bytes.Done()])).Value.Description);
    }

    [Fact]
    public async Task A_verbs_node_in_a_tree_of_its_own_counts_as_the_hosts_of_that_name()
    {
        WithRdma().File("/proc/4242/comm", "fio\n").Link("/proc/4242/fd/5", "/infiniband/uverbs0");

        Assert.True((await UserAsync(_ => [Bytes.Done()])).IsKnown);
    }

    [Theory]
    [InlineData("nvme_rdma", "the kernel module nvme_rdma has RDMA connections over mlx5_0")]
    [InlineData("ib_core", null)]
    [InlineData("mlx5_ib", null)]
    public async Task Storage_of_the_kernel_uses_it_and_what_the_driver_has_for_itself_does_not(
        string module, string? words)
    {
        WithRdma();

        Reading<Holder> user = await UserAsync(
            QueuePair(Bytes.Attribute(26, 2), Bytes.Text(29, module)));

        Assert.Equal(words, user.ValueOrDefault()?.Description);
        Assert.Equal(words is null, user.IsAbsent);
    }

    [Fact]
    public async Task A_process_whose_queue_pairs_the_kernel_shows_uses_it()
    {
        WithRdma().File("/proc/77/comm", "ucx\n");

        Assert.Equal(
            "ucx (pid 77) has RDMA connections over mlx5_0",
            (await UserAsync(QueuePair(Bytes.Attribute(26, 2), Bytes.Attribute(28, Bytes.Int32(77)))))
                .Value.Description);
    }

    [Fact]
    public async Task Unknown_RDMA_use_is_not_treated_as_unused()
    {
        WithRdma();

        Reading<Holder> user = await UserAsync(_ => [Bytes.Error(1)]);

        Assert.True(user.IsFailed);
        Assert.Contains("EPERM", user.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_cannot_be_inspected_may_use_the_RDMA_device()
    {
        WithRdma().File("/proc/500/fd/3", "");

        Assert.True((await UserAsync(_ => [Bytes.Done()])).IsFailed);
    }

    [Fact]
    public async Task A_function_without_an_RDMA_device_needs_no_lookup()
    {
        _host.Pci(Address, "15b3:101d");

        Assert.True((await UserAsync(_ => throw new InvalidOperationException("asked"))).IsAbsent);
    }

    private HostTree WithRdma() => _host.Pci(Address, "15b3:101d")
        .Dir($"/sys/bus/pci/devices/{Address}/infiniband/mlx5_0")
        .Dir($"/sys/bus/pci/devices/{Address}/infiniband_verbs/uverbs0");

    private async Task<Reading<Holder>> UserAsync(Func<byte[], IEnumerable<byte[]>> kernel)
    {
        PciFunction function = new PciFunctions(_host.Paths).Read(PciAddress.Parse(Address)).Value;
        RdmaUsers users = await RdmaSource.ReadAsync(
            _host.Paths, new Opener(kernel), [function], TestContext.Current.CancellationToken);
        return users.Of(function);
    }

    /// <summary>A kernel with the device mlx5_0 and one queue pair.</summary>
    private static Func<byte[], IEnumerable<byte[]>> QueuePair(params byte[][] attributes) =>
        request => BitConverter.ToUInt16(request, 4) == 5121
            ? [Bytes.Message(5121, 2, Bytes.Attribute(1, Bytes.Int32(0)), Bytes.Text(2, "mlx5_0")), Bytes.Done()]
            : [Bytes.Message(5130, 2, Bytes.Nest(19, Bytes.Nest(20, attributes))), Bytes.Done()];

    private sealed class Opener(Func<byte[], IEnumerable<byte[]>> kernel) : INetlinkOpener
    {
        public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null)
        {
            Assert.Equal(NetlinkProtocol.Rdma, protocol);
            return new FakeKernel(kernel);
        }
    }
}
