using System.Net;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public class LinkIPStateTests
{
    private static readonly LinkReference Bond = new(9, "bond0");

    /// <summary>RTM_NEWADDR of 192.0.2.7/24 on link 2, label eth0, valid for ever.</summary>
    private static byte[] Address(string address = "192.0.2.7", string label = "eth0") => Payload(
        new NetlinkMessageWriter(RtnetlinkType.NewAddress, 0)
            .Fixed(new AddressHeader(2, 24, 0x80, 0, 2))
            .Attribute(1, IPAddress.Parse(address).GetAddressBytes())
            .Attribute(2, IPAddress.Parse(address).GetAddressBytes())
            .Attribute(3, label)
            .Attribute(8, 0x80u));

    /// <summary>RTM_NEWROUTE of 203.0.113.0/24 via 192.0.2.1 on link 2, metric 77, with a cache and flags of the kernel.</summary>
    private static byte[] Route() => Payload(
        new NetlinkMessageWriter(RtnetlinkType.NewRoute, 0)
            .Fixed(new RouteHeader(2, 24, 0, 0, 254, 3, 0, 1, 0x10 | 0x4))
            .Attribute(15, 254u)
            .Attribute(1, IPAddress.Parse("203.0.113.0").GetAddressBytes())
            .Attribute(5, IPAddress.Parse("192.0.2.1").GetAddressBytes())
            .Attribute(6, 77u)
            .Attribute(4, 2u)
            .Attribute(12, new byte[32]));

    [Fact]
    public void An_address_goes_to_the_other_link_with_all_but_its_label()
    {
        byte[] message = LinkIPStates.AddressMessage(RtnetlinkType.NewAddress, Bond, Address()).ToArray();

        Assert.Equal(new LinkIPAddress(9, IPAddress.Parse("192.0.2.7"), 24), LinkIPAddress.Read(message.AsSpan(16)));
        Assert.Equal([1, 2, 8], Types(message, AddressHeader.Length));
    }

    [Theory]
    [InlineData("192.0.2.8", 24, "0218000000000000 08000200C0000208 08000100C0000208")]
    [InlineData("2001:db8::8", 64,
        "0A40000000000000 14000200 20010DB8000000000000000000000008 14000100 20010DB8000000000000000000000008")]
    public void A_new_address_is_what_ip_address_add_sends(string address, int prefixLength, string bytes)
    {
        var state = LinkIPState.Of(IPAddress.Parse(address), prefixLength);

        Assert.Equal(bytes.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(Assert.Single(state.Addresses)));
        Assert.Empty(state.Routes);
    }

    [Fact]
    public void A_route_goes_to_the_other_link_with_its_metric_and_without_what_the_kernel_adds()
    {
        byte[] message = LinkIPStates.RouteMessage(Bond, Route()).ToArray();

        Route route = OvsOffload.Netlink.Route.Read(message.AsSpan(16));
        Assert.Equal((77u, 254u, 24), (route.Priority, route.Table, route.PrefixLength));
        Assert.Equal(new RouteHop(9, IPAddress.Parse("192.0.2.1")), Assert.Single(route.Hops));
        Assert.DoesNotContain((ushort)12, Types(message, RouteHeader.Length));
        Assert.Equal(4u, BitConverter.ToUInt32(message, 16 + 8));
    }

    [Fact]
    public void Of_some_addresses_only_those_are_left_that_are_meant()
    {
        var state = new LinkIPState([Address(), Address("192.0.2.8")], [Route()]);

        LinkIPState one = state.Only([IPAddress.Parse("192.0.2.8")]);

        Assert.Equal("192.0.2.8", LinkIPAddress.Read(Assert.Single(one.Addresses)).Address.ToString());
        Assert.Single(one.Routes);
        Assert.Empty(state.Only([]).Routes);
    }

    [Fact]
    public void Cut_at_any_place_it_is_malformed_and_no_other_address()
    {
        byte[] whole = Address();
        for (int length = 0; length < whole.Length; length++)
        {
            try
            {
                byte[] message = LinkIPStates.AddressMessage(RtnetlinkType.NewAddress, Bond, whole.AsSpan(0, length)).ToArray();
                Assert.True(message.Length <= whole.Length + 16);
            }
            catch (NetlinkMalformedException malformed)
            {
                Assert.NotEmpty(malformed.Message);
            }
        }
    }

    private static byte[] Payload(NetlinkMessageWriter message) => message.ToArray()[16..];

    private static List<ushort> Types(byte[] message, int header)
    {
        var types = new List<ushort>();
        var reader = new AttributeReader(message.AsSpan(16), header, "test");
        while (reader.Read())
        {
            types.Add(reader.Type);
        }

        return types;
    }
}
