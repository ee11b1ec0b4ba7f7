namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// Routes of every kind follow their addresses to a bond, and come back from it, as <c>ip</c> shows them.
/// </summary>
[Collection(OnBondMachine.Name)]
public sealed class RouteTests(BondMachine machine) : BondScenario(machine)
{
    /// <summary>
    /// Both families: static, a table of its own, multipath, a nexthop object and a group, metrics, a source, an
    /// expiry.
    /// </summary>
    private const string Setup =
        """
        make_peer switch 192.0.2.1/24
        for function in 0 1; do ip link set $(uplink $function) up; done
        u=$(uplink 0); other=$(uplink 1)
        wait_until 20 eval '[ "$(cat /sys/class/net/$u/carrier)" = 1 ]'
        wait_until 20 eval '[ "$(cat /sys/class/net/$other/carrier)" = 1 ]'
        ip addr add 192.0.2.2/24 brd + dev $u; ip addr add 192.0.2.3/32 dev $u noprefixroute metric 50
        ip -6 addr add 2001:db8::2/64 dev $u nodad; ip -6 addr add 2001:db8:1::2/64 dev $u nodad preferred_lft 0
        ip addr add 198.18.0.2/24 dev $other
        ip route add 203.0.113.0/24 via 192.0.2.1 metric 77
        ip route add 203.0.113.0/24 via 198.18.0.1 metric 78
        ip route add 10.10.0.0/16 via 192.0.2.1 dev $u src 192.0.2.2 table 100 proto static mtu lock 1300
        ip route add 10.9.0.0/16 nexthop via 192.0.2.1 dev $u weight 2 nexthop via 192.0.2.9 dev $u
        ip route add 10.8.0.0/16 nexthop via 192.0.2.1 dev $u nexthop via 198.18.0.1 dev $other
        ip route add 10.12.0.0/16 via 172.16.0.1 dev $u onlink
        ip nexthop add id 10 via 192.0.2.1 dev $u; ip nexthop add id 11 via fe80::1 dev $u
        ip nexthop add id 13 via 192.0.2.9 dev $u; ip nexthop add id 5 group 10,2/13
        ip route add 198.51.100.0/24 nhid 10; ip route add 198.51.101.0/24 nhid 5 metric 9
        ip -6 route add 2001:db8:5::/64 nhid 11
        ip -6 route add default via fe80::1 dev $u pref high metric 2048
        ip -6 route add 2001:db8:6::/64 nexthop via fe80::1 dev $u nexthop via fe80::2 dev $u weight 3
        ip -6 route add 2001:db8:7::/64 via 2001:db8::9 dev $u src 2001:db8::2 mtu 1400 metric 5 table 77
        ip -6 route add 2001:db8:9::/64 via fe80::1 dev $u expires 5000
        """;

    /// <summary>Without times, link-local addresses and what belongs to other devices.</summary>
    private const string Show =
        """
        shown() { grep -vE ' (mgmt0|lo) |fe80::[^ ]*(/64|/128)? dev|^(anycast|multicast|local) |ff00::/8' |
          sed -E 's/expires [0-9]+sec/expires/; s/ +/ /g; s/ (linkdown|dead)//g' | sort; }
        { ip -o -d route show table all; ip -o -d -6 route show table all; } | shown
        ip -o nexthop show | shown
        for link in $(uplink 0) $(uplink 1) $([ ! -e /sys/class/net/bond0 ] || echo bond0); do
          ip -o addr show dev $link scope global | sed -E 's/^[0-9]+: //; s/ +/ /g' | sort
        done
        """;

    [Fact]
    public async Task Routes_of_every_kind_are_on_the_bond_after_apply_and_as_before_after_revert()
    {
        // One of the routes is a default route, which the program protects unless told otherwise.
        await ConfigureAsync(BondAlone("active-backup") + "safety: { protect: none }\n");
        await RunAsync(Setup);
        string before = await ShownAsync();

        await ProgramAsync(0, "apply --yes");
        string applied = await ShownAsync();
        await ProgramAsync(0, "plan");
        await ProgramAsync(0, "revert --yes");
        string after = await ShownAsync();

        LabResult names = await RunAsync("uplink 0; uplink 1");
        Assert.Equal(
            Sorted(Moved(before, names.Lines)), Sorted(Moved(applied, names.Lines)));
        Assert.DoesNotContain($"dev {names.Lines[0]} ", applied);
        Assert.Equal(before, after);
    }

    private async Task<string> ShownAsync() => (await RunAsync(Show)).Output;

    private static string Moved(string shown, IReadOnlyList<string> uplinks) =>
        shown.Replace(uplinks[0], "bond0").Replace(uplinks[1], "bond0");

    private static string[] Sorted(string shown) => [.. shown.Split('\n').Order(StringComparer.Ordinal)];
}
