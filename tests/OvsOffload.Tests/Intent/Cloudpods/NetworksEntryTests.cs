using OvsOffload.Intent.Cloudpods;

namespace OvsOffload.Tests.Intent.Cloudpods;

public class NetworksEntryTests
{
    /// <summary>Entries with what Cloudpods' own parser makes of them: NIC, bridge, IPv4, IPv6, wire (null for
    /// none).</summary>
    [Theory]
    [InlineData("eth1/br0/192.168.100.111", "eth1", "br0", "192.168.100.111", null, null)]
    [InlineData("eth2/br1/bcast0", "eth2", "br1", null, null, "bcast0")]
    [InlineData("eth0/br0/10.0.0.2/fd00::2", "eth0", "br0", "10.0.0.2", "fd00::2", null)]
    [InlineData("eth0/br0/fd00::2/10.0.0.2", "eth0", "br0", "10.0.0.2", "fd00::2", null)]
    [InlineData("/brlocal/hostlocal", "", "brlocal", null, null, "hostlocal")]
    [InlineData("bond0/br1/wire20g", "bond0", "br1", null, null, "wire20g")]
    [InlineData("bond0.3001/br0/bcast0", "bond0.3001", "br0", null, null, "bcast0")]
    [InlineData("eth0/br0/10.0.0", "eth0", "br0", null, null, "10.0.0")]
    [InlineData("eth0/br0/", "eth0", "br0", null, null, "")]
    [InlineData("eth0/br0/10.0.0.2/24", "eth0", "br0", "10.0.0.2", null, null)]
    [InlineData("eth0/br0/010.0.0.2", "eth0", "br0", null, null, "010.0.0.2")]
    [InlineData("eth0/br0/::ffff:10.0.0.2", "eth0", "br0", null, "::ffff:10.0.0.2", null)]
    [InlineData("eth0/br0/w/x", "eth0", "br0", null, null, "w")]
    [InlineData(" eth0/br0/bcast0", " eth0", "br0", null, null, "bcast0")]
    [InlineData("eth0/br0/256.0.0.1", "eth0", "br0", null, null, "256.0.0.1")]
    [InlineData("eth0/br0/0.0.0.0", "eth0", "br0", "0.0.0.0", null, null)]
    public void An_entry_means_what_it_means_to_Cloudpods(
        string text, string nic, string bridge, string? ip, string? ip6, string? wire)
    {
        NetworksEntry entry = NetworksEntry.Parse(text)!;

        Assert.Equal((nic, bridge, wire), (entry.Nic, entry.Bridge, entry.Wire));
        Assert.Equal((ip, ip6), (entry.Ip?.ToString(), entry.Ip6?.ToString()));
    }

    [Theory]
    [InlineData("eth0/br0")]
    [InlineData("eth0")]
    [InlineData("")]
    public void An_entry_of_fewer_than_three_parts_is_none(string text) => Assert.Null(NetworksEntry.Parse(text));

    [Theory]
    [InlineData("eth0/br0/10.0.0.2/24", "24")]
    [InlineData("eth0/br0/w/x", "x")]
    [InlineData("eth0/br0/fd00::2/fd00::3", "fd00::3")]
    [InlineData("eth0/br0/10.0.0.2/fd00::2", null)]
    public void A_part_that_Cloudpods_ignores_is_reported(string text, string? dropped) =>
        Assert.Equal(dropped, NetworksEntry.Parse(text)!.Dropped);
}
