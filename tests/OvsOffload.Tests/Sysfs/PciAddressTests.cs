using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public class PciAddressTests
{
    [Theory]
    [InlineData("0000:3b:00.0")]
    [InlineData("0000:ff:1f.7")]
    [InlineData("10000:e1:00.0")]
    [InlineData("ffffffff:00:00.0")]
    public void What_is_parsed_is_printed_again(string text) => Assert.Equal(text, PciAddress.Parse(text).ToString());

    [Fact]
    public void Letter_case_does_not_matter() =>
        Assert.Equal(PciAddress.Parse("0000:3b:00.0"), PciAddress.Parse("0000:3B:00.0"));

    [Theory]
    [InlineData("")]
    [InlineData("3b:00.0")]
    [InlineData("000:3b:00.0")]
    [InlineData("0000:3b:20.0")]
    [InlineData("0000:3b:00.8")]
    [InlineData("0000:3b:00.00")]
    [InlineData("0000:3b:00:0")]
    [InlineData("0000-3b:00.0")]
    [InlineData("0000: b:00.0")]
    [InlineData("000g:3b:00.0")]
    [InlineData("123456789:3b:00.0")]
    [InlineData("0000:3b:00.0 ")]
    [InlineData(null)]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(PciAddress.TryParse(text, out _));
        Assert.Contains("0000:3b:00.0", Assert.Throws<FormatException>(() => PciAddress.Parse(text!)).Message);
    }

    [Fact]
    public void An_address_cut_anywhere_is_refused()
    {
        const string Whole = "0000:3b:00.0";
        for (int length = 0; length < Whole.Length; length++)
        {
            Assert.False(PciAddress.TryParse(Whole[..length], out _));
        }
    }

    [Fact]
    public void Addresses_order_as_numbers()
    {
        string[] ordered =
            ["0000:02:00.1", "0000:02:0f.0", "0000:02:10.0", "0000:10:00.0", "ffff:00:00.0", "10000:00:00.0"];

        Assert.Equal(ordered, ordered.Reverse().Select(PciAddress.Parse).Order().Select(address => address.ToString()));
    }
}
