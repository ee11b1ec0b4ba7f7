using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public class VlanTagTests
{
    [Theory]
    [InlineData(1, 0x8100)]
    [InlineData(4094, 0x88a8)]
    public void A_tag_that_is_written_is_read_as_the_same(int id, int protocol)
    {
        var tag = new VlanTag((ushort)id, (ushort)protocol);
        var message = new NetlinkMessageWriter(RtnetlinkType.NewLink, 0);
        tag.Write(message);
        byte[] attributes = message.ToArray()[16..];

        Assert.Equal(tag, VlanTag.Read(new AttributeReader(attributes, "vlan")));

        // IFLA_VLAN_PROTOCOL is in network byte order.
        Assert.Equal([(byte)(protocol >> 8), (byte)protocol], attributes[12..14]);
    }
}
