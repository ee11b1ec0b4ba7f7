using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Netlink;

/// <summary>Against this machine's own kernel; nothing is changed outside of namespaces that a test makes.</summary>
public sealed class NetlinkSocketLiveTests
{
    [Fact]
    public async Task The_kernels_links_are_dumped()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Route);

        IReadOnlyList<Link> links = await new Links(socket).AllAsync(TestContext.Current.CancellationToken);

        Link loopback = Assert.Single(links, link => link.Index == 1);
        Assert.Equal("lo", loopback.Name);
        Assert.Equal(LinkHardwareType.Loopback, loopback.HardwareType);
        Assert.True(loopback.Flags.HasFlag(LinkFlags.Loopback));
        Assert.True(loopback.Mtu > 0);
        Assert.True(loopback.Address.IsZero);
    }

    [Fact]
    public async Task One_socket_serves_many_exchanges_at_once()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Route);
        var links = new Links(socket);

        Link?[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => links.FindAsync(1, TestContext.Current.CancellationToken)));

        Assert.All(answers, link => Assert.Equal("lo", link?.Name));
    }

    [Fact]
    public async Task A_link_that_is_not_there_is_null()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Route);
        var links = new Links(socket);

        Assert.Null(await links.FindAsync(int.MaxValue, TestContext.Current.CancellationToken));
        Assert.Null(await links.FindAsync("no-such-link", TestContext.Current.CancellationToken));
        Assert.Null(await links.FindAsync("no-link-has-so-long-a-name", TestContext.Current.CancellationToken));
        Assert.Equal("lo", (await links.FindAsync("lo", TestContext.Current.CancellationToken))?.Name);
    }

    [Fact]
    public async Task The_generic_netlink_controller_knows_itself()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Generic);

        GenericNetlinkFamily? family = await GenericNetlink.FindFamilyAsync(
            socket, "nlctrl", TestContext.Current.CancellationToken);

        Assert.Equal((ushort?)16, family?.Id);
        Assert.True(family?.Groups.ContainsKey("notify"));
        Assert.Null(await GenericNetlink.FindFamilyAsync(
            socket, "no-such-family", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_request_in_the_past_times_out_and_the_next_one_works()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Route);
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetLink, NetlinkRequestFlags.Dump)
            .Fixed(LinkHeader.Of(0));
        var request = new NetlinkRequest("ip link show", "", message.ToArray(), TimeSpan.Zero);

        NetlinkTimeoutException exception = await Assert.ThrowsAsync<NetlinkTimeoutException>(
            () => socket.ExchangeAsync(request, _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal(Errno.ETIMEDOUT, exception.Errno);
        Assert.NotEmpty(await new Links(socket).AllAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cancelled_exchange_ends_as_cancelled()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Route);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new Links(socket).AllAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_named()
    {
        var options = new NetlinkSocketOptions { NetworkNamespace = "/run/netns/no-such-namespace" };
        using var socket = new NetlinkSocket(NetlinkProtocol.Route, options);

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => new Links(socket).AllAsync(TestContext.Current.CancellationToken));

        Assert.Equal(
            "enter network namespace of /run/netns/no-such-namespace: no such object (ENOENT)", exception.Message);
    }
}
