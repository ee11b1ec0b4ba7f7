using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public sealed class HardwareAddressTests
{
    [Fact]
    public void An_address_is_written_as_the_kernels_tools_write_it()
    {
        var address = new HardwareAddress([0x02, 0xfc, 0, 0, 0, 0x0a]);

        Assert.Equal("02:fc:00:00:00:0a", address.ToString());
        Assert.Equal(6, address.Length);
        Assert.Equal(address, HardwareAddress.Parse("02:FC:00:00:00:0A"));
        Assert.Equal([0x02, 0xfc, 0, 0, 0, 0x0a], address.ToBytes());
    }

    [Fact]
    public void An_InfiniBand_address_has_twenty_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 20).Select(i => (byte)i)];

        Assert.Equal(bytes, HardwareAddress.Parse(new HardwareAddress(bytes).ToString()).ToBytes());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("02:fc:00:00:00")]
    [InlineData("02-fc-00-00-00-01")]
    [InlineData("02:fc:00:00:00:0g")]
    [InlineData("02:fc:00:00:00:01:")]
    [InlineData("2:fc:00:00:00:01")]
    [InlineData(null)]
    public void What_is_no_ethernet_address_is_refused_or_has_another_length(string? text) =>
        Assert.False(HardwareAddress.TryParse(text, out HardwareAddress address) && address.Length == 6);

    [Fact]
    public void Zero_and_absent_are_told_apart_from_a_real_address()
    {
        Assert.True(HardwareAddress.Parse("00:00:00:00:00:00").IsZero);
        Assert.True(default(HardwareAddress).IsZero);
        Assert.Equal(0, default(HardwareAddress).Length);
        Assert.False(HardwareAddress.Parse("00:00:00:00:00:01").IsZero);
    }
}
