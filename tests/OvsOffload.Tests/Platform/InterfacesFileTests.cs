using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class InterfacesFileTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Devices_of_all_files_are_named_with_their_line()
    {
        _host.File("/etc/network/interfaces", "# auto eth9\nauto lo eno1\n\nsource interfaces.d/*\n")
            .File("/etc/network/interfaces.d/vf", "  iface enp59s0f0npf0vf1 inet dhcp\n    mtu 9000\n");

        Assert.Equal(
        [
            new InterfacesEntry("/etc/network/interfaces", "auto lo eno1", "lo"),
            new InterfacesEntry("/etc/network/interfaces", "auto lo eno1", "eno1"),
            new InterfacesEntry(
                "/etc/network/interfaces.d/vf", "iface enp59s0f0npf0vf1 inet dhcp", "enp59s0f0npf0vf1"),
        ], InterfacesFile.Read(_host.Paths).Value);
    }

    [Fact]
    public void A_host_without_ifupdown_has_no_entry() => Assert.Empty(InterfacesFile.Read(_host.Paths).Value);
}
