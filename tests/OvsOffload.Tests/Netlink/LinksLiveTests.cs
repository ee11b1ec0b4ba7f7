using System.Net;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Netlink;

/// <summary>Changes of links by this machine's own kernel, in a namespace that each test makes for itself.</summary>
public sealed class LinksLiveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_setting_of_a_link_is_read_back()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var links = new Links(socket);
        var address = HardwareAddress.Parse("02:00:00:00:00:07");
        Link left = await RequireAsync(links, "left");

        await links.SetMtuAsync(left, 1400, Cancellation);
        await links.SetAddressAsync(left, address, Cancellation);
        await links.SetUpAsync(await RequireAsync(links, "right"), Cancellation);
        await links.SetUpAsync(left, Cancellation);

        Link changed = await RequireAsync(links, "left");
        Assert.Equal(left.Index, changed.Index);
        Assert.Equal((1400u, address, true, "veth"), (changed.Mtu, changed.Address, changed.IsUp, changed.Kind));
        Assert.Equal((await RequireAsync(links, "right")).Index, changed.LowerLink);

        await links.SetDownAsync(left, Cancellation);

        changed = await RequireAsync(links, "left");
        Assert.False(changed.IsUp);
        await links.DeleteAsync(changed, Cancellation);
        Assert.Null(await links.FindAsync("right", Cancellation));
    }

    [Fact]
    public async Task Links_of_one_kind_or_below_one_device_are_listed_without_the_others()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var links = new Links(socket);

        IReadOnlyList<Link> veths = await links.OfKindAsync("veth", Cancellation);
        Assert.Equal(["left", "right"], veths.Select(link => link.Name).Order());
        Assert.Empty(await links.OfKindAsync("bond", Cancellation));
        Assert.Empty(await links.LowerLinksAsync(veths[0].Index, Cancellation));
        Assert.Contains(await links.AllAsync(Cancellation), link => link.Name == "lo");
    }

    [Fact]
    public async Task A_refusal_comes_with_the_kernels_words()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var links = new Links(socket);
        Link left = await RequireAsync(links, "left");

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => links.SetMtuAsync(left, 100_000, Cancellation));

        Assert.Equal(
            "ip link set mtu 100000 of link left: mtu greater than device maximum (EINVAL)", exception.Message);
    }

    [Fact]
    public async Task A_socket_in_a_namespace_stays_there()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket inside = space.Open(NetlinkProtocol.Route);
        using var outside = new NetlinkSocket(NetlinkProtocol.Route);

        IReadOnlyList<Link> links = await new Links(inside).AllAsync(Cancellation);

        Assert.Contains(links, link => link.Name == "left");
        Assert.Null(await new Links(outside).FindAsync("left", Cancellation));
    }

    [Fact]
    public async Task A_monitor_tells_of_a_change_that_came_after_it_was_opened()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        using var monitor = new LinkMonitor(space.Options);
        var links = new Links(socket);
        Link left = await RequireAsync(links, "left");

        await links.SetMtuAsync(left, 1300, Cancellation);
        await links.DeleteAsync(left, Cancellation);

        var events = new List<LinkEvent>();
        await foreach (LinkEvent change in monitor.ReadAllAsync(Cancellation))
        {
            events.Add(change);
            if (change.Kind == LinkEventKind.Removed && change.Link?.Name == "left")
            {
                break;
            }
        }

        Assert.Contains(events, change => change is { Kind: LinkEventKind.Changed, Link: { Name: "left", Mtu: 1300 } });
    }

    [Fact]
    public async Task Messages_that_nobody_read_in_time_are_reported_as_lost()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        using var monitor = new LinkMonitor(space.Options);
        var links = new Links(socket);
        Link left = await RequireAsync(links, "left");

        // each change is a message of about 1 KiB, and more than the buffer holds
        for (uint i = 0u; i < 20_000; i++)
        {
            await links.SetMtuAsync(left, 1000 + i % 2, Cancellation);
        }

        bool isLost = false;
        await foreach (LinkEvent change in monitor.ReadAllAsync(Cancellation))
        {
            isLost = change.Kind == LinkEventKind.MessagesLost;
            if (isLost)
            {
                break;
            }
        }

        Assert.True(isLost);
    }

    [Fact]
    public async Task Counters_of_all_links_come_in_one_dump()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        Link left = await RequireAsync(new Links(socket), "left");

        IReadOnlyDictionary<int, LinkCounters> counters = await new LinkStatistics(socket).ReadAsync(Cancellation);

        Assert.Contains(1, counters.Keys);
        Assert.Equal(new LinkCounters(default, null), counters[left.Index]);
    }

    [Fact]
    public async Task A_namespace_without_filters_has_none()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var traffic = new TrafficControl(socket);

        Assert.Empty(await traffic.IngressQdiscsAsync(Cancellation));
        Assert.Equal(0, (await traffic.CountFlowerAsync(FilterTarget.Ingress(1), Cancellation)).Total);
    }

    [Fact]
    public async Task A_feature_is_switched_and_a_fixed_one_refused()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket route = space.Open(NetlinkProtocol.Route);
        using NetlinkSocket generic = space.Open(NetlinkProtocol.Generic);
        Link left = await RequireAsync(new Links(route), "left");
        var ethtool = new Ethtool(generic);
        const string feature = "tx-generic-segmentation";

        await ethtool.SetFeatureAsync(left, feature, false, Cancellation);
        Assert.False((await ethtool.FeatureAsync(left, feature, Cancellation))?.IsActive);
        await ethtool.SetFeatureAsync(left, feature, true, Cancellation);
        Assert.True((await ethtool.FeatureOfAllAsync(feature, Cancellation))[left.Index].IsActive);

        Assert.False((await ethtool.FeatureAsync(left, feature, Cancellation))?.IsFixed);
        Assert.True((await ethtool.FeatureAsync(left, Ethtool.TcOffload, Cancellation))?.IsFixed);
        await Assert.ThrowsAnyAsync<NetlinkException>(
            () => ethtool.SetFeatureAsync(left, Ethtool.TcOffload, true, Cancellation));
    }

    [Fact]
    public async Task Addresses_and_routes_of_this_host_are_read()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Route);
        var routes = new Routes(socket);

        IReadOnlyList<LinkIPAddress> addresses = await routes.AddressesAsync(Cancellation);
        IReadOnlyList<Route> defaults = await routes.DefaultRoutesAsync(Cancellation);
        Route? loopback = await routes.LookUpAsync(IPAddress.Loopback, Cancellation);

        Assert.Contains(addresses, address => address.LinkIndex == 1 && address.Address.Equals(IPAddress.Loopback));
        Assert.All(defaults, route => Assert.Null(route.Destination));
        Assert.Equal(1, Assert.Single(loopback!.Hops).LinkIndex);
    }

    [Fact]
    public async Task There_is_no_route_out_of_an_empty_namespace()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var routes = new Routes(socket);

        Assert.Empty(await routes.DefaultRoutesAsync(Cancellation));
        Assert.Null(await routes.LookUpAsync(IPAddress.Parse("192.0.2.1"), Cancellation));
    }

    private static async Task<Link> RequireAsync(Links links, string name) =>
        await links.FindAsync(name, Cancellation)
        ?? throw new NetlinkException("find", $"link {name}", Errno.ENODEV);
}
