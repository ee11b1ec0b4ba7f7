using Microsoft.Win32.SafeHandles;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Netlink;

/// <summary>
/// A network namespace of the test's own, with a pair of veth links, <c>left</c> and <c>right</c>. It ends with the
/// last socket in it. Skips the test where it cannot be made.
/// </summary>
internal sealed class TestNamespace : IDisposable
{
    private readonly SafeFileHandle _file;

    private TestNamespace(SafeFileHandle file) => _file = file;

    public NetlinkSocketOptions Options =>
        new() { NetworkNamespace = $"/proc/self/fd/{_file.DangerousGetHandle()}" };

    public static async Task<TestNamespace> CreateAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a network namespace needs root");
        SafeFileHandle? file = null;
        var thread = new Thread(() =>
        {
            if (Tmds.Linux.LibC.unshare(Tmds.Linux.LibC.CLONE_NEWNET) == 0)
            {
                file = File.OpenHandle("/proc/thread-self/ns/net");
            }
        });
        thread.Start();
        thread.Join();
        Assert.SkipWhen(file is null, "this kernel, or container, lets no namespace be made");
        var made = new TestNamespace(file);
        await made.AddVethAsync();
        return made;
    }

    public NetlinkSocket Open(NetlinkProtocol protocol) => new(protocol, Options);

    public void Dispose() => _file.Dispose();

    private async Task AddVethAsync()
    {
        const ushort peer = 1; // VETH_INFO_PEER, linux/veth.h
        NetlinkMessageWriter message = new NetlinkMessageWriter(
            RtnetlinkType.NewLink,
            NetlinkRequestFlags.Acknowledge | NetlinkRequestFlags.Create | NetlinkRequestFlags.Exclusive)
            .Fixed(LinkHeader.Of(0))
            .Attribute(LinkAttribute.Name, "left")
            .Nested(LinkAttribute.Information, information => information
                .Attribute(LinkAttribute.InformationKind, "veth")
                .Nested(LinkAttribute.InformationData, data => data
                    .Nested(peer, link => link.Fixed(LinkHeader.Of(0)).Attribute(LinkAttribute.Name, "right"))));
        using NetlinkSocket socket = Open(NetlinkProtocol.Route);
        try
        {
            await socket.ChangeAsync(
                new NetlinkRequest("ip link add type veth", "link left", message),
                TestContext.Current.CancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.EOPNOTSUPP)
        {
            Assert.Skip("this kernel has no veth links");
        }
    }
}
