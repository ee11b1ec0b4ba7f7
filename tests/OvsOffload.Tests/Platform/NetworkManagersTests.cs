using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class NetworkManagersTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_either_manages_is_named_with_the_line_that_says_so()
    {
        _host.File("/run/NetworkManager/devices/11", "[device]\nmanaged=true\nnm-owned=0\n")
            .File("/run/NetworkManager/devices/12", "[device]\nmanaged=false\n")
            .File("/run/NetworkManager/devices/README", "managed=true\n")
            .File("/run/systemd/netif/links/13", "ADMIN_STATE=configured\nOPER_STATE=routable\n")
            .File("/run/systemd/netif/links/14", "ADMIN_STATE=unmanaged\n");

        IReadOnlyList<ManagedDevice> found = NetworkManagers.Read(_host.Paths).Value;

        Assert.Equal(
        [
            new ManagedDevice("NetworkManager", 11, "/run/NetworkManager/devices/11: managed=true"),
            new ManagedDevice("systemd-networkd", 13, "/run/systemd/netif/links/13: ADMIN_STATE=configured"),
        ], found);
    }

    [Fact]
    public void A_host_without_either_manages_nothing() => Assert.Empty(NetworkManagers.Read(_host.Paths).Value);
}
