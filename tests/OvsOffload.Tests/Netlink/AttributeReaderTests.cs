using CsCheck;
using OvsOffload.Netlink;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Netlink;

public sealed class AttributeReaderTests
{
    [Fact]
    public void Attributes_are_read_in_order_with_their_padding_skipped()
    {
        byte[] bytes = [.. Bytes.Text(3, "eth0"), .. Bytes.Attribute(4, Bytes.Int32(1500)), .. Bytes.Attribute(6, 7)];
        var reader = new AttributeReader(bytes, "test");

        Assert.True(reader.Read());
        Assert.Equal(3, reader.Type);
        Assert.Equal("eth0", reader.String());
        Assert.True(reader.Read());
        Assert.Equal(1500u, reader.UInt32());
        Assert.True(reader.Read());
        Assert.Equal(7, reader.Byte());
        Assert.False(reader.Read());
    }

    [Fact]
    public void What_is_written_is_read_as_it_was_also_inside_of_another() =>
        Gen.Select(Gen.UShort[0, 0x3fff], Gen.Byte.Array[0, 40]).Array[0, 10].Sample(
            attributes =>
            {
                var message = new NetlinkMessageWriter(1, NetlinkRequestFlags.Acknowledge);
                Write(message, attributes);
                message.Nested(2, inside => Write(inside, attributes));
                ReadOnlySpan<byte> datagram = message.ToArray();
                Assert.True(NetlinkMessage.TryTake(ref datagram, out NetlinkMessage taken));

                var reader = new AttributeReader(taken.Payload, "test");
                AssertRead(ref reader, attributes);
                Assert.True(reader.Read());
                AttributeReader nested = reader.Nested();
                AssertRead(ref nested, attributes);
                Assert.False(nested.Read());
                Assert.False(reader.Read());
                Assert.True(datagram.IsEmpty);
            },
            iter: Damage.Rounds(2_000));

    private static void Write(NetlinkMessageWriter message, (ushort Type, byte[] Value)[] attributes)
    {
        foreach ((ushort type, byte[]? value) in attributes)
        {
            message.Attribute(type, value);
        }
    }

    private static void AssertRead(ref AttributeReader reader, (ushort Type, byte[] Value)[] attributes)
    {
        foreach ((ushort type, byte[]? value) in attributes)
        {
            Assert.True(reader.Read());
            Assert.Equal(type, reader.Type);
            Assert.Equal(value, reader.Value.ToArray());
        }
    }

    [Fact]
    public void The_last_attribute_may_lack_its_padding()
    {
        var reader = new AttributeReader(Bytes.Attribute(6, 7).AsSpan(0, 5), "test");

        Assert.True(reader.Read());
        Assert.Equal(7, reader.Byte());
        Assert.False(reader.Read());
    }

    [Fact]
    public void The_nested_flag_is_no_part_of_the_type()
    {
        var reader = new AttributeReader(Bytes.Attribute(0x8012), "test");

        Assert.True(reader.Read());
        Assert.Equal(0x12, reader.Type);
    }

    [Theory]
    [InlineData("0300 0100")] // shorter than its own header
    [InlineData("0000 0100")] // length 0 would never advance
    [InlineData("0900 0100 01020304")] // longer than what is left
    [InlineData("0400 0100 ff")] // stray bytes
    public void A_length_that_does_not_fit_is_malformed(string hex)
    {
        byte[] bytes = Bytes.FromHex(hex);

        Assert.Throws<NetlinkMalformedException>(() =>
        {
            var reader = new AttributeReader(bytes, "test");
            while (reader.Read())
            {
            }
        });
    }

    [Fact]
    public void A_number_of_another_size_is_malformed()
    {
        byte[] bytes = Bytes.Attribute(1, 1, 2);

        Assert.Throws<NetlinkMalformedException>(() =>
        {
            var reader = new AttributeReader(bytes, "test");
            reader.Read();
            reader.UInt32();
        });
    }

    [Fact]
    public void A_structure_with_more_fields_than_known_is_read()
    {
        var reader = new AttributeReader(Bytes.Attribute(1, 1, 0, 0, 0, 2, 0, 0, 0, 9, 9, 9, 9), "test");
        reader.Read();

        Assert.Equal(new VfSetting(1, 2), reader.Structure<VfSetting>());
    }

    [Fact]
    public void A_structure_with_fewer_fields_is_malformed()
    {
        byte[] bytes = Bytes.Attribute(1, 1, 0, 0, 0, 2, 0, 0);

        Assert.Throws<NetlinkMalformedException>(() =>
        {
            var reader = new AttributeReader(bytes, "test");
            reader.Read();
            reader.Structure<VfSetting>();
        });
    }

    [Fact]
    public void A_payload_shorter_than_its_header_is_malformed() =>
        Assert.Throws<NetlinkMalformedException>(() => new AttributeReader(new byte[3], 4, "test"));

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        byte[] message = new NetlinkMessageWriter(18, NetlinkRequestFlags.Dump)
            .Fixed(new LinkHeader(1, 0, 2, 3, 4, 5))
            .Attribute(1, (byte)9)
            .Attribute(2, "name")
            .Nested(3, nest => nest.Attribute(4, 0x0102030405060708UL).Attribute(5, []))
            .ToArray();
        ReadOnlySpan<byte> datagram = message;

        Assert.True(NetlinkMessage.TryTake(ref datagram, out NetlinkMessage taken));
        Assert.Equal(18, taken.Type);
        Assert.Equal(0x301, (int)taken.Flags);
        Assert.Equal(new LinkHeader(1, 0, 2, 3, 4, 5), LinkHeader.Read(taken.Payload));
        var reader = new AttributeReader(taken.Payload, LinkHeader.Length, "test");
        Assert.True(reader.Read());
        Assert.Equal(9, reader.Byte());
        Assert.True(reader.Read());
        Assert.Equal("name", reader.String());
        Assert.True(reader.Read());
        AttributeReader nested = reader.Nested();
        Assert.True(nested.Read());
        Assert.Equal(0x0102030405060708UL, nested.UInt64());
        Assert.True(nested.Read());
        Assert.True(nested.Value.IsEmpty);
        Assert.False(nested.Read());
        Assert.False(reader.Read());
        Assert.True(datagram.IsEmpty);
    }
}
