using System.Text;
using OvsOffload.Netlink;
using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Tests.Netlink;

public class KernelDatapathsTests
{
    private const ushort Control = 16, Datapaths = 0x22, Ports = 0x24;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ports_of_every_datapath_are_read_by_its_index()
    {
        var kernel = new FakeKernel(request => Type(request) switch
        {
            Control => [Datagram(FamilyOf(request), Acknowledgement())],
            Datapaths => [Datapath(4, "ovs-system"), Datapath(9, "dp1"), Done()],
            _ => [.. Index(request) == 4
                ? new[] { Port(4, 0, "ovs-system"), Port(4, 1, "br0"), Port(4, 2, "eth0") }
                : [Port(9, 0, "dp1")], Done()],
        });

        System.Collections.Immutable.ImmutableArray<KernelDatapath> all = await new KernelDatapaths(kernel)
            .AllAsync(Cancellation);

        Assert.Equal([(4, "ovs-system"), (9, "dp1")], all.Select(one => (one.Index, one.Name)));
        Assert.Equal(["br0", "eth0", "ovs-system"], all[0].Ports.Order());
        Assert.Equal("dp1", Assert.Single(all[1].Ports.Order()));
    }

    [Fact]
    public async Task A_kernel_without_the_module_has_none() => Assert.Empty(
        await new KernelDatapaths(new FakeKernel(_ => [Error(2)])).AllAsync(Cancellation));

    [Fact]
    public async Task A_kernel_that_refuses_is_a_failure_and_not_an_empty_list()
    {
        var kernel = new FakeKernel(request =>
            Type(request) == Control ? [Datagram(FamilyOf(request), Acknowledgement())] : [Error(1)]);

        NetlinkException refused = await Assert.ThrowsAsync<NetlinkException>(
            () => new KernelDatapaths(kernel).AllAsync(Cancellation));

        Assert.Contains("EPERM", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public async Task What_a_real_kernel_answers_is_what_ovs_dpctl_prints(string version)
    {
        var capture = Capture.Load(version, "ovs-dpctl-show");
        var kernel = new FakeKernel(request => Type(request) == Control
            ? [Datagram(capture.Answers(Control).First(family => AsksFor(request, NameOf(family))), Acknowledgement())]
            : [.. capture.Answers(Type(request)).Where(answer => (answer[6] & 2) != 0), Done()]);

        System.Collections.Immutable.ImmutableArray<KernelDatapath> all = await new KernelDatapaths(kernel)
            .AllAsync(Cancellation);

        KernelDatapath only = Assert.Single(all);
        Assert.Equal($"system@{only.Name}:", capture.Output[0]);
        Assert.Equal(
            capture.Output.Where(line => line.TrimStart().StartsWith("port ", StringComparison.Ordinal))
                .Select(line => line.Split(": ")[1].Split(' ')[0]).Order(),
            only.Ports.Order());
    }

    private static ushort Type(byte[] request) => BitConverter.ToUInt16(request, 4);

    /// <summary>dp_ifindex of struct ovs_header.</summary>
    private static int Index(byte[] request) => BitConverter.ToInt32(request, 20);

    private static bool AsksFor(byte[] request, string name) =>
        request.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"{name}\0")) >= 0;

    /// <summary>CTRL_ATTR_FAMILY_NAME, which the kernel puts first.</summary>
    private static string NameOf(byte[] family)
    {
        var reader = new AttributeReader(family.AsSpan(20), "family");
        return reader.Read() && reader.Type == 2 ? reader.String() : "";
    }

    private static byte[] FamilyOf(byte[] request) => Message(
        Control, 0, [1, 2, 0, 0], Text(2, "x"),
        Attribute(1, UInt16(request.AsSpan().IndexOf("ovs_datapath"u8) >= 0 ? Datapaths : Ports)));

    private static byte[] Datapath(int index, string name) => Message(
        Datapaths, 2, [3, 2, 0, 0], Int32(index), Text(1, name), Attribute(3, new byte[32]), Attribute(5, Int32(0)));

    private static byte[] Port(int datapath, int number, string name) => Message(
        Ports, 2, [3, 1, 0, 0], Int32(datapath), Attribute(1, Int32(number)), Attribute(2, Int32(2)), Text(3, name));
}
