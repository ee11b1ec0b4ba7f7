using System.Net;
using OvsOffload.Intent;
using static OvsOffload.Tests.Intent.Configuration.ConfigurationTexts;

namespace OvsOffload.Tests.Intent.Configuration;

public sealed class AddressKindTests
{
    [Theory]
    [InlineData("\"0000:3b:00.0\"", PfReferenceKind.PciAddress, "0000:3b:00.0")]
    [InlineData("0000:03:00.0", PfReferenceKind.PciAddress, "0000:03:00.0")]
    [InlineData("03:00.0", PfReferenceKind.PciAddress, "0000:03:00.0")]
    [InlineData("3B:1f.7", PfReferenceKind.PciAddress, "0000:3b:1f.7")]
    [InlineData("10000:01:00.0", PfReferenceKind.PciAddress, "10000:01:00.0")]
    [InlineData("0C:42:A1:00:00:0A", PfReferenceKind.MacAddress, "0c:42:a1:00:00:0a")]
    [InlineData("00:11:22:33:44:55", PfReferenceKind.MacAddress, "00:11:22:33:44:55")]
    [InlineData("enp59s0f0np0", PfReferenceKind.InterfaceName, "enp59s0f0np0")]
    [InlineData("\"100\"", PfReferenceKind.InterfaceName, "100")]
    [InlineData(
        "an-altname-that-is-longer-than-an-interface-name",
        PfReferenceKind.InterfaceName, "an-altname-that-is-longer-than-an-interface-name")]
    internal void A_pf_is_a_pci_address_a_mac_address_or_a_name(string written, PfReferenceKind kind, string value)
    {
        PfReference pf = Parse($"version: 1\nnics:\n- pf: {written}\n").Nics[0].Pf;

        Assert.Equal((kind, value, written.Trim('"')), (pf.Kind, pf.Value, pf.Written));
    }

    [Theory]
    [InlineData("0000:3b:00.8")]
    [InlineData("0000:3b:20.0")]
    [InlineData("0000:3b:00")]
    [InlineData("0:3:0.0")]
    [InlineData("0000:3g:00.0")]
    [InlineData("0c:42:a1:00:00")]
    public void Text_with_colons_that_is_no_address_gets_a_hint_with_the_format(string written) =>
        Assert.Contains(
            "A PCI address is DOMAIN:BUS:DEVICE.FUNCTION in hexadecimal",
            Error($"version: 1\nnics:\n- pf: {written}\n"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("180.0")]
    [InlineData("21600")]
    public void A_number_in_the_place_of_a_pf_is_explained_as_yamls_reading_of_a_pci_address(string written) =>
        Assert.EndsWith(
            "Put a PCI address in quotes, such as \"0000:03:00.0\": without them some programs read a number",
            Error($"version: 1\nnics:\n- pf: {written}\n"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("03:00:00:00:00:01", "This is a multicast address: the first byte is odd")]
    [InlineData("00:00:00:00:00:00", "All zeros is not an address")]
    [InlineData("02-00-00-00-00-01", "It has six bytes of two hexadecimal digits, with colons between them")]
    [InlineData("random", "It has six bytes of two hexadecimal digits, with colons between them")]
    public void A_mac_address_is_unicast(string mac, string complaint)
    {
        string error = Error(Nic("vfs: 1", $"vf-macs: [\"{mac}\"]"));

        Assert.StartsWith(
            $"c.yaml:5:13: nics[0].vf-macs[0]: found \"{mac}\" in quotes; allowed: a unicast MAC",
            error,
            StringComparison.Ordinal);
        Assert.EndsWith(complaint, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mac_address_stands_in_a_list_once_however_it_is_spelled() =>
        Assert.Equal(
            "c.yaml:5:34: nics[0].vf-macs[1]: duplicate \"02:00:00:00:00:0A\", first at c.yaml:5:13",
            Error(Nic("vfs: 2", "vf-macs: ['02:00:00:00:00:0a', 02:00:00:00:00:0A]"))
                .Replace(" in quotes", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("127.0.0.1:9975", "127.0.0.1")]
    [InlineData("0.0.0.0:9975", "0.0.0.0")]
    [InlineData("[::1]:9975", "::1")]
    [InlineData("[::]:9975", "::")]
    [InlineData(":9975", null)]
    public void A_place_to_listen_is_an_address_and_a_port_or_a_port_alone(string written, string? address) =>
        Assert.Equal(
            new ListenAddress(address is null ? null : IPAddress.Parse(address), 9975),
            Parse(Section("metrics", $"{{ listen: \"{written}\" }}")).Metrics.Listen);

    [Theory]
    [InlineData("9975", "Write a port alone as \":9975\"; it listens on every address")]
    [InlineData("127.0.0.1", "for every address")]
    [InlineData("127.0.0.1:0", "A port is 1 to 65535")]
    [InlineData("127.0.0.1:65536", "A port is 1 to 65535")]
    [InlineData("127.0.0.1:http", "A port is 1 to 65535")]
    [InlineData("localhost:9975", "Host names are not supported; use an address")]
    [InlineData("127.1:9975", "Host names are not supported; use an address")]
    [InlineData("::1:9975", "Use brackets around IPv6 addresses only")]
    [InlineData("[127.0.0.1]:9975", "Use brackets around IPv6 addresses only")]
    [InlineData("[fe80::1%lo]:9975", "Host names are not supported; use an address")]
    public void A_place_to_listen_that_is_none_is_an_error(string written, string complaint)
    {
        string error = Error(Section("metrics", $"{{ listen: \"{written}\" }}"));

        Assert.StartsWith("c.yaml:2:20: metrics.listen: found ", error, StringComparison.Ordinal);
        Assert.EndsWith(complaint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.10")]
    [InlineData("192.0.2.10/0")]
    [InlineData("192.0.2.10/33")]
    [InlineData("192.0.2/24")]
    [InlineData("2001:db8::1/129")]
    [InlineData("br1/24")]
    public void An_interfaces_address_has_a_prefix_length(string address) =>
        Assert.Contains(
            "allowed: an IP address with its prefix length, such as 192.0.2.10/24",
            Error(
                "version: 1\nnics:\n- pf: eth0\nbridges:\n"
                + $"- {{ name: br1, uplink: eth0, addresses: [\"{address}\"] }}\n"),
            StringComparison.Ordinal);
}
