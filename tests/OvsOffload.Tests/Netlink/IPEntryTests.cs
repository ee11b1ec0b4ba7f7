using System.Collections.Immutable;
using System.Net;
using OvsOffload.Bundles;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

/// <summary>
/// Over <c>Fixtures/Netlink/ip-layer.txt</c>: what Linux 6.18 told of a link <c>left</c> (3) with every kind of
/// address, nexthop object and route, and of a link <c>right</c> (2) that one hop leaves by.
/// </summary>
public sealed class IPEntryTests
{
    private const int Left = 3, Right = 2;
    private const long Now = 1_000_000;

    private static readonly LinkReference Bond = new(9, "bond0");

    private static readonly (string Kind, byte[] Payload)[] Told =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "Netlink", "ip-layer.txt"))
            .Select(line => line.Split(' ')).Select(words => (words[0], Convert.FromHexString(words[1]))),
    ];

    public static TheoryData<int> Entries => [.. Enumerable.Range(0, Of(Left).Entries.Length)];

    [Fact]
    public void Every_route_that_somebody_added_is_kept_whatever_its_table_family_or_hops()
    {
        Assert.Equal(
            [
                "route IPv6 default via fe80::1 metric 1024",
                "route 10.10.0.0/16 via 192.0.2.1 metric 100 table 100", "route 10.11.0.0/16 via fe80::1",
                "route 10.12.0.0/16 via 172.16.0.1", "route 10.13.0.0/16 table 255",
                    "route 10.9.0.0/16 via 192.0.2.1 via 192.0.2.9",
                "route 198.19.0.0/24 metric 100", "route 198.51.100.0/24 nhid 10",
                    "route 198.51.101.0/24 nhid 5 metric 9",
                "route 2001:db8:5::/64 nhid 11 metric 1024", "route 2001:db8:6::/64 via fe80::1 metric 1024",
                "route 2001:db8:6::/64 via fe80::2 metric 1024",
                "route 2001:db8:7::/64 via 2001:db8::9 metric 5 table 77", "route 2001:db8:8::/64 metric 1024",
                "route default via 192.0.2.1 metric 42",
            ],
            Of(Left).Routes.Where(entry => entry.Kind == IPEntryKind.Route).Select(entry => entry.ToString())
                .OrderBy(text => !text.Contains("IPv6", StringComparison.Ordinal))
                    .ThenBy(text => text, StringComparer.Ordinal));
        Assert.Equal("route 2001:db8:6::/64 via fe80::3 metric 1024", Assert.Single(Of(Right).Entries).ToString());
    }

    [Fact]
    public void Nexthop_objects_of_a_link_come_before_the_groups_they_are_in()
    {
        IPEntry[] objects = [.. Of(Left).Entries.OrderBy(entry => entry.RestoreOrder).Where(entry => entry.Id != 0)];

        Assert.Equal([10u, 11u, 13u], objects[..3].Select(one => one.Id));
        Assert.Equal([5u, 6u], objects[3..].Select(one => one.Id));
        Assert.All(objects[3..], one => Assert.True(one.IsGroup));
    }

    [Fact]
    public void What_a_router_advertised_is_not_kept_but_known() => Assert.True(Of(Left).HasRouter);

    [Fact]
    public void What_expires_is_kept_with_its_end_and_put_back_with_what_is_left_of_it()
    {
        IPEntry route = Of(Left).Entries.Single(
            entry => entry.ToString().Contains("IPv6 default", StringComparison.Ordinal));
        IPEntry address = AddressOf("198.18.0.2");

        Assert.InRange(route.Until!.Value, Now + 990, Now + 1000);
        byte[] later = IPEntryMessages.Route(RtnetlinkType.NewRoute, Bond, route, Now + 100).ToArray();
        Assert.InRange(BitConverter.ToUInt32(Value(later, RouteHeader.Length, RouteAttribute.Expires)), 890u, 900u);

        byte[] added = IPEntryMessages.Address(RtnetlinkType.NewAddress, Bond, address, Now + 100).ToArray();
        var read = LinkIPAddress.Read(added.AsSpan(16));
        Assert.InRange(read.ValidFor!.Value.TotalSeconds, 890, 900);
        byte[] lifetimes = Value(added, AddressHeader.Length, AddressAttribute.CacheInformation);
        Assert.InRange(BitConverter.ToUInt32(lifetimes), 390u, 400u);
    }

    [Fact]
    public void A_deprecated_address_stays_deprecated_and_valid_for_ever()
    {
        byte[] added = IPEntryMessages.Address(RtnetlinkType.NewAddress, Bond, AddressOf("2001:db8:1::2"), Now + 9)
            .ToArray();

        Assert.Equal("00000000FFFFFFFF0000000000000000",
            Convert.ToHexString(Value(added, AddressHeader.Length, AddressAttribute.CacheInformation)));
    }

    [Fact]
    public void A_label_follows_the_links_name()
    {
        byte[] added = IPEntryMessages.Address(RtnetlinkType.NewAddress, Bond, AddressOf("192.0.2.2"), Now).ToArray();
        byte[] tooLong = IPEntryMessages.Address(
            RtnetlinkType.NewAddress, new LinkReference(9, "enp59s0f0np0v7"), AddressOf("192.0.2.2"), Now).ToArray();

        Assert.Equal("bond0:1\0"u8.ToArray(), Value(added, AddressHeader.Length, AddressAttribute.Label));
        Assert.Empty(Value(tooLong, AddressHeader.Length, AddressAttribute.Label));
        Assert.Equal(9, LinkIPAddress.Read(added.AsSpan(16)).LinkIndex);
    }

    [Fact]
    public void The_weight_of_one_IPv6_hop_goes_into_a_list_of_hops()
    {
        IPEntry hop = Of(Left).Entries.Single(entry => entry.Weight == 2);

        var route = Route.Read(IPEntryMessages.Route(RtnetlinkType.NewRoute, Bond, hop, Now).ToArray().AsSpan(16));

        Assert.Equal(new RouteHop(9, IPAddress.Parse("fe80::2")), Assert.Single(route.Hops));
        byte[] message = IPEntryMessages.Route(RtnetlinkType.NewRoute, Bond, hop, Now).ToArray();
        Assert.Equal(2, Value(message, RouteHeader.Length, RouteAttribute.Multipath)[3]);
    }

    [Fact]
    public void The_hops_over_ports_of_a_link_leave_by_the_link()
    {
        IPEntry multipath = Of(Left).Entries.Single(entry => entry.IsMultipath);
        IPEntry other = IPEntryText.Parse(
            IPEntryText.Of(multipath).Replace("[ 000100000000", "[ 000102000000", StringComparison.Ordinal))!;

        Assert.NotEqual(multipath.Identity, other.Identity);
        Assert.NotEqual(multipath.Identity, other.ForMaster(new HashSet<int> { 7 }).Identity);
        Assert.Equal(multipath.Identity, other.ForMaster(new HashSet<int> { 2, 7 }).Identity);
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Text_holds_all_of_an_entry(int index)
    {
        IPEntry entry = Of(Left).Entries[index];
        string text = IPEntryText.Of(entry);

        IPEntry read = IPEntryText.Parse(text)!;
        Assert.Equal(entry.Payload, read.Payload);
        Assert.Equal((entry.Weight, entry.Until, entry.PreferredUntil), (read.Weight, read.Until, read.PreferredUntil));
        Assert.Equal(entry, read);
        for (int length = 0; length < text.Length; length++)
        {
            // Cut, it is refused, or another entry; never an exception.
            IPEntry? cut = IPEntryText.Parse(text[..length]);
            Assert.True(cut is null || IPEntryText.Parse(IPEntryText.Of(cut)) is not null);
        }

        for (int place = 0; place < text.Length; place++)
        {
            foreach (char character in "0g=[] ,")
            {
                _ = IPEntryText.Parse(text[..place] + character + text[(place + 1)..]);
            }
        }
    }

    [Fact]
    public void Addresses_stand_in_text_as_such_so_that_a_bundle_masks_them() => Assert.Contains(
        Of(Left).Entries, entry => IPEntryText.Of(entry).Contains("5=192.0.2.1", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Cut_or_damaged_it_is_refused_or_read(int index)
    {
        (string kind, byte[] payload) = Told[index];
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.True(IsRefusedOrRead(kind, payload[..length]));
        }

        for (int place = 0; place < payload.Length; place++)
        {
            foreach (byte value in (byte[])[0, 1, 3, 4, 5, 0x7f, 0x80, 0xff, (byte)(payload[place] ^ 1)])
            {
                byte[] damaged = [.. payload];
                damaged[place] = value;
                Assert.True(IsRefusedOrRead(kind, damaged));
            }
        }
    }

    public static TheoryData<int> Payloads => [.. Enumerable.Range(0, Told.Length)];

    [Fact]
    public void A_rule_tells_the_device_that_it_names()
    {
        PolicyRule[] rules = [.. Told.Where(one => one.Kind == "rule").Select(one => PolicyRule.Read(one.Payload))];

        Assert.Equal(["1000: iif left lookup 100", "1001: oif left lookup 77"],
            rules.Where(rule => rule.Names("left")).Select(rule => rule.ToString()));
    }

    [Theory]
    [InlineData(2, 0u, 1800u, true)] // IFAPROT_KERNEL_RA
    [InlineData(2, 0u, uint.MaxValue, true)]
    [InlineData(0, 0x100u, 1800u, true)] // a kernel before 5.18: IFA_F_MANAGETEMPADDR
    [InlineData(0, 0x300u, 1800u, false)] // NetworkManager's, with IFA_F_NOPREFIXROUTE
    [InlineData(0, 0x80u, uint.MaxValue, false)]
    [InlineData(0, 0u, 1800u, false)] // a DHCPv6 client's
    public void An_address_of_a_routers_advertisement_is_told_from_others(
        byte protocol, uint flags, uint valid, bool isFromRouter)
    {
        byte[] payload = new NetlinkMessageWriter(RtnetlinkType.NewAddress, 0)
            .Fixed(new AddressHeader(10, 64, (byte)flags, 0, 2))
            .Attribute(AddressAttribute.Address, IPAddress.Parse("2001:db8::7").GetAddressBytes())
            .Structure(AddressAttribute.CacheInformation, new AddressLifetimes(valid, valid, 0, 0))
            .Attribute(AddressAttribute.Flags, flags)
            .Attribute(AddressAttribute.Protocol, protocol)
            .ToArray()[16..];

        Assert.Equal(isFromRouter, LinkIPAddress.Read(payload).IsFromRouter);
    }

    [Fact]
    public void In_a_masked_bundle_no_message_of_the_IP_layer_holds_an_address_of_the_host()
    {
        var masked = new MaskedNetlink(new Pseudonyms(), new MaskedText(new Pseudonyms()));
        byte[][] secrets =
        [
            .. ((string[])["192.0.2.1", "192.0.2.2", "203.0.113.2", "2001:db8:7::", "10.12.0.0", "172.16.0.1"])
                .Select(address => IPAddress.Parse(address).GetAddressBytes()),
        ];
        Assert.All(Told, one =>
        {
            ushort type = one.Kind switch
            {
                "address" => RtnetlinkType.NewAddress,
                "nexthop" => RtnetlinkType.NewNexthop,
                "rule" => RtnetlinkType.NewRule,
                _ => RtnetlinkType.NewRoute,
            };
            using var reply = new MemoryStream();
            NetlinkReply.Append(reply, type, 2, one.Payload);
            byte[] kept = masked.Of(new NetlinkRecord(
                NetlinkProtocol.Route, null, "ip show", "", [], reply.ToArray())).Reply;

            Assert.True(kept.Length > 16 + 8);
            Assert.All(secrets, secret => Assert.True(kept.AsSpan().IndexOf(secret) < 0));
        });
    }

    [Fact]
    public void More_routes_than_can_be_kept_are_said_to_be_too_many()
    {
        var reader = new IPEntryReader(Now);
        byte[] route = Told.First(one => one.Kind == "route"
            && Route.Read(one.Payload) is { Protocol: 3, NexthopId: null, Hops: [{ LinkIndex: Left }] }).Payload;
        for (int i = 0; i <= IPEntryReader.Bound; i++)
        {
            Assert.Null(reader.Overflow);
            reader.AddRoute(route);
        }

        Assert.NotNull(reader.Overflow);
    }

    /// <summary>
    /// What is read, is put on a link too, and through text; anything but the typed failure comes out.
    /// </summary>
    private static bool IsRefusedOrRead(string kind, byte[] payload)
    {
        try
        {
            var reader = new IPEntryReader(Now);
            Add(reader, kind, payload);
            reader.EndNexthops();
            foreach (IPEntry entry in reader.Result.Values.SelectMany(state => state.Entries))
            {
                Assert.NotNull(IPEntryText.Parse(IPEntryText.Of(entry)));
                _ = (entry.ToString(), entry.RestoreOrder, entry.ForMaster(new HashSet<int> { 2 }));
                _ = entry.Kind switch
                {
                    IPEntryKind.Address => IPEntryMessages.Address(RtnetlinkType.NewAddress, Bond, entry, Now),
                    IPEntryKind.Nexthop => IPEntryMessages.Nexthop(Bond, entry, new HashSet<uint> { 10 }),
                    _ => IPEntryMessages.Route(RtnetlinkType.NewRoute, Bond, entry, Now),
                };
            }

            return true;
        }
        catch (NetlinkMalformedException malformed)
        {
            return malformed.Message.Length > 0;
        }
    }

    private static void Add(IPEntryReader reader, string kind, byte[] payload)
    {
        switch (kind)
        {
            case "address":
                reader.AddAddress(payload);
                break;
            case "nexthop":
                reader.AddNexthop(payload);
                break;
            case "rule":
                _ = PolicyRule.Read(payload);
                break;
            default:
                reader.AddRoute(payload);
                break;
        }
    }

    private static LinkIPState Of(int link)
    {
        var reader = new IPEntryReader(Now);
        foreach ((string? kind, byte[]? payload) in Told.Where(one => one.Kind != "route"))
        {
            Add(reader, kind, payload);
        }

        reader.EndNexthops();
        foreach ((string? kind, byte[]? payload) in Told.Where(one => one.Kind == "route"))
        {
            Add(reader, kind, payload);
        }

        return reader.Result[link];
    }

    private static IPEntry AddressOf(string address) =>
        Assert.Single(Of(Left).Only([IPAddress.Parse(address)]).Entries);

    private static byte[] Value(byte[] message, int header, ushort type)
    {
        var reader = new AttributeReader(message.AsSpan(16), header, "test");
        while (reader.Read())
        {
            if (reader.Type == type)
            {
                return reader.Value.ToArray();
            }
        }

        return [];
    }
}
