using System.Diagnostics;
using System.Net;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

/// <summary>Addresses and routes that move from one link to another of this machine's own kernel, and back.</summary>
public sealed class LinkIPStateTests
{
    /// <summary>
    /// Of every kind one, on <c>left</c>. Carrier stays, so the nexthop objects do too. The metrics keep the routes
    /// apart from each other.
    /// </summary>
    private const string Setup =
        """
        sysctl -qw net.ipv6.conf.left.accept_dad=0 net.ipv6.conf.right.accept_dad=0
        ip link set lo up; ip link set left up; ip link set right up
        ip addr add 192.0.2.2/24 brd + dev left label left:1
        ip addr add 192.0.2.3/32 dev left noprefixroute metric 50
        ip addr add 198.18.0.2/24 dev left valid_lft 1000 preferred_lft 500
        ip addr add 203.0.113.1 peer 203.0.113.2/32 dev left
        ip addr add 198.19.0.2/24 dev left noprefixroute
        ip route add 198.19.0.0/24 dev left proto kernel scope link src 198.19.0.2 metric 100
        ip -6 addr add 2001:db8::2/64 dev left nodad home
        ip -6 addr add 2001:db8:1::2/64 dev left nodad noprefixroute preferred_lft 0
        ip nexthop add id 10 via 192.0.2.1 dev left proto static
        ip nexthop add id 11 via fe80::1 dev left
        ip nexthop add id 13 via 192.0.2.9 dev left onlink
        ip nexthop add id 5 group 10,2/13
        ip nexthop add id 6 group 10/13 type resilient buckets 8 idle_timer 30
        ip route add 198.51.100.0/24 nhid 10
        ip route add 198.51.101.0/24 nhid 5 metric 9
        ip -6 route add 2001:db8:5::/64 nhid 11
        ip -6 route add default via fe80::1 dev left expires 1000 pref high
        ip -6 route add 2001:db8:6::/64 nexthop via fe80::1 dev left nexthop via fe80::2 dev left weight 3
        ip -6 route add 2001:db8:7::/64 via 2001:db8::9 dev left src 2001:db8::2 mtu 1400 metric 5 table 77
        ip -6 route add 2001:db8:8::/64 dev left
        ip route add 10.9.0.0/16 nexthop via 192.0.2.1 dev left weight 2 nexthop via 192.0.2.9 dev left onlink
        ip route add 10.10.0.0/16 via 192.0.2.1 dev left src 192.0.2.2 metric 100 table 100 proto static mtu lock 1300
        ip route add 10.11.0.0/16 via inet6 fe80::1 dev left tos 0x10
        ip route add 10.12.0.0/16 via 172.16.0.1 dev left onlink
        ip route add local 10.13.0.0/16 dev left
        ip route add default via 192.0.2.1 dev left metric 42
        """;

    /// <summary>
    /// All of it as <c>ip</c> shows it, without times, in an order that does not depend on that of adding.
    /// </summary>
    private const string Show =
        """
        for family in -4 -6; do ip $family -d -o route show table all; done | grep -ve fe80::/64 -e ff00::/8 | sort
        ip -o nexthop show | sort
        for link in left right; do ip -o addr show dev $link scope global | sed 's/^[0-9]*: //' | sort; done
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("192.0.2.8", 24, "0218000000000000 08000200C0000208 08000100C0000208")]
    [InlineData("2001:db8::8", 64,
        "0A40000000000000 14000200 20010DB8000000000000000000000008 14000100 20010DB8000000000000000000000008")]
    public void A_new_address_is_what_ip_address_add_sends(string address, int prefixLength, string bytes)
    {
        var state = LinkIPState.Of(IPAddress.Parse(address), prefixLength);

        Assert.Equal(bytes.Replace(" ", "", StringComparison.Ordinal),
            Convert.ToHexString(Assert.Single(state.Entries).Payload.AsSpan()));
    }

    [Fact]
    public async Task All_that_is_on_a_link_moves_to_another_and_back_as_it_was()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        Run(space, Setup);
        string before = Run(space, Show);
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var states = new LinkIPStates(socket, TimeProvider.System);
        var links = new Links(socket);

        await MoveAsync("left", "right");
        string moved = Run(space, Show);
        await MoveAsync("right", "left");

        Assert.Contains("dev left", before);
        Assert.Contains("dev right", moved);
        Assert.Equal(Sorted(Renamed(before)), Sorted(Renamed(moved)));
        Assert.Equal(Sorted(before), Sorted(Run(space, Show)));

        async Task MoveAsync(string from, string to)
        {
            Link old = (await links.FindAsync(from, Cancellation))!;
            Link made = (await links.FindAsync(to, Cancellation))!;
            LinkIPState state = await states.ReadAsync(old, Cancellation);
            Assert.Empty(await states.PutAsync(made, state.Addresses, Cancellation));
            await states.RemoveAsync(old, state.Addresses, Cancellation);
            Assert.Empty(await states.PutAsync(made, state.Routes, Cancellation));
            await states.RemoveAsync(
                old, (await states.ReadAsync(old, Cancellation)).Among(state.Routes), Cancellation);
            LinkIPState after = await states.ReadAsync(made, Cancellation);
            Assert.Empty(after.Missing(state.Entries));
            Assert.Empty((await states.ReadAsync(old, Cancellation)).Entries);
        }
    }

    [Fact]
    public async Task Nexthop_objects_that_went_with_the_carrier_come_back_with_their_ids_and_routes()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        Run(space, Setup);
        string before = Run(space, Show);
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var states = new LinkIPStates(socket, TimeProvider.System);
        Link left = (await new Links(socket).FindAsync("left", Cancellation))!;
        LinkIPState kept = await states.ReadAsync(left, Cancellation);

        Run(space, "ip link set right down; ip link set right up; sleep 0.2");
        Assert.DoesNotContain("nhid", Run(space, Show));
        Assert.Empty(
            await states.PutAsync(
            left, (await states.ReadAsync(left, Cancellation)).Missing(kept.Entries), Cancellation));
        Assert.Equal(Sorted(before), Sorted(Run(space, Show)));

        Run(space, "ip link set left down; ip link set left up; sleep 0.2");
        Assert.Empty(
            await states.PutAsync(
            left, (await states.ReadAsync(left, Cancellation)).Missing(kept.Entries), Cancellation));
        Assert.Equal(Sorted(before), Sorted(Run(space, Show)));
    }

    [Fact]
    public async Task What_the_kernel_refuses_is_told_with_its_words()
    {
        using TestNamespace space = await TestNamespace.CreateAsync();
        Run(space, Setup);
        using NetlinkSocket socket = space.Open(NetlinkProtocol.Route);
        var states = new LinkIPStates(socket, TimeProvider.System);
        var links = new Links(socket);
        LinkIPState kept = await states.ReadAsync((await links.FindAsync("left", Cancellation))!, Cancellation);
        Run(space, "ip link set left down");

        System.Collections.Immutable.ImmutableArray<RefusedEntry> refused = await states.PutAsync(
            (await links.FindAsync("right", Cancellation))!,
            kept.Entries.Where(entry => entry.Kind == IPEntryKind.Nexthop && !entry.IsGroup), Cancellation);

        Assert.Contains(
            refused, one => one.Refusal.Message.Contains("nexthop object 11 of link right", StringComparison.Ordinal)
                && one.Refusal.Message.Contains("Carrier for nexthop device is down", StringComparison.Ordinal));
    }

    private static string Renamed(string shown) => shown.Replace("right", "left", StringComparison.Ordinal);

    private static string Sorted(string text) => string.Join(
        '\n', text.Split('\n').Select(line => Times().Replace(line.Trim(), "N sec")).Order(StringComparer.Ordinal));

    private static global::System.Text.RegularExpressions.Regex Times() => new("[0-9]+sec");

    private static string Run(TestNamespace space, string script)
    {
        var start = new ProcessStartInfo("nsenter")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[
            "--net=" + space.Options.NetworkNamespace!.Replace(
                "self", $"{Environment.ProcessId}", StringComparison.Ordinal),
            "sh", "-ec", script])
        {
            start.ArgumentList.Add(argument);
        }

        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (global::System.ComponentModel.Win32Exception)
        {
            Assert.Skip("nsenter is not installed");
        }

        using (process)
        {
            string output = process!.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.SkipWhen(errors.Contains("ip: not found", StringComparison.Ordinal), "ip is not installed");
            Assert.True(process.ExitCode == 0, $"{script}: {errors}");
            return output;
        }
    }
}
